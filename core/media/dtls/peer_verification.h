#pragma once

#include <cstdint>
#include <vector>

#include "core/media/dtls/fingerprint.h"

struct ssl_st;
struct x509_store_ctx_st;

namespace sluice {

/// What the peer's certificate is held against, and what came of it. One belongs to each connection.
struct PeerVerification {
  enum class Outcome : std::uint8_t { pending, verified, mismatch };

  std::vector<Fingerprint> expected;
  Outcome outcome = Outcome::pending;
};

/// Ties the two together; `verification` must outlive the connection.
void set_peer_verification(ssl_st& connection, PeerVerification& verification) noexcept;

/// Takes the place of the verification of chains (SSL_CTX_set_cert_verify_callback), RFC 8827 section 5.6: any
/// certificate will do whose fingerprint came over signalling, and no other. It runs in the middle of the handshake, so
/// that a stranger is sent the alert bad_certificate and never gets as far as keys.
[[nodiscard]] int verify_peer_certificate(x509_store_ctx_st* chain, void* unused) noexcept;

}  // namespace sluice
