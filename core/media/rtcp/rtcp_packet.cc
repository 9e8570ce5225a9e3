#include "core/media/rtcp/rtcp_packet.h"

#include "core/media/rtp/rtp_packet.h"

namespace sluice {
namespace {

constexpr std::uint8_t kPaddingBit = 0x20;

// RFC 3550 section 6.4.1: the count of padding octets includes itself. It should be a multiple of four, and only the
// last packet padded (appendix A.2); but browsers fill up transport-wide feedback with one to three octets, wherever in
// a compound it stands, and most of their feedback would be lost.
Result<Bytes, RtcpError> without_padding(Bytes body) noexcept {
  if (body.empty()) return RtcpError::bad_padding;
  const std::size_t padding = body.back();
  if (padding == 0 || padding > body.size()) return RtcpError::bad_padding;
  return body.first(body.size() - padding);
}

}  // namespace

// RFC 3550 section 6.4.1:
//   0                   1                   2                   3
//   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |V=2|P| RC/FMT  |      PT       | length: 32-bit words minus 1  |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
Result<RtcpBlock, RtcpError> next_rtcp_block(Bytes compound) noexcept {
  ByteReader in{compound};
  const std::uint8_t first = in.u8();
  const std::uint8_t type = in.u8();
  Bytes body = in.bytes(std::size_t{in.u16()} * 4);
  if (in.failed()) return RtcpError::truncated;
  if (first >> 6 != kRtpVersion) return RtcpError::bad_version;

  if ((first & kPaddingBit) != 0) {
    const auto unpadded = without_padding(body);
    if (!unpadded) return unpadded.error();
    body = *unpadded;
  }
  return RtcpBlock{
      .type = RtcpType{type}, .count = static_cast<std::uint8_t>(first & 0x1f), .body = body, .rest = in.rest()};
}

Result<RtcpCompound, RtcpError> RtcpCompound::parse(Bytes datagram) noexcept {
  if (datagram.empty()) return RtcpError::truncated;
  for (Bytes rest = datagram; !rest.empty();) {
    const auto block = next_rtcp_block(rest);
    if (!block) return block.error();
    rest = block->rest;
  }
  return RtcpCompound{datagram};
}

}  // namespace sluice
