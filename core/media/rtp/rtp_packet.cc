#include "core/media/rtp/rtp_packet.h"

namespace sluice {
namespace {

// RFC 3550 section 5.3.1:
//  +-------------------------------+-------------------------------+
//  |      defined by profile       |   length in 32-bit words      |
//  +-------------------------------+-------------------------------+
//  |                        header extension                       |
Result<ExtensionBlock, RtpError> read_extension_block(ByteReader& in) noexcept {
  const std::uint16_t profile = in.u16();
  const Bytes data = in.bytes(std::size_t{in.u16()} * 4);
  if (in.failed()) return RtpError::bad_extension;
  return ExtensionBlock::parse(profile, data);
}

}  // namespace

// RFC 3550 section 5.1:
//   0                   1                   2                   3
//   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |V=2|P|X|  CC   |M|     PT      |       sequence number         |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                           timestamp                           |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                             SSRC                              |
//  +=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+
//  |                      CSRC, CC times                           |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
Result<RtpPacketView, RtpError> RtpPacketView::parse(Bytes packet) noexcept {
  ByteReader in{packet};
  const std::uint8_t first = in.u8();
  in.skip(kRtpFixedHeaderSize - 1);
  in.skip((first & 0x0f) * std::size_t{4});
  if (in.failed()) return RtpError::truncated;
  if (first >> 6 != kRtpVersion) return RtpError::bad_version;

  ExtensionBlock extensions;
  if ((first & 0x10) != 0) {
    const auto block = read_extension_block(in);
    if (!block) return block.error();
    extensions = *block;
  }

  const Bytes body = in.rest();
  std::uint8_t padding_size = 0;
  if ((first & 0x20) != 0) {
    if (body.empty() || body.back() == 0 || body.back() > body.size()) return RtpError::bad_padding;
    padding_size = body.back();
  }
  return RtpPacketView{packet, extensions, packet.size() - body.size(), padding_size};
}

}  // namespace sluice
