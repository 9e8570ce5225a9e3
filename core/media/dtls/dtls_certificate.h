#pragma once

#include <string>

#include "core/media/dtls/fingerprint.h"
#include "core/media/dtls/openssl_types.h"
#include "sluice/time.h"

namespace sluice {

/// A certificate and its private key. Nobody verifies its chain: the peer compares its fingerprint with the one that
/// came over signalling, RFC 8827 section 5.6.
class DtlsCertificate {
 public:
  /// Self-signed, ECDSA on P-256 (RFC 8827 section 6.5), valid for a year from the day before `now`.
  /// @throws std::runtime_error where OpenSSL fails.
  [[nodiscard]] static DtlsCertificate generate(WallTime now);

  /// Reads PEM files; the key must not be encrypted. Blocks on the files.
  /// @throws std::runtime_error naming the file, and what is wrong with it.
  [[nodiscard]] static DtlsCertificate load(const std::string& certificate_file, const std::string& key_file);

  [[nodiscard]] Fingerprint fingerprint(FingerprintAlgorithm algorithm = FingerprintAlgorithm::sha_256) const;

  [[nodiscard]] x509_st& certificate() const noexcept { return *certificate_; }
  [[nodiscard]] evp_pkey_st& key() const noexcept { return *key_; }

 private:
  DtlsCertificate(OpenSslPtr<x509_st> certificate, OpenSslPtr<evp_pkey_st> key) noexcept;

  OpenSslPtr<x509_st> certificate_;
  OpenSslPtr<evp_pkey_st> key_;
};

}  // namespace sluice
