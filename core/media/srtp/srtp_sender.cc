#include "core/media/srtp/srtp_sender.h"

#include <srtp2/srtp.h>

#include <utility>

namespace sluice {
namespace {

constexpr std::size_t kRtpHeader = 12;
constexpr std::size_t kRtcpHeaderWithSsrc = 8;

using Protect = srtp_err_status_t(srtp_t, void*, int*);

struct Room {
  std::size_t header;
  std::size_t trailer;
};

Result<std::size_t, SrtpError> protect(srtp_t session, Protect* protect_packet, MutableBytes buffer, std::size_t size,
                                       Room room) noexcept {
  if (size < room.header) return SrtpError::too_small;
  if (size > kMaxSrtpPacket - room.trailer) return SrtpError::too_large;
  if (buffer.size() < size + room.trailer) return SrtpError::buffer_too_small;

  int length = static_cast<int>(size);
  const srtp_err_status_t status = protect_packet(session, buffer.data(), &length);
  if (status != srtp_err_status_ok) return srtp_error_from_status(status);
  return static_cast<std::size_t>(length);
}

}  // namespace

SrtpSender::SrtpSender(SrtpProfile profile, SrtpSession session) noexcept
    : session_{std::move(session)}, sizes_{sizes_of(profile)} {}

Result<SrtpSender, SrtpError> SrtpSender::create(SrtpProfile profile, const SrtpMasterKey& key) noexcept {
  auto session = create_srtp_session(profile, key, SrtpDirection::outbound);
  if (!session) return session.error();
  return SrtpSender{profile, std::move(*session)};
}

Result<std::size_t, SrtpError> SrtpSender::protect_rtp(MutableBytes buffer, std::size_t size) noexcept {
  return protect(session_.get(), srtp_protect, buffer, size, {.header = kRtpHeader, .trailer = sizes_.rtp_trailer});
}

Result<std::size_t, SrtpError> SrtpSender::protect_rtcp(MutableBytes buffer, std::size_t size) noexcept {
  return protect(session_.get(), srtp_protect_rtcp, buffer, size,
                 {.header = kRtcpHeaderWithSsrc, .trailer = sizes_.rtcp_trailer});
}

void SrtpSender::forget(Ssrc ssrc) noexcept { srtp_remove_stream(session_.get(), ssrc.value()); }

}  // namespace sluice
