#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sluice/error.h"
#include "sluice/identity.h"
#include "sluice/json.h"
#include "sluice/result.h"
#include "sluice/time.h"

namespace sluice {

/// A token that the gateway signs itself, for a short time: whoever shows it comes in as `identity`, through every
/// door, as with a token of the configured issuer. A meeting hands them out to who may join, also to guests where the
/// gateway admits nobody without a token.
struct TokenRequest {
  Identity identity;  ///< `claims` are ignored: those of the token are its fields, and `extra`
  /// Further claims (`room`, `meeting`), at most kMaxExtraBytes as JSON and at most kMaxExtraDepth deep, by names that
  /// neither JWT (RFC 7519 section 4.1) nor the identity uses.
  json::object extra{};
  std::chrono::seconds lifetime{600};  ///< brought into 1 second to kMaxLifetime

  static constexpr std::size_t kMaxExtraBytes = 2'048;
  static constexpr std::size_t kMaxExtraDepth = 4;
  static constexpr std::chrono::seconds kMaxLifetime = std::chrono::hours{24};
};

/// The service behind Host::tokens().
/// @note Control thread only.
class Tokens {
 public:
  virtual ~Tokens() = default;
  /// A JWT (RFC 7519) signed with HS256 by the key `auth.gateway_tokens.secret`, or one that lasts as long as the
  /// process. Throws std::logic_error if the extra claims are too large, too deep or named like others, and if the
  /// identity names no user.
  [[nodiscard]] virtual std::string issue(const TokenRequest& request) = 0;
  /// Whom a token speaks of, if this gateway (or one with the same key) has signed it and its time is not over; its
  /// `claims` are all of the token, the extra ones among them.
  /// Errors: token_expired, unauthorized. Tokens of other issuers do not verify here.
  [[nodiscard]] virtual Result<Identity, Error> verify(const std::string& token) const = 0;
};

}  // namespace sluice
