#include "rtp_packet.h"

namespace sluice::media {
namespace {

constexpr std::uint8_t kVersion = 2;

enum FirstOctet : std::uint8_t { kPadding = 0x20, kExtension = 0x10, kCsrcCount = 0x0f };

// RFC 3550 section 5.3.1:
//  |      defined by profile       |   length in 32-bit words      |
void skip_extension(ByteReader& in) noexcept {
  in.skip(2);
  in.skip(std::size_t{in.u16()} * 4);
}

}  // namespace

// RFC 3550 section 5.1:
//   0                   1                   2                   3
//   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |V=2|P|X|  CC   |M|     PT      |       sequence number         |
//  |                           timestamp                           |
//  |                             SSRC                              |
//  |                      CSRC, CC times                           |
//  |                     extension, when X                         |
//  |           payload; its last octet counts the padding, when P  |
std::optional<RtpPacket> read_rtp_packet(Bytes packet) noexcept {
  ByteReader in{packet};
  const std::uint8_t first = in.u8();
  RtpPacket read{.marker = (in.u8() & 0x80) != 0, .payload = {}};
  read.sequence = in.u16();
  read.timestamp = in.u32();
  in.skip(4);
  in.skip((first & kCsrcCount) * std::size_t{4});
  if ((first & kExtension) != 0) skip_extension(in);
  if (in.failed() || first >> 6 != kVersion) return std::nullopt;

  read.payload = in.rest();
  if ((first & kPadding) == 0) return read;
  if (read.payload.empty() || read.payload.back() == 0 || read.payload.back() > read.payload.size())
    return std::nullopt;
  read.payload = read.payload.first(read.payload.size() - read.payload.back());
  return read;
}

}  // namespace sluice::media
