#include "vp8_depacketizer.h"

namespace sluice::media {
namespace {

enum Flag : std::uint8_t {
  kExtended = 0x80,       // X
  kStarts = 0x10,         // S: of a partition
  kPartition = 0x07,      // PID
  kPictureId = 0x80,      // I
  kTl0PicIdx = 0x40,      // L
  kTemporalOrKey = 0x30,  // T, K
  kLongPictureId = 0x80,  // M
  kInterFrame = 0x01      // P of the frame's header
};

// RFC 7741 section 4.2:
//  |I|L|T|K| RSV   |
//  |M| PictureID   | when I, 15 bits when M
//  |   TL0PICIDX   | when L
//  |TID|Y| KEYIDX  | when T or K
void skip_extension(ByteReader& in) noexcept {
  const std::uint8_t flags = in.u8();
  if ((flags & kPictureId) != 0 && (in.u8() & kLongPictureId) != 0) in.skip(1);
  if ((flags & kTl0PicIdx) != 0) in.skip(1);
  if ((flags & kTemporalOrKey) != 0) in.skip(1);
}

// RFC 6386 section 9.1, little endian:
//  |     size of the first partition, show, version, P = 0: 24 bits     |
//  |  start code 9d 01 2a  | scale: 2 | width: 14 | scale: 2 | height: 14 |
std::optional<Size> read_key_frame_size(Bytes frame) noexcept {
  ByteReader in{frame};
  in.skip(3);
  const bool starts = in.u8() == 0x9d && in.u8() == 0x01 && in.u8() == 0x2a;
  int width = in.u8();
  width |= (in.u8() & 0x3f) << 8;
  int height = in.u8();
  height |= (in.u8() & 0x3f) << 8;
  if (in.failed() || !starts || width == 0 || height == 0) return std::nullopt;
  return Size{width, height};
}

}  // namespace

// RFC 7741 section 4.2, the payload descriptor:
//   0 1 2 3 4 5 6 7
//  +-+-+-+-+-+-+-+-+
//  |X|R|N|S|R| PID |
//  +-+-+-+-+-+-+-+-+
//  |   extension   | when X
Added Vp8Depacketizer::add(Bytes payload, std::vector<std::uint8_t>& frame) {
  ByteReader in{payload};
  const std::uint8_t first = in.u8();
  if ((first & kExtended) != 0) skip_extension(in);
  if (in.failed() || in.remaining() == 0) return Added::malformed;

  const bool begins = (first & kStarts) != 0 && (first & kPartition) == 0;
  if (begins == begun_) return Added::misplaced;  // the beginning is missing, or comes twice
  begun_ = true;
  const Bytes part = in.rest();
  frame.insert(frame.end(), part.begin(), part.end());
  return Added::yes;
}

FinishedFrame Vp8Depacketizer::finish(std::vector<std::uint8_t>& frame) {
  if (!begun_) return {};
  if ((frame.front() & kInterFrame) != 0) return {.verdict = Verdict::frame};
  const auto size = read_key_frame_size(frame);
  if (!size) return {};
  return {.verdict = Verdict::frame, .key_frame = true, .size = size};
}

}  // namespace sluice::media
