#pragma once

#include <cstddef>
#include <cstdint>

#include "core/base/byte_reader.h"
#include "sluice/media_types.h"
#include "sluice/result.h"

/// Redundant audio, RFC 2198: a packet carries earlier ones once more, in front of its own block, the primary.
namespace sluice {

enum class RedError : std::uint8_t {
  truncated,        ///< a header or a block runs past the end
  too_many_blocks,  ///< more than kMaxRedBlocks
  no_primary        ///< nothing is left for the block that the packet is sent for
};

/// With the primary. Browsers send two, and can be told to send ten.
inline constexpr std::size_t kMaxRedBlocks = 16;
inline constexpr std::size_t kRedHeaderSize = 4;

/// Where the parts of a payload are. The header of block `i` begins at `i * kRedHeaderSize`; the primary is the last.
struct RedLayout {
  std::size_t blocks = 0;      ///< with the primary; at least 1
  std::size_t primary_at = 0;  ///< where the data of the primary begins; they go to the end
};

[[nodiscard]] Result<RedLayout, RedError> read_red(Bytes payload) noexcept;

/// Whether it can be read and every block of it is of this payload type.
[[nodiscard]] bool is_red_of(PayloadType payload_type, Bytes payload) noexcept;

/// The primary block alone: what the packet would be without redundancy. Empty where the payload cannot be read.
[[nodiscard]] Bytes strip_red(Bytes payload) noexcept;

/// Gives every block this payload type, in place. What cannot be read stays as it is.
void set_red_payload_type(MutableBytes payload, PayloadType payload_type) noexcept;

}  // namespace sluice
