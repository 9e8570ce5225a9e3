#include "vp9_depacketizer.h"

#include <algorithm>

#include "vp9_header.h"

namespace sluice::media {
namespace {

enum Flag : std::uint8_t {
  kPictureId = 0x80,     // I
  kPredicted = 0x40,     // P: by pictures before this one
  kLayerIndices = 0x20,  // L
  kFlexible = 0x10,      // F
  kBegins = 0x08,        // B: first packet of the layer's frame
  kEnds = 0x04,          // E
  kStructure = 0x02      // V
};

constexpr int kMaxReferences = 3;
constexpr int kGofReferences = 0x0c;  // R, in a picture of a group

//  |M| PICTURE ID  | 15 bits when M
void skip_picture_id(ByteReader& in) noexcept {
  if ((in.u8() & 0x80) != 0) in.skip(1);
}

//  | TID |U| SID |D|
//  |   TL0PICIDX   | in non-flexible mode
int read_spatial_layer(ByteReader& in, bool flexible) noexcept {
  const std::uint8_t octet = in.u8();
  if (!flexible) in.skip(1);
  return octet >> 1 & 0x07;
}

//  |   P_DIFF    |N| up to three times, while N is set
void skip_references(ByteReader& in) noexcept {
  for (int i = 0; i < kMaxReferences && (in.u8() & 0x01) != 0; ++i) continue;
}

// The pictures of a group:
//  | N_G |, then N_G times | TID |U| R |-|-| and R times | P_DIFF |
void skip_group(ByteReader& in) noexcept {
  const std::uint8_t pictures = in.u8();
  for (std::uint8_t i = 0; i < pictures && !in.failed(); ++i) in.skip((in.u8() & kGofReferences) >> 2);
}

// VP9 bitstream specification, annex B: the index of a superframe, little endian.
//  | 110 | bytes of a size - 1: 2 | frames - 1: 3 | sizes | the first octet again |
void append_index(const std::vector<std::size_t>& sizes, std::vector<std::uint8_t>& frame) {
  std::size_t width = 1;
  for (std::size_t largest = *std::ranges::max_element(sizes); largest > 0xff; largest >>= 8) ++width;
  const auto octet = static_cast<std::uint8_t>(0xc0 | (width - 1) << 3 | (sizes.size() - 1));
  frame.push_back(octet);
  for (const std::size_t size : sizes)
    for (std::size_t i = 0; i < width; ++i) frame.push_back(static_cast<std::uint8_t>(size >> 8 * i));
  frame.push_back(octet);
}

}  // namespace

// RFC 9628 section 4.2, the payload descriptor:
//   0 1 2 3 4 5 6 7
//  +-+-+-+-+-+-+-+-+
//  |I|P|L|F|B|E|V|Z|
//  +-+-+-+-+-+-+-+-+
//  |  picture id   | when I
//  |     layer     | when L
//  |  references   | when F and P
//  |   structure   | when V
Added Vp9Depacketizer::add(Bytes payload, std::vector<std::uint8_t>& frame) {
  ByteReader in{payload};
  const std::uint8_t flags = in.u8();
  const bool flexible = (flags & kFlexible) != 0;
  const bool predicted = (flags & kPredicted) != 0;
  if ((flags & kPictureId) != 0) skip_picture_id(in);
  const int spatial = (flags & kLayerIndices) != 0 ? read_spatial_layer(in, flexible) : 0;
  if (flexible && predicted) skip_references(in);
  if ((flags & kStructure) != 0 && !read_structure(in)) return Added::malformed;
  if (in.failed() || in.remaining() == 0) return Added::malformed;

  const bool begins = (flags & kBegins) != 0;
  if (begins == picture_.in_frame) return Added::misplaced;  // a frame without begin, or without end
  if (begins && !begin_layer(predicted, spatial, frame.size())) return Added::misplaced;
  if (spatial != picture_.top) return Added::misplaced;
  picture_.in_frame = (flags & kEnds) == 0;
  const Bytes part = in.rest();
  frame.insert(frame.end(), part.begin(), part.end());
  return Added::yes;
}

FinishedFrame Vp9Depacketizer::finish(std::vector<std::uint8_t>& frame) {
  if (picture_.in_frame || picture_.layers == 0) return {};
  const Bytes lowest = Bytes{frame}.first(picture_.layers > 1 ? picture_.begins[1] : frame.size());
  const auto lowest_size = picture_.independent ? read_vp9_key_frame(lowest) : std::nullopt;
  FinishedFrame finished{.verdict = Verdict::frame, .key_frame = lowest_size.has_value(), .size = lowest_size};
  const Size told = structure_.sizes[static_cast<std::size_t>(picture_.top)];
  if (finished.key_frame && told != Size{}) finished.size = told;
  if (picture_.layers == 1) return finished;

  std::vector<std::size_t> sizes;
  for (std::size_t i = 0; i < picture_.layers; ++i) {
    const std::size_t end = i + 1 < picture_.layers ? picture_.begins[i + 1] : frame.size();
    sizes.push_back(end - picture_.begins[i]);
  }
  append_index(sizes, frame);
  return finished;
}

bool Vp9Depacketizer::begin_layer(bool predicted, int spatial, std::size_t at) {
  if (spatial <= picture_.top) return false;
  if (picture_.layers == 0) picture_.independent = !predicted && spatial == 0;
  picture_.begins[picture_.layers++] = at;
  picture_.top = spatial;
  return true;
}

// RFC 9628 section 4.2.1, the scalability structure:
//  | N_S |Y|G|-|-|-|
//  | width: 16 | height: 16 | of each layer, when Y
//  |     group     | when G
bool Vp9Depacketizer::read_structure(ByteReader& in) {
  const std::uint8_t octet = in.u8();
  const std::size_t layers = static_cast<std::size_t>(octet >> 5) + 1;
  Structure structure;
  if ((octet & 0x10) != 0) {
    for (Size& size : std::span{structure.sizes}.first(layers)) {
      size.width = in.u16();
      size.height = in.u16();
      if (size.width == 0 || size.height == 0) return false;
    }
  }
  if ((octet & 0x08) != 0) skip_group(in);
  if (in.failed()) return false;
  structure_ = structure;
  return true;
}

}  // namespace sluice::media
