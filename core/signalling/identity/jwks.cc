#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include "core/signalling/identity/base64url.h"
#include "core/signalling/identity/jwt_keys.h"
#include "core/signalling/identity/public_key.h"

namespace sluice {
namespace {

namespace json = boost::json;

std::string text_of(const json::object& jwk, std::string_view name) {
  const auto* value = jwk.if_contains(name);
  return value != nullptr && value->is_string() ? std::string{value->get_string()} : std::string{};
}

std::vector<std::uint8_t> number_of(const json::object& jwk, std::string_view name) {
  auto bytes = decode_base64url(text_of(jwk, name));
  if (!bytes || bytes->empty()) {
    throw JwtKeyError{"key '" + text_of(jwk, "kid") + "' of the JWKS: '" + std::string{name} +
                      "' is no base64url number"};
  }
  return std::move(*bytes);
}

/// RFC 7517 section 4.2, 4.4: a key for encryption, or for another algorithm, is not ours.
bool is_for(const json::object& jwk, std::string_view algorithm) {
  const std::string use = text_of(jwk, "use");
  const std::string alg = text_of(jwk, "alg");
  return (use.empty() || use == "sig") && (alg.empty() || alg == algorithm);
}

std::unique_ptr<JwtKey> make_key(const json::object& jwk) {
  const std::string type = text_of(jwk, "kty");
  if (type == "RSA" && is_for(jwk, "RS256")) {
    return make_pem_key(PublicKey::from_rsa(number_of(jwk, "n"), number_of(jwk, "e")).to_pem(), text_of(jwk, "kid"));
  }
  if (type == "EC" && text_of(jwk, "crv") == "P-256" && is_for(jwk, "ES256")) {
    return make_pem_key(PublicKey::from_p256(number_of(jwk, "x"), number_of(jwk, "y")).to_pem(), text_of(jwk, "kid"));
  }
  return nullptr;
}

}  // namespace

std::vector<std::unique_ptr<JwtKey>> make_jwks_keys(std::string_view text) {
  boost::system::error_code error;
  const json::value document = json::parse(text, error);
  const auto* object = document.if_object();
  const auto* listed = object != nullptr ? object->if_contains("keys") : nullptr;
  if (error || listed == nullptr || !listed->is_array()) throw JwtKeyError{"the JWKS is no JSON object with 'keys'"};

  std::vector<std::unique_ptr<JwtKey>> keys;
  for (const json::value& jwk : listed->get_array()) {
    auto key = jwk.is_object() ? make_key(jwk.get_object()) : nullptr;
    if (!key) continue;
    if (keys.size() == kMaxJwksKeys)
      throw JwtKeyError{"the JWKS has more than " + std::to_string(kMaxJwksKeys) + " keys"};
    keys.push_back(std::move(key));
  }
  if (keys.empty()) throw JwtKeyError{"the JWKS has no key for RS256 or ES256"};
  return keys;
}

}  // namespace sluice
