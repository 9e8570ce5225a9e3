#include "core/media/layers/vp9_layers.h"

#include <algorithm>

namespace sluice {
namespace {

enum Flag : std::uint8_t {
  kPictureId = 0x80,         // I
  kPredicted = 0x40,         // P: by pictures before this one
  kLayerIndices = 0x20,      // L
  kFlexible = 0x10,          // F
  kBegins = 0x08,            // B: first packet of the layer's frame
  kEnds = 0x04,              // E
  kStructure = 0x02,         // V
  kNotForUpperLayers = 0x01  // Z
};

constexpr int kMaxReferences = 3;

//  |M| PICTURE ID  | 15 bits when M
void read_picture_id(ByteReader& in, PictureNumbers& pictures) noexcept {
  const std::uint8_t first = in.u8();
  pictures.id_at = 1;
  pictures.long_id = (first & 0x80) != 0;
  pictures.id = first & 0x7f;
  if (pictures.long_id) pictures.id = static_cast<std::uint16_t>(pictures.id << 8 | in.u8());
}

//  | TID |U| SID |D|
//  |   TL0PICIDX   | in non-flexible mode
void read_layer(ByteReader& in, std::uint8_t flags, PacketLayers& layers) noexcept {
  const std::uint8_t octet = in.u8();
  layers.temporal = octet >> 5;
  layers.spatial = octet >> 1 & 0x07;
  if ((octet & 0x10) != 0) layers.switches_temporal_to = kTopLayer;
  if ((flags & kFlexible) != 0) return;
  std::uint8_t at = 2;
  if (layers.pictures.id_at != 0) at = layers.pictures.long_id ? 4 : 3;
  layers.pictures.tl0_at = at;
  layers.pictures.tl0_index = in.u8();
}

//  |   P_DIFF    |N| up to three times, while N is set
void skip_references(ByteReader& in) noexcept {
  for (int i = 0; i < kMaxReferences && (in.u8() & 0x01) != 0; ++i) continue;
}

// The first octet of the scalability structure: | N_S |Y|G|-|-|-|. What follows of it is not needed.
std::uint8_t read_layer_count(ByteReader& in) noexcept { return static_cast<std::uint8_t>((in.u8() >> 5) + 1); }

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
PacketLayers Vp9Layers::read(Bytes payload, bool marker) noexcept {
  ByteReader in{payload};
  const std::uint8_t flags = in.u8();
  PacketLayers layers{.ends_picture = marker};
  if ((flags & kPictureId) != 0) read_picture_id(in, layers.pictures);
  if ((flags & kLayerIndices) != 0) read_layer(in, flags, layers);
  if ((flags & kFlexible) != 0 && (flags & kPredicted) != 0) skip_references(in);
  const bool told = (flags & kStructure) != 0;
  const std::uint8_t layer_count = told ? read_layer_count(in) : spatial_layers_;
  if (in.failed() || in.remaining() == 0) return {.ends_frame = marker, .ends_picture = marker};

  spatial_layers_ = std::max(layer_count, static_cast<std::uint8_t>(layers.spatial + 1));
  layers.spatial_layers = spatial_layers_;
  layers.begins_frame = (flags & kBegins) != 0;
  layers.ends_frame = (flags & kEnds) != 0;
  layers.used_by_upper_spatial = (flags & kNotForUpperLayers) == 0;
  // The upper layers of a key picture have P = 0, too, but are predicted from the lower ones.
  layers.keyframe = layers.begins_frame && (flags & kPredicted) == 0 && layers.spatial == 0;
  if (layers.keyframe) layers.switches_spatial_to = layers.switches_temporal_to = kTopLayer;
  return layers;
}

}  // namespace sluice
