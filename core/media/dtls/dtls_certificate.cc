#include "core/media/dtls/dtls_certificate.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>

#include <array>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace sluice {
namespace {

using BioPtr = std::unique_ptr<BIO, decltype(&BIO_free)>;
using BignumPtr = std::unique_ptr<BIGNUM, decltype(&BN_free)>;

// A day before, for a peer whose clock is behind.
constexpr std::chrono::hours kValidBefore{24};
constexpr std::chrono::hours kValidFor{24 * 365};
constexpr const char* kCommonName = "sluice";

[[noreturn]] void fail(std::string message) {
  if (const char* reason = ERR_reason_error_string(ERR_peek_last_error())) message.append(": ").append(reason);
  ERR_clear_error();
  throw std::runtime_error{message};
}

void require(bool done, std::string_view what) {
  if (!done) fail("DTLS certificate: " + std::string{what});
}

// RFC 5280 section 4.1.2.2: positive, unique, at most 20 bytes.
void set_serial(X509& certificate) {
  std::array<unsigned char, 16> bytes{};
  require(RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) == 1, "no random bytes");
  bytes[0] = static_cast<unsigned char>((bytes[0] & 0x7f) | 0x40);
  const BignumPtr number{BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr), BN_free};
  require(number && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(&certificate)) != nullptr, "serial number");
}

void set_name(X509& certificate) {
  X509_NAME* name = X509_get_subject_name(&certificate);
  const auto* text = reinterpret_cast<const unsigned char*>(kCommonName);
  require(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0) == 1, "subject");
  require(X509_set_issuer_name(&certificate, name) == 1, "issuer");
}

void set_validity(X509& certificate, WallTime now) {
  const auto from = WallTime::clock::to_time_t(now - kValidBefore);
  const auto to = WallTime::clock::to_time_t(now + kValidFor);
  require(ASN1_TIME_set(X509_getm_notBefore(&certificate), from) != nullptr, "start of validity");
  require(ASN1_TIME_set(X509_getm_notAfter(&certificate), to) != nullptr, "end of validity");
}

BioPtr open_file(const std::string& path) {
  BioPtr file{BIO_new_file(path.c_str(), "r"), BIO_free};
  if (!file) fail("cannot read " + path);
  return file;
}

// Without it OpenSSL would ask for the password on the terminal.
int no_password(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*user*/) { return -1; }

}  // namespace

DtlsCertificate::DtlsCertificate(OpenSslPtr<x509_st> certificate, OpenSslPtr<evp_pkey_st> key) noexcept
    : certificate_{std::move(certificate)}, key_{std::move(key)} {}

DtlsCertificate DtlsCertificate::generate(WallTime now) {
  constexpr long kVersion3 = 2;
  OpenSslPtr<evp_pkey_st> key{EVP_EC_gen("P-256")};
  require(key != nullptr, "key");
  OpenSslPtr<x509_st> certificate{X509_new()};
  require(certificate != nullptr, "out of memory");
  require(X509_set_version(certificate.get(), kVersion3) == 1, "version");
  set_serial(*certificate);
  set_name(*certificate);
  set_validity(*certificate, now);
  require(X509_set_pubkey(certificate.get(), key.get()) == 1, "public key");
  require(X509_sign(certificate.get(), key.get(), EVP_sha256()) > 0, "signature");
  return DtlsCertificate{std::move(certificate), std::move(key)};
}

DtlsCertificate DtlsCertificate::load(const std::string& certificate_file, const std::string& key_file) {
  const BioPtr certificate_pem = open_file(certificate_file);
  OpenSslPtr<x509_st> certificate{PEM_read_bio_X509(certificate_pem.get(), nullptr, no_password, nullptr)};
  if (!certificate) fail("no PEM certificate in " + certificate_file);

  const BioPtr key_pem = open_file(key_file);
  OpenSslPtr<evp_pkey_st> key{PEM_read_bio_PrivateKey(key_pem.get(), nullptr, no_password, nullptr)};
  if (!key) fail("no unencrypted PEM private key in " + key_file);
  if (X509_check_private_key(certificate.get(), key.get()) != 1) {
    fail("the key in " + key_file + " is not that of the certificate in " + certificate_file);
  }
  return DtlsCertificate{std::move(certificate), std::move(key)};
}

Fingerprint DtlsCertificate::fingerprint(FingerprintAlgorithm algorithm) const {
  const auto fingerprint = Fingerprint::of(*certificate_, algorithm);
  require(fingerprint.has_value(), "fingerprint");
  return *fingerprint;
}

}  // namespace sluice
