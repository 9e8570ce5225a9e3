#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/base/byte_reader.h"
#include "sluice/media_types.h"

/// What the generator puts into its packets: a payload header that servers understand, a filler that can be checked,
/// and a stamp at the very end, where no rewriting of payload headers reaches.
namespace sluice::load {

/// Says which packet this is, and when it was sent.
struct PacketStamp {
  std::uint32_t source = 0;  ///< index in the SourceTable
  std::uint64_t number = 0;  ///< of the source's packets, from 0, without gaps
  std::int64_t sent_ns = 0;  ///< CLOCK_MONOTONIC
  friend bool operator==(const PacketStamp&, const PacketStamp&) = default;
};

inline constexpr std::size_t kStampSize = 24;

/// Where in its frame a packet of video stands.
struct VideoPosition {
  std::uint16_t picture_id = 0;  ///< 15 bits
  bool key_frame = false;
  bool first_of_frame = false;
};

/// Payload descriptor with a picture id of 15 bits (RFC 7741 section 4.2), then, in a frame's first packet, the frame
/// header of RFC 6386 section 9.1. `payload` has at least kMinPayload bytes.
void write_vp8_header(MutableBytes payload, const VideoPosition& position) noexcept;
/// A TOC byte, RFC 6716 section 3.1.
void write_opus_header(MutableBytes payload) noexcept;

/// Everything that neither header nor stamp cover. The same bytes for all packets of a source: written once.
void write_filler(MutableBytes payload, std::uint32_t source) noexcept;
[[nodiscard]] bool filler_is_intact(Bytes payload, std::uint32_t source) noexcept;

void write_stamp(MutableBytes payload, const PacketStamp& stamp) noexcept;
/// Nothing where the payload carries none.
[[nodiscard]] std::optional<PacketStamp> read_stamp(Bytes payload) noexcept;

}  // namespace sluice::load
