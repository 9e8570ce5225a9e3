#include "tests/load/test_payload.h"

#include "core/base/byte_writer.h"

namespace sluice::load {
namespace {

constexpr std::uint32_t kMagic = 0x51'0a'd7'e5;
constexpr std::size_t kFillerAt = 16;  // behind the longest header
constexpr std::uint16_t kWidth = 640;
constexpr std::uint16_t kHeight = 480;

std::uint8_t filler_at(std::size_t index, std::uint32_t source) noexcept {
  return static_cast<std::uint8_t>(index * 131 + source * 17 + 5);
}

}  // namespace

//       0 1 2 3 4 5 6 7                      RFC 7741 section 4.2
//      |X|R|N|S|R| PID |  X: one, S: this packet begins the partition
//      |I|L|T|K|  RSV  |  I: one
//      |M| PictureID   |  M: one, 15 bits
//      |   PictureID   |
//      |Size0|H| VER |P|  first packet only, RFC 7741 section 4.3; P: not a key frame
//      |    Size1, Size2: two bytes        |
//      |  9d 01 2a, width, height          |  of a key frame, RFC 6386 section 9.1
void write_vp8_header(MutableBytes payload, const VideoPosition& position) noexcept {
  ByteWriter out{payload.first(kFillerAt)};
  out.u8(position.first_of_frame ? 0x90 : 0x80);
  out.u8(0x80);
  out.u16(static_cast<std::uint16_t>(0x8000 | position.picture_id));
  if (!position.first_of_frame) return;
  out.u8(position.key_frame ? 0x10 : 0x11);
  out.u16(0);
  if (!position.key_frame) return;
  out.u8(0x9d);
  out.u8(0x01);
  out.u8(0x2a);
  out.u8(kWidth & 0xff);  // little-endian
  out.u8(kWidth >> 8);
  out.u8(kHeight & 0xff);
  out.u8(kHeight >> 8);
}

void write_opus_header(MutableBytes payload) noexcept {
  payload[0] = 0x78;  // CELT, full band, 20 ms, mono, one frame
}

void write_filler(MutableBytes payload, std::uint32_t source) noexcept {
  for (std::size_t i = kFillerAt; i + kStampSize < payload.size(); ++i) payload[i] = filler_at(i, source);
}

bool filler_is_intact(Bytes payload, std::uint32_t source) noexcept {
  for (std::size_t i = kFillerAt; i + kStampSize < payload.size(); ++i) {
    if (payload[i] != filler_at(i, source)) return false;
  }
  return true;
}

//  |          magic (4)            |          source (4)           |
//  |          number (8)                                           |
//  |          sent, ns (8)                                         |
void write_stamp(MutableBytes payload, const PacketStamp& stamp) noexcept {
  ByteWriter out{payload.last(kStampSize)};
  out.u32(kMagic);
  out.u32(stamp.source);
  out.u64(stamp.number);
  out.u64(static_cast<std::uint64_t>(stamp.sent_ns));
}

std::optional<PacketStamp> read_stamp(Bytes payload) noexcept {
  if (payload.size() < kStampSize) return std::nullopt;
  ByteReader in{payload.last(kStampSize)};
  if (in.u32() != kMagic) return std::nullopt;
  PacketStamp stamp;
  stamp.source = in.u32();
  stamp.number = in.u64();
  stamp.sent_ns = static_cast<std::int64_t>(in.u64());
  return stamp;
}

}  // namespace sluice::load
