#include "core/media/rtp/vp9_payload.h"

namespace sluice {

// RFC 9628 section 4.2, the payload descriptor:
//   0 1 2 3 4 5 6 7
//  +-+-+-+-+-+-+-+-+
//  |I|P|L|F|B|E|V|Z|
//  +-+-+-+-+-+-+-+-+
//  |M| PICTURE ID  | when I; 15 bits when M
//  +-+-+-+-+-+-+-+-+
//  | TID |U| SID |D| when L
//  +-+-+-+-+-+-+-+-+
// P: inter-picture predicted. B: first packet of a layer's frame.
bool vp9_starts_keyframe(Bytes payload) noexcept {
  ByteReader in{payload};
  const std::uint8_t first = in.u8();
  const bool predicted = (first & 0x40) != 0;
  const bool starts_frame = (first & 0x08) != 0;
  if (in.failed() || predicted || !starts_frame) return false;

  if ((first & 0x80) != 0 && (in.u8() & 0x80) != 0) in.skip(1);
  const std::uint8_t layer = (first & 0x20) != 0 ? in.u8() : 0;
  const std::uint8_t spatial_layer = layer >> 1 & 0x07;
  // The upper layers of a key picture have P = 0 too, but are predicted from the lower ones.
  return !in.failed() && spatial_layer == 0 && in.remaining() > 0;
}

}  // namespace sluice
