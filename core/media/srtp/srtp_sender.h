#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/base/byte_reader.h"
#include "core/media/srtp/srtp_cipher.h"
#include "core/media/srtp/srtp_index.h"
#include "sluice/media_types.h"
#include "sluice/result.h"

namespace sluice {

/// Protects outgoing SRTP and SRTCP in place, any SSRC under one master key. Only the first packet of an SSRC
/// allocates. One thread at a time.
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

  /// protect_rtp() follows soon: asks for the memory that it will need.
  void prefetch() const noexcept;

  /// Frees the state of an SSRC that has ended. The SSRC must never be sent again under this key: its packet index
  /// would start anew and repeat the keystream.
  void forget(Ssrc ssrc) noexcept;

 private:
  struct RtpStream {
    Ssrc ssrc;
    SrtpIndexWindow sent;
  };
  struct RtcpStream {
    Ssrc ssrc;
    std::uint64_t next_index = 1;  // 0 is legal, too; the field's senders begin with 1
  };

  SrtpSender(SrtpProfile profile, SrtpCipher rtp, SrtpCipher rtcp) noexcept;
  [[nodiscard]] RtpStream& rtp_stream(Ssrc ssrc) noexcept;
  [[nodiscard]] RtcpStream& rtcp_stream(Ssrc ssrc) noexcept;

  SrtpProfile profile_;
  SrtpProfileSizes sizes_;
  SrtpCipher rtp_;
  SrtpCipher rtcp_;
  std::vector<RtpStream> rtp_streams_;
  std::vector<RtcpStream> rtcp_streams_;
  std::size_t last_ = 0;  // the stream of the packet before: packets of one stream come in bursts
};

}  // namespace sluice
