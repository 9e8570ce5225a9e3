#include "password.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <vector>

namespace sluice::meetings {

namespace {

constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kHashBytes = 32;
constexpr std::size_t kMostSaltBytes = 64;
/// RFC 7914 section 2: cost 2^14, block size 8: 16 MiB.
struct Cost {
  std::uint64_t ln = 14;
  std::uint64_t r = 8;
  std::uint64_t p = 1;
};
/// What a stored hash may ask for; more would let a row of the database exhaust the memory.
constexpr Cost kMostCost{.ln = 17, .r = 16, .p = 4};

using Bytes = std::vector<unsigned char>;

struct Stored {
  Cost cost;
  Bytes salt;
  Bytes hash;
};

Bytes derive(std::string_view password, const Bytes& salt, const Cost& cost, std::size_t length) {
  const std::unique_ptr<EVP_KDF, decltype(&EVP_KDF_free)> kdf{EVP_KDF_fetch(nullptr, "SCRYPT", nullptr), &EVP_KDF_free};
  const std::unique_ptr<EVP_KDF_CTX, decltype(&EVP_KDF_CTX_free)> context{EVP_KDF_CTX_new(kdf.get()),
                                                                          &EVP_KDF_CTX_free};
  if (context == nullptr) throw std::runtime_error{"OpenSSL has no scrypt"};
  std::string secret{password};
  Bytes salt_bytes = salt;
  std::uint64_t n = std::uint64_t{1} << cost.ln;
  std::uint64_t r = cost.r;
  std::uint64_t p = cost.p;
  std::uint64_t memory = 128 * r * (n + p + 2);
  const std::array<OSSL_PARAM, 7> parameters{
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_PASSWORD, secret.data(), secret.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, salt_bytes.data(), salt_bytes.size()),
      OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_N, &n),
      OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_R, &r),
      OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_P, &p),
      OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_MAXMEM, &memory),
      OSSL_PARAM_construct_end()};
  Bytes out(length);
  const int done = EVP_KDF_derive(context.get(), out.data(), out.size(), parameters.data());
  OPENSSL_cleanse(secret.data(), secret.size());
  if (done <= 0) throw std::runtime_error{"scrypt failed"};
  return out;
}

std::string to_hex(const Bytes& bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const unsigned char byte : bytes) out.append({kDigits[byte >> 4], kDigits[byte & 15]});
  return out;
}

std::optional<Bytes> from_hex(std::string_view text) {
  if (text.size() % 2 != 0 || text.empty() || text.size() > 2 * kMostSaltBytes) return std::nullopt;
  Bytes out(text.size() / 2);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const char* const begin = text.data() + 2 * i;
    const auto [end, error] = std::from_chars(begin, begin + 2, out[i], 16);
    if (error != std::errc{} || end != begin + 2) return std::nullopt;
  }
  return out;
}

// Cuts what stands before `mark` off `text`.
std::string_view cut(std::string_view& text, char mark) {
  const auto at = text.find(mark);
  const std::string_view part = text.substr(0, at);
  text = at == std::string_view::npos ? std::string_view{} : text.substr(at + 1);
  return part;
}

std::optional<std::uint64_t> read_cost(std::string_view part, std::string_view name, std::uint64_t most) {
  if (!part.starts_with(name)) return std::nullopt;
  part.remove_prefix(name.size());
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
  if (error != std::errc{} || end != part.data() + part.size() || value == 0 || value > most) return std::nullopt;
  return value;
}

std::optional<Stored> read_stored(std::string_view text) {
  if (cut(text, '$') != "scrypt") return std::nullopt;
  std::string_view costs = cut(text, '$');
  const auto ln = read_cost(cut(costs, ','), "ln=", kMostCost.ln);
  const auto r = read_cost(cut(costs, ','), "r=", kMostCost.r);
  const auto p = read_cost(costs, "p=", kMostCost.p);
  const auto salt = from_hex(cut(text, '$'));
  const auto hash = from_hex(text);
  if (!ln || !r || !p || !salt || !hash) return std::nullopt;
  return Stored{.cost = {.ln = *ln, .r = *r, .p = *p}, .salt = *salt, .hash = *hash};
}

}  // namespace

std::string hash_password(std::string_view password) {
  Bytes salt(kSaltBytes);
  if (RAND_bytes(salt.data(), static_cast<int>(salt.size())) != 1) throw std::runtime_error{"no random bytes"};
  const Cost cost;
  return "scrypt$ln=" + std::to_string(cost.ln) + ",r=" + std::to_string(cost.r) + ",p=" + std::to_string(cost.p) +
         "$" + to_hex(salt) + "$" + to_hex(derive(password, salt, cost, kHashBytes));
}

bool verify_password(std::string_view password, std::string_view hash) {
  const std::optional<Stored> stored = read_stored(hash);
  if (!stored) return false;
  const Bytes derived = derive(password, stored->salt, stored->cost, stored->hash.size());
  return CRYPTO_memcmp(derived.data(), stored->hash.data(), derived.size()) == 0;
}

}  // namespace sluice::meetings
