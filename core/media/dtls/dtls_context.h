#pragma once

#include <chrono>
#include <span>
#include <vector>

#include "core/media/dtls/dtls_certificate.h"
#include "core/media/dtls/openssl_types.h"
#include "core/media/srtp/srtp_profile.h"
#include "sluice/time.h"

namespace sluice {

struct DtlsConfig {
  /// Offered and chosen in this order.
  std::vector<SrtpProfile> srtp_profiles{kSrtpProfilePreference.begin(), kSrtpProfilePreference.end()};
  /// First retransmission. RFC 6347 section 4.2.4.1 says a second for want of knowledge; ICE has just shown that the
  /// path works and that it is quicker. Doubled up to the maximum.
  Duration initial_retransmission = std::chrono::milliseconds{200};
  Duration max_retransmission = std::chrono::seconds{4};
  /// From start() until the endpoint gives up.
  Duration handshake_timeout = std::chrono::seconds{30};
};

/// What all endpoints share: the certificate and the settings of the handshake. Immutable once made; any number of
/// threads may make endpoints from it. It must outlive them.
///
/// DTLS 1.2 with ECDHE and AEAD ciphers, RFC 8827 section 6.5. No session resumption, no renegotiation: each handshake
/// presents certificates.
class DtlsContext {
 public:
  /// @throws std::runtime_error where OpenSSL refuses a setting.
  explicit DtlsContext(DtlsCertificate certificate, DtlsConfig config = {});

  [[nodiscard]] const DtlsCertificate& certificate() const noexcept { return certificate_; }
  [[nodiscard]] const DtlsConfig& config() const noexcept { return config_; }
  /// Whether one of these is the hash of our own certificate: a peer that reflects our description.
  [[nodiscard]] bool is_own(std::span<const Fingerprint> fingerprints) const noexcept;

  [[nodiscard]] ssl_ctx_st& handle() const noexcept { return *handle_; }

 private:
  DtlsCertificate certificate_;
  DtlsConfig config_;
  OpenSslPtr<ssl_ctx_st> handle_;
  std::vector<Fingerprint> own_;  // by every algorithm: hashed once, not with each transport
};

}  // namespace sluice
