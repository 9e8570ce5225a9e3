#include "core/media/rtp/red.h"

namespace sluice {
namespace {

constexpr std::uint8_t kFollowed = 0x80;  // F: another header follows
constexpr std::uint8_t kPayloadTypeMask = 0x7f;

}  // namespace

// RFC 2198 section 3. Of each redundant block, and of the primary:
//   0                   1                    2                   3
//   0 1 2 3 4 5 6 7 8 9 0 1 2 3  4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |1|  block PT   |  timestamp offset (14)    | block length (10) |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |0|  block PT   |
//  +-+-+-+-+-+-+-+-+
// Then the data, in the same order.
Result<RedLayout, RedError> read_red(Bytes payload) noexcept {
  constexpr std::uint32_t kLengthMask = 0x3ff;
  ByteReader in{payload};
  std::size_t redundant_bytes = 0;
  for (std::size_t blocks = 1; blocks <= kMaxRedBlocks; ++blocks) {
    const std::size_t at = (blocks - 1) * kRedHeaderSize;
    if (at >= payload.size()) return RedError::truncated;
    if ((payload[at] & kFollowed) == 0) {
      const std::size_t primary_at = at + 1 + redundant_bytes;
      if (primary_at > payload.size()) return RedError::truncated;
      if (primary_at == payload.size()) return RedError::no_primary;
      return RedLayout{.blocks = blocks, .primary_at = primary_at};
    }
    redundant_bytes += in.u32() & kLengthMask;
    if (in.failed()) return RedError::truncated;
  }
  return RedError::too_many_blocks;
}

bool is_red_of(PayloadType payload_type, Bytes payload) noexcept {
  const auto layout = read_red(payload);
  if (!layout) return false;
  for (std::size_t i = 0; i < layout->blocks; ++i) {
    if ((payload[i * kRedHeaderSize] & kPayloadTypeMask) != payload_type.value()) return false;
  }
  return true;
}

Bytes strip_red(Bytes payload) noexcept {
  const auto layout = read_red(payload);
  return layout ? payload.subspan(layout->primary_at) : Bytes{};
}

void set_red_payload_type(MutableBytes payload, PayloadType payload_type) noexcept {
  const auto layout = read_red(payload);
  if (!layout) return;
  for (std::size_t i = 0; i < layout->blocks; ++i) {
    std::uint8_t& first = payload[i * kRedHeaderSize];
    first = static_cast<std::uint8_t>((first & kFollowed) | (payload_type.value() & kPayloadTypeMask));
  }
}

}  // namespace sluice
