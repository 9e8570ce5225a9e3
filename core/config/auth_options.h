#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "sluice/config.h"

/// `auth:` who a client is.
namespace sluice::config {

/// Named as RFC 7518 section 3.1 names them.
enum class JwtAlgorithm : std::uint8_t { HS256, RS256, ES256 };
BOOST_DESCRIBE_ENUM(JwtAlgorithm, HS256, RS256, ES256)

enum class GuestPolicy : std::uint8_t {
  auto_,  ///< admitted only where no key is configured
  allow,
  deny
};
BOOST_DESCRIBE_ENUM(GuestPolicy, auto_, allow, deny)

/// Which claim of a token says what. An empty name: no claim says it.
struct ClaimOptions {
  std::string user_id = "sub";
  std::string name = "name";
  std::string email = "email";
  std::string tenant = "campus";
  std::string user_type = "user_type";
  std::string role = "role";

  static Schema<ClaimOptions> schema();
};

struct JwtOptions {
  Secret secret;
  std::vector<JwtAlgorithm> algorithms{JwtAlgorithm::HS256, JwtAlgorithm::RS256, JwtAlgorithm::ES256};
  std::string public_key_file;
  std::string jwks_file;
  std::string issuer;
  std::string audience;
  std::chrono::seconds leeway_s{30};
  ClaimOptions claims;

  /// Whether any token can be verified at all.
  [[nodiscard]] bool has_key() const noexcept {
    return !secret.empty() || !public_key_file.empty() || !jwks_file.empty();
  }

  static Schema<JwtOptions> schema();
};

/// Tokens that the gateway signs itself.
struct GatewayTokenOptions {
  Secret secret;  ///< empty: made at start

  static Schema<GatewayTokenOptions> schema();
};

struct AuthOptions {
  JwtOptions jwt;
  GatewayTokenOptions gateway_tokens;
  GuestPolicy guests = GuestPolicy::auto_;

  /// Whether a client without a token is let in.
  [[nodiscard]] bool admits_guests() const noexcept {
    return guests == GuestPolicy::allow || (guests == GuestPolicy::auto_ && !jwt.has_key());
  }

  static Schema<AuthOptions> schema();
};

}  // namespace sluice::config
