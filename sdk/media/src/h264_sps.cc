#include "h264_sps.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include "bit_reader.h"

namespace sluice::media {
namespace {

constexpr std::size_t kReadBytes = 256;  ///< of a set; the sizes stand far before
constexpr std::uint32_t kMaxSpsId = 31;
constexpr std::uint32_t kMaxPpsId = 255;
constexpr std::uint32_t kMaxMacroblocks = 1'024;  ///< in a row or column: 16384 pixels
constexpr std::uint32_t kMaxOrderCycle = 255;

// What follows the NAL header, without the emulation prevention bytes (ITU-T H.264 section 7.4.1).
std::vector<std::uint8_t> raw_payload(Bytes nal) {
  std::vector<std::uint8_t> raw;
  std::size_t zeros = 0;
  for (const std::uint8_t byte :
       nal.first(std::min(nal.size(), kReadBytes)).subspan(std::min<std::size_t>(nal.size(), 1))) {
    if (zeros >= 2 && byte == 3) {
      zeros = 0;
      continue;
    }
    zeros = byte == 0 ? zeros + 1 : 0;
    raw.push_back(byte);
  }
  return raw;
}

// Section 7.3.2.1.1.1.
void skip_scaling_list(BitReader& in, int count) noexcept {
  std::int32_t last = 8;
  std::int32_t next = 8;
  for (int i = 0; i < count && !in.failed(); ++i) {
    if (next != 0) next = (last + in.signed_exp_golomb() % 256 + 256) % 256;
    if (next != 0) last = next;
  }
}

bool has_chroma_format(std::uint32_t profile) noexcept {
  constexpr std::array<std::uint32_t, 13> kProfiles{100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135};
  return std::ranges::find(kProfiles, profile) != kProfiles.end();
}

struct Chroma {
  std::uint32_t format = 1;  // 0: none, 1: 4:2:0, 2: 4:2:2, 3: 4:4:4
  bool separate_planes = false;
};

//  | chroma_format_idc | separate_colour_plane when 3 | bit depths: 2 | bypass | scaling lists |
Chroma read_chroma(BitReader& in) noexcept {
  Chroma chroma{.format = in.exp_golomb()};
  if (chroma.format == 3) chroma.separate_planes = in.flag();
  in.exp_golomb();
  in.exp_golomb();
  in.skip(1);
  if (!in.flag()) return chroma;
  const int lists = chroma.format == 3 ? 12 : 8;
  for (int i = 0; i < lists; ++i)
    if (in.flag()) skip_scaling_list(in, i < 6 ? 16 : 64);
  return chroma;
}

//  | log2_max_frame_num | pic_order_cnt_type | of type 0: log2_max | of type 1: offsets |
void skip_picture_order(BitReader& in) noexcept {
  in.exp_golomb();
  const std::uint32_t type = in.exp_golomb();
  if (type == 0) in.exp_golomb();
  if (type != 1) return;
  in.skip(1);
  in.signed_exp_golomb();
  in.signed_exp_golomb();
  const std::uint32_t cycle = std::min(in.exp_golomb(), kMaxOrderCycle);
  for (std::uint32_t i = 0; i < cycle && !in.failed(); ++i) in.signed_exp_golomb();
}

struct Crop {
  std::int64_t left = 0, right = 0, top = 0, bottom = 0;
};

Crop read_crop(BitReader& in) noexcept {
  if (!in.flag()) return {};
  Crop crop;
  crop.left = in.exp_golomb();
  crop.right = in.exp_golomb();
  crop.top = in.exp_golomb();
  crop.bottom = in.exp_golomb();
  return crop;
}

//  | width in macroblocks - 1 | height in map units - 1 | frames only | field adaptive, else | direct 8x8 | cropping |
std::optional<Size> read_size(BitReader& in, const Chroma& chroma) noexcept {
  const std::uint32_t columns = in.exp_golomb();
  const std::uint32_t map_units = in.exp_golomb();
  if (columns >= kMaxMacroblocks || map_units >= kMaxMacroblocks) return std::nullopt;
  const bool frames_only = in.flag();
  if (!frames_only) in.skip(1);
  in.skip(1);
  const Crop crop = read_crop(in);
  if (in.failed()) return std::nullopt;

  // Section 7.4.2.1.1, the units of cropping.
  const bool planar = chroma.separate_planes || chroma.format == 0;
  const std::int64_t fields = frames_only ? 1 : 2;
  const int unit_x = !planar && chroma.format < 3 ? 2 : 1;
  const std::int64_t unit_y = (!planar && chroma.format == 1 ? 2 : 1) * fields;
  const std::int64_t width = (columns + 1) * 16 - unit_x * (crop.left + crop.right);
  const std::int64_t height = std::int64_t{map_units + 1} * 16 * fields - unit_y * (crop.top + crop.bottom);
  if (width <= 0 || height <= 0) return std::nullopt;
  return Size{static_cast<int>(width), static_cast<int>(height)};
}

}  // namespace

// ITU-T H.264 section 7.3.2.1.1:
//  | NAL: 8 | profile_idc: 8 | constraints: 8 | level_idc: 8 | id: ue | chroma | picture order | references | size |
std::optional<H264Sps> read_h264_sps(Bytes nal) {
  const auto raw = raw_payload(nal);
  BitReader in{raw};
  const std::uint32_t profile = in.bits(8);
  in.skip(16);
  H264Sps sps{.id = in.exp_golomb(), .size = {}};
  const Chroma chroma = has_chroma_format(profile) ? read_chroma(in) : Chroma{};
  skip_picture_order(in);
  in.exp_golomb();
  in.skip(1);
  const auto size = read_size(in, chroma);
  if (!size || sps.id > kMaxSpsId || chroma.format > 3) return std::nullopt;
  sps.size = *size;
  return sps;
}

// Section 7.3.2.2: | NAL: 8 | id: ue | ...
std::optional<std::uint32_t> read_h264_pps_id(Bytes nal) {
  const auto raw = raw_payload(nal);
  BitReader in{raw};
  const std::uint32_t id = in.exp_golomb();
  if (in.failed() || id > kMaxPpsId) return std::nullopt;
  return id;
}

}  // namespace sluice::media
