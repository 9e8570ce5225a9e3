#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// RFC 7518 section 3.1, those that the gateway takes. `none` is not among them.
enum class JwtAlgorithm : std::uint8_t { hs256, rs256, es256 };

[[nodiscard]] std::string_view to_string(JwtAlgorithm algorithm) noexcept;
[[nodiscard]] std::optional<JwtAlgorithm> parse_jwt_algorithm(std::string_view name) noexcept;

/// A key that cannot be used: unreadable, of another kind, too weak. The text says which one and why, never the key.
class JwtKeyError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// One key and the one algorithm that its kind allows. A token chooses among keys, never how a key is used: that is
/// what stops an HS256 token "signed" with the text of a public RSA key.
class JwtKey {
 public:
  virtual ~JwtKey() = default;
  /// True if `token` (a compact JWS) is signed with this key. Never throws.
  [[nodiscard]] virtual bool verifies(const std::string& token) const noexcept = 0;
  [[nodiscard]] JwtAlgorithm algorithm() const noexcept { return algorithm_; }
  /// Empty: the key has no name and may stand for any `kid`.
  [[nodiscard]] const std::string& kid() const noexcept { return kid_; }

 protected:
  JwtKey(JwtAlgorithm algorithm, std::string kid) : algorithm_{algorithm}, kid_{std::move(kid)} {}

 private:
  JwtAlgorithm algorithm_;
  std::string kid_;
};

/// RFC 7518 section 3.2: a key for HS256 MUST have at least 256 bits.
inline constexpr std::size_t kMinSecretBytes = 32;
/// RFC 7518 section 3.3: RSA keys of 2048 bits or more MUST be used.
inline constexpr int kMinRsaBits = 2048;
inline constexpr std::size_t kMaxJwksKeys = 64;

/// Throw JwtKeyError.
[[nodiscard]] std::unique_ptr<JwtKey> make_secret_key(const std::string& secret);
/// A `PUBLIC KEY` (RFC 7468 section 13) of an RSA key or of an EC key on P-256.
[[nodiscard]] std::unique_ptr<JwtKey> make_pem_key(const std::string& pem, std::string kid = {});
/// A JSON Web Key Set (RFC 7517 section 5). Keys of other types, curves, uses or algorithms are skipped, as the RFC
/// asks; a set without one usable key is an error, and so is a usable kind of key with unusable numbers.
[[nodiscard]] std::vector<std::unique_ptr<JwtKey>> make_jwks_keys(std::string_view text);

}  // namespace sluice
