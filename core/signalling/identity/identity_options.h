#pragma once

#include <string>
#include <vector>

#include "core/signalling/identity/jwt_verifier.h"

namespace sluice {

/// Which claim holds what. A name, or a path into nested claims: `realm.user.id`. Empty: none.
struct ClaimNames {
  std::string user_id = "sub";
  std::string name = "name";
  std::string email = "email";
  std::string tenant = "tenant";
  std::string user_type = "user_type";
  std::string role = "role";
};

/// How clients are identified; the application copies it from the configuration. With no key at all no token verifies.
struct IdentityOptions {
  /// Shared secret for HS256; empty: none.
  std::string secret = {};
  /// PEM files with public keys for RS256 or ES256.
  std::vector<std::string> public_key_files = {};
  /// A JSON Web Key Set; empty: none.
  std::string jwks_file = {};
  /// Keys of other algorithms are not used; empty: any key.
  std::vector<JwtAlgorithm> algorithms = {};
  JwtRules rules = {};
  ClaimNames claims = {};
  /// Clients without a token come in as guests.
  bool allow_guests = false;
};

}  // namespace sluice
