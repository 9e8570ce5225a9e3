#include "core/media/dtls/established_association.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/byte_writer.h"

namespace sluice {
namespace {

constexpr std::uint16_t kEpoch = 1;         // of the one handshake that there is
constexpr std::uint16_t kVersion = 0xfefd;  // DTLS 1.2
constexpr std::size_t kRandom = 32;         // RFC 5246 section 7.4.1.2, client's and server's
constexpr std::size_t kMasterSecret = 48;   // RFC 5246 section 8.1
constexpr std::size_t kAdditionalData = 13;
constexpr std::uint8_t kFinished = 20;  // RFC 5246 section 7.4
constexpr std::uint8_t kFatal = 2;      // RFC 5246 section 7.2
constexpr std::uint8_t kCloseNotify = 0;

using KeyBlock = std::array<std::uint8_t, 2 * (32 + 12)>;

// RFC 5246 section 6.3: PRF(master_secret, "key expansion", server_random + client_random).
bool expand(ssl_st& connection, MutableBytes key_block) noexcept {
  std::array<std::uint8_t, kMasterSecret> secret{};
  std::array<std::uint8_t, kRandom> client{};
  std::array<std::uint8_t, kRandom> server{};
  if (SSL_SESSION_get_master_key(SSL_get_session(&connection), secret.data(), secret.size()) != secret.size() ||
      SSL_get_client_random(&connection, client.data(), client.size()) != client.size() ||
      SSL_get_server_random(&connection, server.data(), server.size()) != server.size()) {
    return false;
  }
  const EVP_MD* hash = SSL_CIPHER_get_handshake_digest(SSL_get_current_cipher(&connection));
  if (hash == nullptr) return false;
  std::string digest = EVP_MD_get0_name(hash);
  std::string label = "key expansion";
  const std::array parameters{OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), 0),
                              OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SECRET, secret.data(), secret.size()),
                              OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SEED, label.data(), label.size()),
                              OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SEED, server.data(), server.size()),
                              OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SEED, client.data(), client.size()),
                              OSSL_PARAM_construct_end()};
  // Looked up once: by name it costs a good part of the derivation.
  static const std::unique_ptr<EVP_KDF, decltype(&EVP_KDF_free)> prf{EVP_KDF_fetch(nullptr, "TLS1-PRF", nullptr),
                                                                     &EVP_KDF_free};
  const std::unique_ptr<EVP_KDF_CTX, decltype(&EVP_KDF_CTX_free)> context{EVP_KDF_CTX_new(prf.get()),
                                                                          &EVP_KDF_CTX_free};
  const bool done =
      context != nullptr && EVP_KDF_derive(context.get(), key_block.data(), key_block.size(), parameters.data()) == 1;
  OPENSSL_cleanse(secret.data(), secret.size());
  return done;
}

DtlsUtterance meaning_of(DtlsContentType type, Bytes plaintext) noexcept {
  switch (type) {
    case DtlsContentType::application_data:
      return DtlsUtterance::application_data;
    case DtlsContentType::handshake:
      if (!plaintext.empty() && plaintext[0] == kFinished) return DtlsUtterance::finished;
      break;
    case DtlsContentType::alert:
      if (plaintext.size() != 2) break;
      if (plaintext[1] == kCloseNotify) return DtlsUtterance::close_notify;
      if (plaintext[0] == kFatal) return DtlsUtterance::fatal_alert;
      break;
    case DtlsContentType::change_cipher_spec:
      break;
  }
  return DtlsUtterance::nothing;
}

}  // namespace

EstablishedAssociation::~EstablishedAssociation() { OPENSSL_cleanse(key_.data(), key_.size()); }

std::optional<EstablishedAssociation> EstablishedAssociation::of(ssl_st& connection, SrtpSide ours) noexcept {
  const auto cipher = cipher_of(connection);
  if (!cipher) return std::nullopt;
  std::optional<EstablishedAssociation> association{EstablishedAssociation{*cipher}};
  if (!association->derive_key(connection, ours)) association.reset();
  return association;
}

std::string_view EstablishedAssociation::cipher_name() const noexcept {
  switch (cipher_) {
    case Cipher::aes_128_gcm:
      return "AES_128_GCM";
    case Cipher::aes_256_gcm:
      return "AES_256_GCM";
    case Cipher::chacha20_poly1305:
      return "CHACHA20_POLY1305";
  }
  return {};
}

auto EstablishedAssociation::cipher_of(ssl_st& connection) noexcept -> std::optional<Cipher> {
  const SSL_CIPHER* cipher = SSL_get_current_cipher(&connection);
  switch (cipher == nullptr ? NID_undef : SSL_CIPHER_get_cipher_nid(cipher)) {
    case NID_aes_128_gcm:
      return Cipher::aes_128_gcm;
    case NID_aes_256_gcm:
      return Cipher::aes_256_gcm;
    case NID_chacha20_poly1305:
      return Cipher::chacha20_poly1305;
    default:
      return std::nullopt;
  }
}

// RFC 5246 section 6.3, without MAC keys: client's key, server's key, client's IV, server's IV.
bool EstablishedAssociation::derive_key(ssl_st& connection, SrtpSide ours) noexcept {
  const std::size_t key = key_size();
  const std::size_t iv = iv_size();
  KeyBlock block{};
  const MutableBytes used = MutableBytes{block}.first(2 * (key + iv));
  if (!expand(connection, used)) return false;
  const std::size_t peer = ours == SrtpSide::client ? 1 : 0;
  std::ranges::copy(used.subspan(peer * key, key), key_.begin());
  std::ranges::copy(used.subspan(2 * key + peer * iv, iv), iv_.begin());
  OPENSSL_cleanse(block.data(), block.size());
  return true;
}

// RFC 5288 section 3: the IV, then eight octets that stand before the ciphertext.
// RFC 7905 section 2: the IV XOR the record's number at the right.
auto EstablishedAssociation::nonce_of(std::uint64_t number, ByteReader& fragment) const noexcept -> Nonce {
  Nonce nonce = iv_;
  if (cipher_ != Cipher::chacha20_poly1305) {
    std::ranges::copy(fragment.bytes(kNonce - iv_size()), nonce.begin() + static_cast<std::ptrdiff_t>(iv_size()));
    return nonce;
  }
  for (std::size_t i = 0; i < sizeof number; ++i) {
    nonce[kNonce - 1 - i] ^= static_cast<std::uint8_t>(number >> (8 * i));
  }
  return nonce;
}

// RFC 5246 section 6.2.3.3, RFC 6347 section 4.1.2.1:
// additional data = | epoch (16) | sequence number (48) | content type (8) | version (16) | length of the plaintext
// (16) |
std::optional<Bytes> EstablishedAssociation::open(const DtlsRecord& record, MutableBytes plaintext) const noexcept {
  const std::uint64_t number = std::uint64_t{record.epoch} << 48 | record.sequence;
  ByteReader in{record.fragment};
  const Nonce nonce = nonce_of(number, in);
  if (in.failed() || in.remaining() < kTag || in.remaining() - kTag > plaintext.size()) return std::nullopt;
  const Bytes ciphertext = in.bytes(in.remaining() - kTag);
  std::array<std::uint8_t, kTag> tag{};
  std::ranges::copy(in.rest(), tag.begin());

  std::array<std::uint8_t, kAdditionalData> additional{};
  ByteWriter out{additional};
  out.u32(static_cast<std::uint32_t>(number >> 32));
  out.u32(static_cast<std::uint32_t>(number));
  out.u8(static_cast<std::uint8_t>(record.type));
  out.u16(kVersion);
  out.u16(static_cast<std::uint16_t>(ciphertext.size()));

  const EVP_CIPHER* cipher = cipher_ == Cipher::aes_128_gcm   ? EVP_aes_128_gcm()
                             : cipher_ == Cipher::aes_256_gcm ? EVP_aes_256_gcm()
                                                              : EVP_chacha20_poly1305();
  const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context{EVP_CIPHER_CTX_new(),
                                                                                &EVP_CIPHER_CTX_free};
  int size = 0;
  int last = 0;
  const bool authentic =
      context != nullptr && EVP_DecryptInit_ex(context.get(), cipher, nullptr, key_.data(), nonce.data()) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, static_cast<int>(kTag), tag.data()) == 1 &&
      EVP_DecryptUpdate(context.get(), nullptr, &size, additional.data(), static_cast<int>(additional.size())) == 1 &&
      EVP_DecryptUpdate(context.get(), plaintext.data(), &size, ciphertext.data(),
                        static_cast<int>(ciphertext.size())) == 1 &&
      EVP_DecryptFinal_ex(context.get(), plaintext.data() + size, &last) == 1;
  if (!authentic) return std::nullopt;
  return Bytes{plaintext}.first(ciphertext.size());
}

DtlsUtterance EstablishedAssociation::hear(const DtlsRecord& record) noexcept {
  // RFC 6347 section 4.1.2.6 lets a window of late records in. There are so few that only rising numbers are taken.
  if (record.epoch != kEpoch || record.sequence <= newest_) return DtlsUtterance::nothing;
  std::array<std::uint8_t, kMaxFragment> buffer;
  const auto plaintext = open(record, buffer);
  if (!plaintext) return DtlsUtterance::nothing;
  newest_ = record.sequence;
  return meaning_of(record.type, *plaintext);
}

}  // namespace sluice
