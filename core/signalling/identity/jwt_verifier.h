#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/signalling/identity/jwt_keys.h"
#include "sluice/result.h"
#include "sluice/time.h"

namespace sluice {

enum class JwtError : std::uint8_t {
  malformed,
  unsupported_algorithm,  ///< also `none`, and a critical header that is not understood
  unknown_key,            ///< no key of the token's algorithm and kid
  bad_signature,
  wrong_type,
  expired,
  not_yet_valid,
  wrong_issuer,
  wrong_audience
};

[[nodiscard]] std::string_view to_string(JwtError error) noexcept;

struct JwtRules {
  /// Clocks of issuer and gateway may differ by this much.
  std::chrono::seconds leeway{30};
  /// Refuse a token without `exp`: it would be valid for ever.
  bool require_expiry = true;
  /// Empty: any.
  std::string issuer = {};
  std::string audience = {};
  /// What the header's `typ` must be, RFC 8725 section 3.11; empty: any.
  std::string type = {};
};

inline constexpr std::size_t kMaxJwtBytes = 8192;
/// Keys that are tried for one token: without a `kid` a token could ask for the work of all of them.
inline constexpr std::size_t kMaxKeyTrials = 4;

/// Verifies JSON Web Tokens (RFC 7519) in the compact form (RFC 7515). Immutable: usable from any thread.
class JwtVerifier {
 public:
  JwtVerifier(std::vector<std::unique_ptr<JwtKey>> keys, JwtRules rules)
      : keys_{std::move(keys)}, rules_{std::move(rules)} {}

  /// The claims of a token that holds at `now`.
  [[nodiscard]] Result<boost::json::object, JwtError> verify(const std::string& token, WallTime now) const;

 private:
  [[nodiscard]] Result<Ok, JwtError> check_signature(const boost::json::object& header, const std::string& token) const;
  [[nodiscard]] Result<Ok, JwtError> check_times(const boost::json::object& claims, WallTime now) const;
  [[nodiscard]] Result<Ok, JwtError> check_parties(const boost::json::object& claims) const;

  std::vector<std::unique_ptr<JwtKey>> keys_;
  JwtRules rules_;
};

}  // namespace sluice
