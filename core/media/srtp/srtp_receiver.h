#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/base/byte_reader.h"
#include "core/media/srtp/srtp_session.h"
#include "sluice/media_types.h"
#include "sluice/result.h"

namespace sluice {

/// SSRCs that one peer may use at a time: dozens of simulcast producers with RTX. Each costs a few kilobytes.
inline constexpr std::size_t kMaxReceivedSsrcs = 256;

/// Verifies and decrypts incoming SRTP and SRTCP in place, any SSRC under one master key. Only the first authenticated
/// packet of an SSRC allocates. One thread at a time.
class SrtpReceiver {
 public:
  [[nodiscard]] static Result<SrtpReceiver, SrtpError> create(SrtpProfile profile, const SrtpMasterKey& key) noexcept;

  /// @return the size of the RTP packet at the start of `packet`. After an error the bytes are of no use.
  [[nodiscard]] Result<std::size_t, SrtpError> unprotect_rtp(MutableBytes packet) noexcept;
  /// @return the size of the compound RTCP packet at the start of `packet`.
  [[nodiscard]] Result<std::size_t, SrtpError> unprotect_rtcp(MutableBytes packet) noexcept;

  /// Frees the state of an SSRC whose producer has ended. Its old packets are no longer known as replays, so that
  /// nothing may be routed by this SSRC any more.
  void forget(Ssrc ssrc) noexcept;

  [[nodiscard]] std::size_t ssrc_count() const noexcept { return known_ssrcs_.size(); }

 private:
  SrtpReceiver(SrtpProfile profile, SrtpSession session);
  enum class Kind : std::uint8_t { rtp, rtcp };

  [[nodiscard]] Result<std::size_t, SrtpError> unprotect(Kind kind, MutableBytes packet) noexcept;

  SrtpSession session_;
  SrtpProfileSizes sizes_;
  std::vector<std::uint32_t> known_ssrcs_;  // of authenticated packets; those that libsrtp keeps state for
};

}  // namespace sluice
