#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/base/random.h"
#include "core/signalling/identity/jwt_verifier.h"
#include "sluice/tokens.h"

namespace sluice {

/// Signs and verifies the gateway's own tokens: HS256 with `typ`, `iss` and `aud` of their own.
///
/// The key is derived from the configured secret (RFC 5869's extract step in one HMAC), so that a token of the gateway
/// never verifies by the secret itself, nor the other way round, even where an operator uses one secret for everything.
class GatewayTokens final : public Tokens {
 public:
  /// @param secret  kMinSecretBytes or more; empty: a random one. Throws JwtKeyError for a shorter one.
  /// @param clock   Outlives this; its wall time decides on the expiry.
  GatewayTokens(const std::string& secret, const Clock& clock, const FillRandom& random);

  [[nodiscard]] std::string issue(const TokenRequest& request) override;
  [[nodiscard]] Result<Identity, Error> verify(const std::string& token) const override;

 private:
  [[nodiscard]] std::string sign(const json::object& claims) const;

  const Clock& clock_;
  std::string key_;
  JwtVerifier verifier_;
};

}  // namespace sluice
