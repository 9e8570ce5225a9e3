#include "core/signalling/identity/public_key.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "core/signalling/identity/jwt_keys.h"

namespace sluice {
namespace {

template <auto Function>
struct Call {
  template <class T>
  void operator()(T* object) const noexcept {
    Function(object);
  }
};
using Bio = std::unique_ptr<BIO, Call<BIO_free_all>>;
using BigNumber = std::unique_ptr<BIGNUM, Call<BN_free>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, Call<OSSL_PARAM_BLD_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, Call<OSSL_PARAM_free>>;
using Context = std::unique_ptr<EVP_PKEY_CTX, Call<EVP_PKEY_CTX_free>>;

constexpr std::size_t kP256Bytes = 32;
constexpr int kMaxRsaBits = 8192;

[[noreturn]] void fail(const std::string& reason) {
  ERR_clear_error();  // OpenSSL's queue is the thread's: leave nothing for the next caller
  throw JwtKeyError{reason};
}

BigNumber number(std::span<const std::uint8_t> bytes) {
  return BigNumber{BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr)};
}

bool is_p256(const EVP_PKEY* key) {
  std::array<char, 32> name{};
  std::size_t length = 0;
  if (EVP_PKEY_get_group_name(key, name.data(), name.size(), &length) != 1) return false;
  const std::string_view group{name.data(), length};
  return group == "prime256v1" || group == "P-256";
}

}  // namespace

void PublicKey::Free::operator()(evp_pkey_st* key) const noexcept { EVP_PKEY_free(key); }

PublicKey::PublicKey(Handle key) : key_{std::move(key)} {
  if (EVP_PKEY_is_a(key_.get(), "RSA") == 1) {
    const int bits = EVP_PKEY_get_bits(key_.get());
    if (bits < kMinRsaBits || bits > kMaxRsaBits) {
      fail("the RSA key has " + std::to_string(bits) + " bits, not " + std::to_string(kMinRsaBits) + " to " +
           std::to_string(kMaxRsaBits));
    }
  } else if (EVP_PKEY_is_a(key_.get(), "EC") == 1 && is_p256(key_.get())) {
    kind_ = Kind::p256;
  } else {
    fail("the public key is neither RSA nor EC on P-256");
  }
  const Context context{EVP_PKEY_CTX_new_from_pkey(nullptr, key_.get(), nullptr)};
  if (!context || EVP_PKEY_public_check(context.get()) != 1) fail("the public key is not valid");
}

PublicKey PublicKey::from_pem(const std::string& pem) {
  const Bio bio{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
  Handle key{bio ? PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr) : nullptr};
  if (!key) fail("the text is no PEM block of the kind PUBLIC KEY");
  return PublicKey{std::move(key)};
}

PublicKey PublicKey::from_rsa(std::span<const std::uint8_t> n, std::span<const std::uint8_t> e) {
  const Builder builder{OSSL_PARAM_BLD_new()};
  const BigNumber modulus = number(n);
  const BigNumber exponent = number(e);
  if (!builder || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get()) != 1) {
    fail("the RSA key is not valid");
  }
  return PublicKey{from_parameters("RSA", builder.get())};
}

PublicKey PublicKey::from_p256(std::span<const std::uint8_t> x, std::span<const std::uint8_t> y) {
  if (x.size() != kP256Bytes || y.size() != kP256Bytes) fail("the EC key's coordinates are not 32 bytes long");
  // SEC 1 section 2.3.3, uncompressed: | 0x04 | x | y |
  std::array<std::uint8_t, 1 + 2 * kP256Bytes> point{0x04};
  std::ranges::copy(y, std::ranges::copy(x, point.begin() + 1).out);
  const Builder builder{OSSL_PARAM_BLD_new()};
  if (!builder || OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) != 1 ||
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) != 1) {
    fail("the EC key is not valid");
  }
  return PublicKey{from_parameters("EC", builder.get())};
}

PublicKey::Handle PublicKey::from_parameters(const char* type, ossl_param_bld_st* builder) {
  const Parameters parameters{OSSL_PARAM_BLD_to_param(builder)};
  const Context context{EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr)};
  EVP_PKEY* key = nullptr;
  if (!parameters || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1) {
    fail("the key's numbers are not valid");
  }
  return Handle{key};
}

std::string PublicKey::to_pem() const {
  const Bio bio{BIO_new(BIO_s_mem())};
  if (!bio || PEM_write_bio_PUBKEY(bio.get(), key_.get()) != 1) fail("the public key cannot be written");
  char* data = nullptr;
  const long length = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(length)};
}

}  // namespace sluice
