#pragma once

#include <cstddef>

#include "core/base/byte_reader.h"
#include "core/media/srtp/srtp_session.h"
#include "sluice/media_types.h"
#include "sluice/result.h"

namespace sluice {

/// Protects outgoing RTP and RTCP in place, any number of SSRCs under one master key. The first packet of an SSRC
/// allocates its state; later ones do not allocate. One thread at a time.
class SrtpSender {
 public:
  [[nodiscard]] static Result<SrtpSender, SrtpError> create(SrtpProfile profile, const SrtpMasterKey& key) noexcept;

  /// Protects the packet in the first `size` bytes of `buffer`, which must have room for the trailer behind it.
  ///
  /// Sequence numbers must move by less than 32768 from packet to packet, RFC 3711 section 3.3.1.
  /// Protecting one sequence number of an SSRC twice is for retransmissions of the identical payload under AES-CM; GCM
  /// answers `replayed`. Retransmit by RTX, or send the protected bytes again.
  ///
  /// @return the size with the trailer.
  [[nodiscard]] Result<std::size_t, SrtpError> protect_rtp(MutableBytes buffer, std::size_t size) noexcept;

  /// The same for a compound RTCP packet.
  [[nodiscard]] Result<std::size_t, SrtpError> protect_rtcp(MutableBytes buffer, std::size_t size) noexcept;

  /// Frees the state of an SSRC that has ended. The SSRC must never be sent again under this key: its packet index
  /// would start anew and repeat the keystream.
  void forget(Ssrc ssrc) noexcept;

 private:
  SrtpSender(SrtpProfile profile, SrtpSession session) noexcept;

  SrtpSession session_;
  SrtpProfileSizes sizes_;
};

}  // namespace sluice
