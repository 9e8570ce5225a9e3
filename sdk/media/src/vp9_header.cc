#include "vp9_header.h"

#include <cstdint>

#include "bit_reader.h"

namespace sluice::media {
namespace {

constexpr std::uint32_t kFrameMarker = 2;
constexpr std::uint32_t kSyncCode = 0x498342;
constexpr std::uint32_t kRgb = 7;  // of color_space

//  | ten or twelve: 1, profiles 2 and 3 | color space: 3 | range: 1 | subsampling: 3, profiles 1 and 3 |
void skip_color(BitReader& in, std::uint32_t profile) noexcept {
  const bool any_subsampling = (profile & 1) != 0;
  if (profile >= 2) in.skip(1);
  if (in.bits(3) == kRgb) {
    in.skip(any_subsampling ? 1 : 0);
    return;
  }
  in.skip(1);
  in.skip(any_subsampling ? 3 : 0);
}

}  // namespace

// VP9 bitstream specification section 6.2:
//  | marker: 2 | profile: 2, low bit first | reserved: 1, profile 3 | show existing: 1 | not key: 1 | show: 1 |
//  | error resilient: 1 | sync code: 24 | color | width - 1: 16 | height - 1: 16 |
std::optional<Size> read_vp9_key_frame(Bytes frame) noexcept {
  BitReader in{frame};
  if (in.bits(2) != kFrameMarker) return std::nullopt;
  const std::uint32_t low = in.bits(1);
  const std::uint32_t profile = in.bits(1) << 1 | low;
  if (profile == 3) in.skip(1);
  const bool shows_existing = in.flag();
  const bool inter = in.flag();
  if (shows_existing || inter) return std::nullopt;
  in.skip(2);
  if (in.bits(24) != kSyncCode) return std::nullopt;
  skip_color(in, profile);
  const int width = static_cast<int>(in.bits(16)) + 1;
  const int height = static_cast<int>(in.bits(16)) + 1;
  if (in.failed()) return std::nullopt;
  return Size{width, height};
}

}  // namespace sluice::media
