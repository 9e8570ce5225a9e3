#include "core/net/tls_context.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>
#include <filesystem>
#include <memory>
#include <string>

namespace sluice::net {

namespace {

namespace ssl = boost::asio::ssl;

constexpr long kSelfSignedSeconds = 365L * 24 * 3600;
constexpr long kClockSkewSeconds = 24L * 3600;
constexpr const char* kSelfSignedNames = "DNS:localhost,IP:127.0.0.1,IP:::1";

template <auto Free>
struct Deleter {
  template <class T>
  void operator()(T* object) const noexcept {
    Free(object);
  }
};
using KeyPtr = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using CertificatePtr = std::unique_ptr<X509, Deleter<X509_free>>;
using ExtensionPtr = std::unique_ptr<X509_EXTENSION, Deleter<X509_EXTENSION_free>>;

std::string last_openssl_error() {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  ERR_clear_error();
  return reason != nullptr ? reason : "unknown error";
}

void require(bool done, const char* step) {
  if (!done) throw ListenError{std::string{"self-signed certificate: "} + step + ": " + last_openssl_error()};
}

void add_extension(X509* certificate, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const ExtensionPtr extension{X509V3_EXT_conf_nid(nullptr, &context, nid, value)};
  require(extension && X509_add_ext(certificate, extension.get(), -1) == 1, "extension");
}

CertificatePtr self_signed_certificate(EVP_PKEY* key) {
  CertificatePtr certificate{X509_new()};
  require(certificate != nullptr, "allocation");
  X509* x509 = certificate.get();
  X509_set_version(x509, X509_VERSION_3);
  std::array<unsigned char, 8> serial{};
  require(RAND_bytes(serial.data(), static_cast<int>(serial.size())) == 1, "serial number");
  serial[0] &= 0x7f;  // RFC 5280 section 4.1.2.2: positive
  const std::unique_ptr<BIGNUM, Deleter<BN_free>> number{
      BN_bin2bn(serial.data(), static_cast<int>(serial.size()), nullptr)};
  BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(x509));
  X509_gmtime_adj(X509_getm_notBefore(x509), -kClockSkewSeconds);
  X509_gmtime_adj(X509_getm_notAfter(x509), kSelfSignedSeconds);

  X509_NAME* name = X509_get_subject_name(x509);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("localhost"), -1, -1, 0);
  X509_set_issuer_name(x509, name);
  require(X509_set_pubkey(x509, key) == 1, "public key");
  add_extension(x509, NID_basic_constraints, "critical,CA:FALSE");
  add_extension(x509, NID_subject_alt_name, kSelfSignedNames);
  require(X509_sign(x509, key, EVP_sha256()) > 0, "signature");
  return certificate;
}

void use_self_signed(ssl::context& context) {
  const KeyPtr key{EVP_EC_gen("P-256")};
  require(key != nullptr, "key");
  const CertificatePtr certificate = self_signed_certificate(key.get());
  SSL_CTX* native = context.native_handle();
  require(SSL_CTX_use_certificate(native, certificate.get()) == 1, "certificate");
  require(SSL_CTX_use_PrivateKey(native, key.get()) == 1, "private key");
}

void require_readable(const std::string& file, const char* what) {
  std::error_code failed;
  if (file.empty()) throw ListenError{std::string{what} + ": no file is configured"};
  if (!std::filesystem::is_regular_file(file, failed)) {
    throw ListenError{std::string{what} + " " + file + ": " + (failed ? failed.message() : "not a file")};
  }
}

void use_files(ssl::context& context, const TlsOptions& options) {
  require_readable(options.certificate_file, "certificate");
  require_readable(options.private_key_file, "private key");
  SSL_CTX* native = context.native_handle();
  ERR_clear_error();
  if (SSL_CTX_use_certificate_chain_file(native, options.certificate_file.c_str()) != 1) {
    throw ListenError{"certificate " + options.certificate_file + ": " + last_openssl_error()};
  }
  if (SSL_CTX_use_PrivateKey_file(native, options.private_key_file.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(native) != 1) {
    throw ListenError{"private key " + options.private_key_file + " with certificate " + options.certificate_file +
                      ": " + last_openssl_error()};
  }
}

// A certificate is verified at each handshake: a resumed session would carry one that has expired since then.
void verify_clients(ssl::context& context, const TlsOptions& options) {
  require_readable(options.client_ca_file, "client CA");
  SSL_CTX* native = context.native_handle();
  ERR_clear_error();
  STACK_OF(X509_NAME)* authorities = SSL_load_client_CA_file(options.client_ca_file.c_str());
  if (authorities == nullptr || SSL_CTX_load_verify_file(native, options.client_ca_file.c_str()) != 1) {
    sk_X509_NAME_pop_free(authorities, X509_NAME_free);
    throw ListenError{"client CA " + options.client_ca_file + ": " + last_openssl_error()};
  }
  SSL_CTX_set_client_CA_list(native, authorities);  // takes them
  const bool required = options.client_certificates == ClientCertificates::required;
  SSL_CTX_set_verify(native, SSL_VERIFY_PEER | (required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0), nullptr);
  SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_options(native, SSL_OP_NO_TICKET);
  SSL_CTX_set_num_tickets(native, 0);
}

}  // namespace

void check_tls(const TlsOptions& options) {
  if (options.mode != TlsMode::off) static_cast<void>(make_tls_context(options));
}

ssl::context make_tls_context(const TlsOptions& options) {
  ssl::context context{ssl::context::tls_server};
  SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
  // Renegotiation is work that a peer can ask for without end (RFC 9325 section 3.5).
  SSL_CTX_set_options(context.native_handle(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  if (options.mode == TlsMode::self_signed) {
    use_self_signed(context);
  } else {
    use_files(context, options);
  }
  if (options.client_certificates != ClientCertificates::off) verify_clients(context, options);
  return context;
}

}  // namespace sluice::net
