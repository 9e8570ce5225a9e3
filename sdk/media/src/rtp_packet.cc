#include "rtp_packet.h"

#include "header_extension.h"

namespace sluice::media {
namespace {

constexpr std::uint8_t kVersion = 2;

enum FirstOctet : std::uint8_t { kPadding = 0x20, kExtension = 0x10, kCsrcCount = 0x0f };

struct Extension {
  std::uint16_t profile = 0;
  Bytes elements;
};

// RFC 3550 section 5.3.1:
//  |      defined by profile       |   length in 32-bit words      |
Extension read_extension(ByteReader& in) noexcept {
  const std::uint16_t profile = in.u16();
  return {.profile = profile, .elements = in.bytes(std::size_t{in.u16()} * 4)};
}

// 3GPP TS 26.114 section 7.4.5, `urn:3gpp:video-orientation`:
//   0 1 2 3 4 5 6 7
//  +-+-+-+-+-+-+-+-+
//  |0 0 0 0 C F R R|  camera, flip, rotation
// "The receiver should rotate the video to compensate that rotation": one of R times 90 degrees counter-clockwise by
// as much clockwise. Browsers do not send F, and do not heed it.
std::optional<Turn> read_turn(const Extension& extension, std::uint8_t id) noexcept {
  const auto element = find_element(extension.profile, extension.elements, id);
  if (!element || element->size() != 1) return std::nullopt;
  return static_cast<Turn>(element->front() & 0x03);
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
std::optional<RtpPacket> read_rtp_packet(Bytes packet, std::optional<std::uint8_t> orientation_id) noexcept {
  ByteReader in{packet};
  const std::uint8_t first = in.u8();
  RtpPacket read{.marker = (in.u8() & 0x80) != 0, .payload = {}};
  read.sequence = in.u16();
  read.timestamp = in.u32();
  in.skip(4);
  in.skip((first & kCsrcCount) * std::size_t{4});
  const Extension extension = (first & kExtension) != 0 ? read_extension(in) : Extension{};
  if (in.failed() || first >> 6 != kVersion) return std::nullopt;

  if (orientation_id) read.turn = read_turn(extension, *orientation_id);
  read.payload = in.rest();
  if ((first & kPadding) == 0) return read;
  if (read.payload.empty() || read.payload.back() == 0 || read.payload.back() > read.payload.size())
    return std::nullopt;
  read.payload = read.payload.first(read.payload.size() - read.payload.back());
  return read;
}

}  // namespace sluice::media
