#include "core/media/layers/vp8_layers.h"

namespace sluice {
namespace {

struct Descriptor {
  PictureNumbers pictures;
  std::uint8_t temporal = 0;
  bool layer_sync = false;
};

//  |I|L|T|K| RSV   | when X
//  |M| PictureID   | when I; 15 bits when M
//  |   TL0PICIDX   | when L
//  |TID|Y| KEYIDX  | when T or K; TID and Y mean something when T
Descriptor read_extension(ByteReader& in) noexcept {
  constexpr std::uint8_t kExtensionEnd = 2;  // the first octet and this one stand before
  Descriptor found;
  const std::uint8_t present = in.u8();
  std::uint8_t at = kExtensionEnd;
  if ((present & 0x80) != 0) {
    const std::uint8_t first = in.u8();
    found.pictures.long_id = (first & 0x80) != 0;
    found.pictures.id_at = at;
    found.pictures.id = first & 0x7f;
    if (found.pictures.long_id) found.pictures.id = static_cast<std::uint16_t>(found.pictures.id << 8 | in.u8());
    at = static_cast<std::uint8_t>(at + (found.pictures.long_id ? 2 : 1));
  }
  if ((present & 0x40) != 0) {
    found.pictures.tl0_at = at;
    found.pictures.tl0_index = in.u8();
  }
  if ((present & 0x30) != 0) {
    const std::uint8_t layer = in.u8();
    if ((present & 0x20) != 0) {
      found.temporal = layer >> 6;
      found.layer_sync = (layer & 0x20) != 0;
    }
  }
  found.pictures.consecutive = true;
  return found;
}

}  // namespace

// RFC 7741 section 4.2, the payload descriptor:
//   0 1 2 3 4 5 6 7
//  +-+-+-+-+-+-+-+-+
//  |X|R|N|S|R| PID |
//  +-+-+-+-+-+-+-+-+
//  | the extension | when X
//  +-+-+-+-+-+-+-+-+
// and section 4.3, the first octet of the frame: |Size0|H| VER |P|, P = 0 in a key frame. It stands only where S = 1
// and PID = 0.
PacketLayers Vp8Layers::read(Bytes payload, bool marker) const noexcept {
  ByteReader in{payload};
  const std::uint8_t first = in.u8();
  const Descriptor descriptor = (first & 0x80) != 0 ? read_extension(in) : Descriptor{};

  PacketLayers layers{.ends_frame = marker, .ends_picture = marker};
  if (in.failed()) return layers;
  layers.temporal = descriptor.temporal;
  layers.pictures = descriptor.pictures;
  layers.begins_frame = (first & 0x10) != 0 && (first & 0x07) == 0;
  const std::uint8_t frame = in.u8();
  layers.keyframe = layers.begins_frame && !in.failed() && (frame & 0x01) == 0;
  layers.needs_base_only = descriptor.layer_sync;
  if (layers.keyframe) layers.switches_temporal_to = kTopLayer;
  return layers;
}

}  // namespace sluice
