#include "core/media/dtls/dtls_context.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

#include "core/media/dtls/peer_verification.h"

namespace sluice {
namespace {

constexpr const char* kCiphers =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
constexpr const char* kGroups = "X25519:P-256:P-384";

/// What a peer may make us reassemble: a self-signed certificate has about 500 bytes, a chain of RSA ones some 5000.
constexpr long kMaxPeerCertificateBytes = 16L * 1024;

void require(bool done, const char* what) {
  if (done) return;
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  std::string message = std::string{"DTLS context: "} + what + (reason ? std::string{": "} + reason : "");
  ERR_clear_error();
  throw std::runtime_error{message};
}

// OpenSSL's name of the one profile lacks a word that the registry's has.
const char* openssl_name(SrtpProfile profile) noexcept {
  switch (profile) {
    case SrtpProfile::aead_aes_128_gcm:
      return "SRTP_AEAD_AES_128_GCM";
    case SrtpProfile::aead_aes_256_gcm:
      return "SRTP_AEAD_AES_256_GCM";
    case SrtpProfile::aes128_cm_hmac_sha1_80:
      break;
  }
  return "SRTP_AES128_CM_SHA1_80";
}

std::string profile_list(std::span<const SrtpProfile> profiles) {
  std::string list;
  for (const SrtpProfile profile : profiles) {
    if (!list.empty()) list += ':';
    list += openssl_name(profile);
  }
  return list;
}

void refuse_resumption_and_renegotiation(SSL_CTX& context) {
  SSL_CTX_set_session_cache_mode(&context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_options(
      &context, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
}

}  // namespace

DtlsContext::DtlsContext(DtlsCertificate certificate, DtlsConfig config)
    : certificate_{std::move(certificate)}, config_{std::move(config)}, handle_{SSL_CTX_new(DTLS_method())} {
  require(handle_ != nullptr, "out of memory");
  require(!config_.srtp_profiles.empty(), "no SRTP profile configured");
  SSL_CTX* context = handle_.get();

  require(SSL_CTX_set_min_proto_version(context, DTLS1_2_VERSION) == 1, "DTLS 1.2");
  require(SSL_CTX_set_max_proto_version(context, DTLS1_2_VERSION) == 1, "DTLS 1.2");
  require(SSL_CTX_set_cipher_list(context, kCiphers) == 1, "ciphers");
  require(SSL_CTX_set1_groups_list(context, kGroups) == 1, "groups");
  require(SSL_CTX_use_certificate(context, &certificate_.certificate()) == 1, "certificate");
  require(SSL_CTX_use_PrivateKey(context, &certificate_.key()) == 1, "private key");
  refuse_resumption_and_renegotiation(*context);

  // RFC 5764 section 4.1: both sides present certificates.
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  SSL_CTX_set_cert_verify_callback(context, verify_peer_certificate, nullptr);
  SSL_CTX_set_max_cert_list(context, kMaxPeerCertificateBytes);

  // SSL_CTX_set_tlsext_use_srtp answers 0 for success.
  require(SSL_CTX_set_tlsext_use_srtp(context, profile_list(config_.srtp_profiles).c_str()) == 0, "SRTP profiles");

  for (const auto algorithm :
       {FingerprintAlgorithm::sha_1, FingerprintAlgorithm::sha_224, FingerprintAlgorithm::sha_256,
        FingerprintAlgorithm::sha_384, FingerprintAlgorithm::sha_512}) {
    if (const auto fingerprint = Fingerprint::of(certificate_.certificate(), algorithm)) own_.push_back(*fingerprint);
  }
}

bool DtlsContext::is_own(std::span<const Fingerprint> fingerprints) const noexcept {
  return std::ranges::any_of(fingerprints, [this](const Fingerprint& fingerprint) {
    return std::ranges::find(own_, fingerprint) != own_.end();
  });
}

}  // namespace sluice
