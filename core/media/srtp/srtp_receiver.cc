#include "core/media/srtp/srtp_receiver.h"

#include <srtp2/srtp.h>

#include <algorithm>
#include <utility>

namespace sluice {
namespace {

// RFC 3550 sections 5.1 and 6.4.1: where the SSRC (of the sender) stands, and what precedes it.
constexpr std::size_t kRtpSsrcOffset = 8;
constexpr std::size_t kRtcpSsrcOffset = 4;
constexpr std::size_t kSsrcSize = 4;

std::uint32_t ssrc_at(Bytes packet, std::size_t offset) noexcept {
  ByteReader in{packet.subspan(offset)};
  return in.u32();
}

}  // namespace

SrtpReceiver::SrtpReceiver(SrtpProfile profile, SrtpSession session)
    : session_{std::move(session)}, sizes_{sizes_of(profile)} {
  known_ssrcs_.reserve(kMaxReceivedSsrcs);
}

Result<SrtpReceiver, SrtpError> SrtpReceiver::create(SrtpProfile profile, const SrtpMasterKey& key) noexcept {
  auto session = create_srtp_session(profile, key, SrtpDirection::inbound);
  if (!session) return session.error();
  return SrtpReceiver{profile, std::move(*session)};
}

Result<std::size_t, SrtpError> SrtpReceiver::unprotect_rtp(MutableBytes packet) noexcept {
  return unprotect(Kind::rtp, packet);
}

Result<std::size_t, SrtpError> SrtpReceiver::unprotect_rtcp(MutableBytes packet) noexcept {
  return unprotect(Kind::rtcp, packet);
}

Result<std::size_t, SrtpError> SrtpReceiver::unprotect(Kind kind, MutableBytes packet) noexcept {
  const std::size_t ssrc_offset = kind == Kind::rtp ? kRtpSsrcOffset : kRtcpSsrcOffset;
  const std::size_t trailer = kind == Kind::rtp ? sizes_.rtp_trailer : sizes_.rtcp_trailer;
  if (packet.size() < ssrc_offset + kSsrcSize + trailer) return SrtpError::too_small;
  if (packet.size() > kMaxSrtpPacket) return SrtpError::too_large;

  // libsrtp keeps state for each SSRC that it has authenticated a packet of, without a bound of its own.
  const std::uint32_t ssrc = ssrc_at(packet, ssrc_offset);
  const bool known = std::find(known_ssrcs_.begin(), known_ssrcs_.end(), ssrc) != known_ssrcs_.end();
  if (!known && known_ssrcs_.size() == kMaxReceivedSsrcs) return SrtpError::ssrc_limit;

  int length = static_cast<int>(packet.size());
  const srtp_err_status_t status = kind == Kind::rtp ? srtp_unprotect(session_.get(), packet.data(), &length)
                                                     : srtp_unprotect_rtcp(session_.get(), packet.data(), &length);
  if (status != srtp_err_status_ok) return srtp_error_from_status(status);
  if (!known) known_ssrcs_.push_back(ssrc);
  return static_cast<std::size_t>(length);
}

void SrtpReceiver::forget(Ssrc ssrc) noexcept {
  if (std::erase(known_ssrcs_, ssrc.value()) > 0) srtp_remove_stream(session_.get(), ssrc.value());
}

}  // namespace sluice
