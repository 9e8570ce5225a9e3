#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

struct evp_pkey_st;
struct ossl_param_bld_st;

namespace sluice {

/// A public key that signs tokens: RSA of at least 2048 bits, or EC on P-256. Each factory throws JwtKeyError.
class PublicKey {
 public:
  enum class Kind : std::uint8_t { rsa, p256 };

  /// A `PUBLIC KEY` block (RFC 7468 section 13).
  [[nodiscard]] static PublicKey from_pem(const std::string& pem);
  /// RFC 7518 section 6.3.1: big-endian modulus and exponent.
  [[nodiscard]] static PublicKey from_rsa(std::span<const std::uint8_t> n, std::span<const std::uint8_t> e);
  /// RFC 7518 section 6.2.1: 32 bytes each, big-endian. The point must lie on the curve.
  [[nodiscard]] static PublicKey from_p256(std::span<const std::uint8_t> x, std::span<const std::uint8_t> y);

  [[nodiscard]] Kind kind() const noexcept { return kind_; }
  [[nodiscard]] std::string to_pem() const;

 private:
  struct Free {
    void operator()(evp_pkey_st* key) const noexcept;
  };
  using Handle = std::unique_ptr<evp_pkey_st, Free>;

  explicit PublicKey(Handle key);
  [[nodiscard]] static Handle from_parameters(const char* type, ossl_param_bld_st* builder);

  Handle key_;
  Kind kind_ = Kind::rsa;
};

}  // namespace sluice
