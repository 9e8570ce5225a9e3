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

/// SSRCs that one peer may use at a time: dozens of simulcast producers with RTX. Each costs some 300 octets.
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

  /// The SSRC's producer has ended: its state is the next to make room. Until then the SSRC may come back, with its
  /// roll-over counter where it was.
  void forget(Ssrc ssrc) noexcept;

  /// Those that were not forgotten.
  [[nodiscard]] std::size_t ssrc_count() const noexcept;

 private:
  struct Stream {
    Ssrc ssrc;
    bool forgotten = false;
    SrtpIndexWindow rtp{};
    SrtpIndexWindow rtcp{};
  };

  SrtpReceiver(SrtpProfile profile, SrtpCipher rtp, SrtpCipher rtcp) noexcept;
  [[nodiscard]] Stream* find(Ssrc ssrc) noexcept;
  /// Room for one more: there is some, or a forgotten one gives way.
  [[nodiscard]] bool has_room() const noexcept;
  [[nodiscard]] Stream& add(Ssrc ssrc) noexcept;

  SrtpProfile profile_;
  SrtpProfileSizes sizes_;
  SrtpCipher rtp_;
  SrtpCipher rtcp_;
  std::vector<Stream> streams_;  // of authenticated packets, at most kMaxReceivedSsrcs
};

}  // namespace sluice
