#include "core/media/dtls/peer_verification.h"

#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

namespace sluice {

void set_peer_verification(ssl_st& connection, PeerVerification& verification) noexcept {
  SSL_set_app_data(&connection, &verification);
}

int verify_peer_certificate(x509_store_ctx_st* chain, void* /*unused*/) noexcept {
  constexpr int kAccept = 1;
  constexpr int kReject = 0;
  auto* connection = static_cast<SSL*>(X509_STORE_CTX_get_ex_data(chain, SSL_get_ex_data_X509_STORE_CTX_idx()));
  auto* verification = static_cast<PeerVerification*>(SSL_get_app_data(connection));
  const X509* certificate = X509_STORE_CTX_get0_cert(chain);

  if (certificate != nullptr && matches(*certificate, verification->expected)) {
    verification->outcome = PeerVerification::Outcome::verified;
    return kAccept;
  }
  verification->outcome = PeerVerification::Outcome::mismatch;
  X509_STORE_CTX_set_error(chain, X509_V_ERR_CERT_REJECTED);
  return kReject;
}

}  // namespace sluice
