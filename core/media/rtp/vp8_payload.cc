#include "core/media/rtp/vp8_payload.h"

namespace sluice {

// RFC 7741 section 4.2, the payload descriptor:
//   0 1 2 3 4 5 6 7
//  +-+-+-+-+-+-+-+-+
//  |X|R|N|S|R| PID |
//  +-+-+-+-+-+-+-+-+
//  |I|L|T|K| RSV   | when X
//  +-+-+-+-+-+-+-+-+
//  |M| PictureID   | when I; 15 bits when M
//  +-+-+-+-+-+-+-+-+
//  |   TL0PICIDX   | when L
//  +-+-+-+-+-+-+-+-+
//  |TID|Y| KEYIDX  | when T or K
//  +-+-+-+-+-+-+-+-+
// and section 4.3, the first octet of the frame: |Size0|H| VER |P|, P = 0 in a key frame.
bool vp8_starts_keyframe(Bytes payload) noexcept {
  ByteReader in{payload};
  const std::uint8_t first = in.u8();
  const bool starts_first_partition = (first & 0x10) != 0 && (first & 0x07) == 0;
  if (!starts_first_partition) return false;  // only there does the frame header stand

  if ((first & 0x80) != 0) {
    const std::uint8_t present = in.u8();
    if ((present & 0x80) != 0 && (in.u8() & 0x80) != 0) in.skip(1);
    if ((present & 0x40) != 0) in.skip(1);
    if ((present & 0x30) != 0) in.skip(1);
  }
  const std::uint8_t frame = in.u8();
  return !in.failed() && (frame & 0x01) == 0;
}

}  // namespace sluice
