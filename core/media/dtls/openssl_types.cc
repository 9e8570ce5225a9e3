#include "core/media/dtls/openssl_types.h"

#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

namespace sluice {

void OpenSslDeleter::operator()(evp_pkey_st* key) const noexcept { EVP_PKEY_free(key); }
void OpenSslDeleter::operator()(ssl_ctx_st* context) const noexcept { SSL_CTX_free(context); }
void OpenSslDeleter::operator()(ssl_st* connection) const noexcept { SSL_free(connection); }
void OpenSslDeleter::operator()(x509_st* certificate) const noexcept { X509_free(certificate); }

}  // namespace sluice
