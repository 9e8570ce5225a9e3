#include "core/config/auth_options.h"

namespace sluice::config {
namespace {

// RFC 7518 section 3.2: a key for HS256 has at least 256 bits.
constexpr std::size_t kMinSecretBytes = 32;

std::optional<std::string> is_long_enough(const GatewayTokenOptions& options) {
  if (options.secret.empty() || options.secret.reveal().size() >= kMinSecretBytes) return std::nullopt;
  return "must be 32 bytes or more, or empty";
}

}  // namespace

Schema<ClaimOptions> ClaimOptions::schema() {
  return Schema<ClaimOptions>{"Which claim of a token says what."}
      .option("user_id", &ClaimOptions::user_id, "Claim that identifies the user.", not_empty())
      .option("name", &ClaimOptions::name, "Claim with the name to show.")
      .option("email", &ClaimOptions::email, "Claim with the e-mail address.")
      .option("tenant", &ClaimOptions::tenant, "Claim with the tenant, which separates organisations.")
      .option("user_type", &ClaimOptions::user_type, "Claim with the kind of user, such as student or teacher.")
      .option("role", &ClaimOptions::role, "Claim with the role in a room.");
}

Schema<JwtOptions> JwtOptions::schema() {
  using Options = JwtOptions;
  return Schema<Options>{"How JSON Web Tokens are verified."}
      .option("secret", &Options::secret, "Shared secret of HS256; use 32 bytes or more. Empty: HS256 is not accepted.")
      .option("algorithms", &Options::algorithms, "Algorithms accepted, as far as there is a key for them.",
              not_empty(), max_items(3))
      .option("public_key_file", &Options::public_key_file, "PEM public key of RS256 or ES256.")
      .option("jwks_file", &Options::jwks_file, "JSON Web Key Set with public keys of RS256 and ES256.")
      .option("issuer", &Options::issuer, "What 'iss' must be; empty accepts any.")
      .option("audience", &Options::audience, "What 'aud' must contain; empty accepts any.")
      .option("leeway_s", &Options::leeway_s, "How far the issuer's clock may be off, in seconds.", range(0, 600))
      .option("claims", &Options::claims, "Which claim of a token says what.");
}

Schema<GatewayTokenOptions> GatewayTokenOptions::schema() {
  return Schema<GatewayTokenOptions>{"Tokens that the gateway signs itself, such as those for joining a meeting."}
      .option(
          "secret", &GatewayTokenOptions::secret,
          "Key of these tokens, 32 bytes or more; gateways that take each other's tokens need the same. Empty: made "
          "at start, and no token outlives the process.")
      .check("secret", is_long_enough);
}

Schema<AuthOptions> AuthOptions::schema() {
  return Schema<AuthOptions>{"Who a client is."}
      .option("jwt", &AuthOptions::jwt, "How JSON Web Tokens are verified.")
      .option("gateway_tokens", &AuthOptions::gateway_tokens,
              "Tokens that the gateway signs itself, such as those for joining a meeting.")
      .option("guests", &AuthOptions::guests,
              "Clients without a token. auto: allowed only where no key is configured above.");
}

}  // namespace sluice::config
