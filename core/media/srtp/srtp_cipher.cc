#include "core/media/srtp/srtp_cipher.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <algorithm>
#include <string>

#include "core/base/byte_writer.h"
#include "core/base/prefetch.h"

namespace sluice {
namespace {

constexpr std::size_t kGcmNonce = 12;
constexpr std::size_t kBlock = 16;
constexpr std::size_t kSha1 = 20;

// RFC 3711 section 4.3.2; those of SRTCP are three higher.
enum class Label : std::uint8_t { encryption = 0, authentication = 1, salt = 2 };
constexpr std::uint8_t kSrtcpLabels = 3;

struct CipherFree {
  void operator()(EVP_CIPHER* cipher) const noexcept { EVP_CIPHER_free(cipher); }
};
struct MacFree {
  void operator()(EVP_MAC* mac) const noexcept { EVP_MAC_free(mac); }
};

// OpenSSL's implementations, looked up once: by name it costs more than a packet.
struct Algorithms {
  std::unique_ptr<EVP_CIPHER, CipherFree> gcm_128{EVP_CIPHER_fetch(nullptr, "AES-128-GCM", nullptr)};
  std::unique_ptr<EVP_CIPHER, CipherFree> gcm_256{EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr)};
  std::unique_ptr<EVP_CIPHER, CipherFree> ctr_128{EVP_CIPHER_fetch(nullptr, "AES-128-CTR", nullptr)};
  std::unique_ptr<EVP_CIPHER, CipherFree> ctr_256{EVP_CIPHER_fetch(nullptr, "AES-256-CTR", nullptr)};
  std::unique_ptr<EVP_MAC, MacFree> hmac{EVP_MAC_fetch(nullptr, "HMAC", nullptr)};
};

const Algorithms& algorithms() noexcept {
  static const Algorithms known;
  return known;
}

const EVP_CIPHER* cipher_of(SrtpProfile profile) noexcept {
  switch (profile) {
    case SrtpProfile::aead_aes_128_gcm:
      return algorithms().gcm_128.get();
    case SrtpProfile::aead_aes_256_gcm:
      return algorithms().gcm_256.get();
    case SrtpProfile::aes128_cm_hmac_sha1_80:
      break;
  }
  return algorithms().ctr_128.get();
}

constexpr int length(Bytes bytes) noexcept { return static_cast<int>(bytes.size()); }

// RFC 3711 section 4.3.1: key_id = <label, index DIV kdr>, kdr 0; x = key_id XOR master salt; the keystream of AES-CM
// with the IV x * 2^16. RFC 7714 section 11: the salt of GCM is 96 bits, and zeros.
bool derive_key(Bytes master_key, Bytes master_salt, std::uint8_t label, MutableBytes out) noexcept {
  std::array<std::uint8_t, kBlock> iv{};
  std::ranges::copy(master_salt, iv.begin());
  iv[7] ^= label;
  const EVP_CIPHER* cipher = master_key.size() == 16 ? algorithms().ctr_128.get() : algorithms().ctr_256.get();
  const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context{EVP_CIPHER_CTX_new(),
                                                                                &EVP_CIPHER_CTX_free};
  std::ranges::fill(out, std::uint8_t{0});
  int written = 0;
  return cipher != nullptr && context != nullptr &&
         EVP_EncryptInit_ex(context.get(), cipher, nullptr, master_key.data(), iv.data()) == 1 &&
         EVP_EncryptUpdate(context.get(), out.data(), &written, out.data(), length(out)) == 1;
}

}  // namespace

void SrtpCipher::CipherDeleter::operator()(evp_cipher_ctx_st* context) const noexcept { EVP_CIPHER_CTX_free(context); }
void SrtpCipher::MacDeleter::operator()(evp_mac_ctx_st* context) const noexcept { EVP_MAC_CTX_free(context); }
SrtpCipher::SrtpCipher(SrtpCipher&&) noexcept = default;
SrtpCipher& SrtpCipher::operator=(SrtpCipher&&) noexcept = default;
SrtpCipher::~SrtpCipher() { OPENSSL_cleanse(&keys_, sizeof keys_); }

Result<SrtpCipher, SrtpError> SrtpCipher::create(SrtpProfile profile, const SrtpMasterKey& key, SrtpUse use,
                                                 SrtpDirection direction) noexcept {
  const SrtpProfileSizes sizes = sizes_of(profile);
  if (key.key_and_salt().size() != sizes.key + sizes.salt) return SrtpError::internal;
  SrtpCipher cipher{profile, direction};
  if (!cipher.derive(key, use)) return SrtpError::internal;
  return cipher;
}

bool SrtpCipher::derive(const SrtpMasterKey& key, SrtpUse use) noexcept {
  const SrtpProfileSizes sizes = sizes_of(profile_);
  const Bytes master_key = key.key_and_salt().first(sizes.key);
  const Bytes master_salt = key.key_and_salt().subspan(sizes.key);
  const auto label = [use](Label of) {
    return static_cast<std::uint8_t>(static_cast<std::uint8_t>(of) + (use == SrtpUse::rtcp ? kSrtcpLabels : 0));
  };
  return derive_key(master_key, master_salt, label(Label::encryption),
                    MutableBytes{keys_.encryption}.first(sizes.key)) &&
         derive_key(master_key, master_salt, label(Label::salt), MutableBytes{keys_.salt}.first(sizes.salt)) &&
         derive_key(master_key, master_salt, label(Label::authentication), keys_.authentication);
}

bool SrtpCipher::ready() noexcept {
  if (cipher_ != nullptr) return true;
  std::unique_ptr<EVP_CIPHER_CTX, CipherDeleter> cipher{EVP_CIPHER_CTX_new()};
  // AES in counter mode is its own inverse.
  const int encrypts = direction_ == SrtpDirection::outbound || !is_aead(profile_) ? 1 : 0;
  if (cipher == nullptr ||
      EVP_CipherInit_ex(cipher.get(), cipher_of(profile_), nullptr, keys_.encryption.data(), nullptr, encrypts) != 1) {
    return false;
  }
  if (!is_aead(profile_)) {
    mac_.reset(EVP_MAC_CTX_new(algorithms().hmac.get()));
    std::string digest = "SHA1";
    const std::array parameters{OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0),
                                OSSL_PARAM_construct_end()};
    if (mac_ == nullptr ||
        EVP_MAC_init(mac_.get(), keys_.authentication.data(), keys_.authentication.size(), parameters.data()) != 1) {
      return false;
    }
  }
  cipher_ = std::move(cipher);
  return true;
}

void SrtpCipher::prefetch() const noexcept {
  // The context, and behind it on the heap most often its keys: the two are allocated one after the other.
  constexpr std::size_t kContextAndKeys = 1024;
  if (cipher_ != nullptr) sluice::prefetch(cipher_.get(), kContextAndKeys);
}

// RFC 7714 sections 8.1 and 9.1: 00 00 | SSRC | 48 bits of index, XOR the salt.
// RFC 3711 section 4.1.1:  00 00 00 00 | SSRC | 48 bits of index | 00 00, XOR the salt at its left.
bool SrtpCipher::begin(const Parts& parts) noexcept {
  std::array<std::uint8_t, kBlock> iv{};
  ByteWriter out{iv};
  out.zeros(is_aead(profile_) ? 2 : 4);
  out.u32(parts.ssrc.value());
  out.u16(static_cast<std::uint16_t>(parts.index >> 32));
  out.u32(static_cast<std::uint32_t>(parts.index));
  const std::size_t salted = is_aead(profile_) ? kGcmNonce : kSalt;
  for (std::size_t i = 0; i < salted; ++i) iv[i] ^= keys_.salt[i];
  return EVP_CipherInit_ex(cipher_.get(), nullptr, nullptr, nullptr, iv.data(), -1) == 1;
}

bool SrtpCipher::seal(const Parts& parts) noexcept {
  if (!ready() || !begin(parts)) return false;
  if (is_aead(profile_)) {
    return run_gcm(parts) &&
           EVP_CIPHER_CTX_ctrl(cipher_.get(), EVP_CTRL_AEAD_GET_TAG, length(parts.tag), parts.tag.data()) == 1;
  }
  return run_counter_mode(parts) && write_tag(parts, parts.tag);
}

bool SrtpCipher::open(const Parts& parts) noexcept {
  if (!ready() || !begin(parts)) return false;
  if (is_aead(profile_)) {
    return EVP_CIPHER_CTX_ctrl(cipher_.get(), EVP_CTRL_AEAD_SET_TAG, length(parts.tag), parts.tag.data()) == 1 &&
           run_gcm(parts);
  }
  std::array<std::uint8_t, kSha1> expected;
  const MutableBytes tag = MutableBytes{expected}.first(parts.tag.size());
  return write_tag(parts, tag) && CRYPTO_memcmp(tag.data(), parts.tag.data(), tag.size()) == 0 &&
         run_counter_mode(parts);
}

// Inbound, the last step compares the tag.
bool SrtpCipher::run_gcm(const Parts& parts) noexcept {
  EVP_CIPHER_CTX* cipher = cipher_.get();
  int written = 0;
  return EVP_CipherUpdate(cipher, nullptr, &written, parts.header.data(), length(parts.header)) == 1 &&
         (parts.suffix.empty() ||
          EVP_CipherUpdate(cipher, nullptr, &written, parts.suffix.data(), length(parts.suffix)) == 1) &&
         (parts.text.empty() ||
          EVP_CipherUpdate(cipher, parts.text.data(), &written, parts.text.data(), length(parts.text)) == 1) &&
         EVP_CipherFinal_ex(cipher, parts.text.data(), &written) == 1;
}

bool SrtpCipher::run_counter_mode(const Parts& parts) noexcept {
  int written = 0;
  return parts.text.empty() ||
         EVP_CipherUpdate(cipher_.get(), parts.text.data(), &written, parts.text.data(), length(parts.text)) == 1;
}

// RFC 3711 section 4.2.1: the leftmost octets of HMAC-SHA1 over what is sent, and the suffix.
bool SrtpCipher::write_tag(const Parts& parts, MutableBytes tag) noexcept {
  std::array<std::uint8_t, kSha1> whole;
  std::size_t size = 0;
  EVP_MAC_CTX* mac = mac_.get();
  if (EVP_MAC_init(mac, nullptr, 0, nullptr) != 1 ||
      EVP_MAC_update(mac, parts.header.data(), parts.header.size()) != 1 ||
      EVP_MAC_update(mac, parts.text.data(), parts.text.size()) != 1 ||
      EVP_MAC_update(mac, parts.suffix.data(), parts.suffix.size()) != 1 ||
      EVP_MAC_final(mac, whole.data(), &size, whole.size()) != 1) {
    return false;
  }
  std::copy_n(whole.begin(), tag.size(), tag.begin());
  return true;
}

}  // namespace sluice
