#include "core/signalling/identity/gateway_tokens.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <optional>
#include <stdexcept>
#include <utility>

#include "core/signalling/identity/base64url.h"
#include "core/signalling/identity/identity_provider.h"

namespace sluice {
namespace {

constexpr std::string_view kType = "sluice+jwt";  // RFC 8725 section 3.11: explicit typing
constexpr std::string_view kIssuer = "sluice";
constexpr std::string_view kAudience = "sluice";
constexpr std::string_view kKeyLabel = "sluice gateway tokens 1";
constexpr int kRandomKeyBits = 256;

/// Claims that the gateway writes itself: an extra one of the same name would speak in its place.
constexpr std::array<std::string_view, 13> kReserved{"iss",  "sub",   "aud",    "exp",       "nbf",  "iat",  "jti",
                                                     "name", "email", "tenant", "user_type", "role", "guest"};

std::string hmac_sha256(std::string_view key, std::string_view text) {
  std::array<unsigned char, 32> digest{};
  unsigned int length = 0;
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): characters as bytes
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes, text.size(), digest.data(), &length) ==
      nullptr) {
    throw std::runtime_error{"HMAC-SHA256 is not available"};
  }
  return {digest.begin(), digest.end()};
}

std::string derive_key(const std::string& secret, const FillRandom& random) {
  if (secret.empty()) return hmac_sha256(kKeyLabel, random_token(random, kRandomKeyBits));
  if (secret.size() < kMinSecretBytes) throw JwtKeyError{"the secret of auth.gateway_tokens is shorter than 32 bytes"};
  return hmac_sha256(kKeyLabel, secret);
}

JwtVerifier make_verifier(const std::string& key) {
  std::vector<std::unique_ptr<JwtKey>> keys;
  keys.push_back(make_secret_key(key));
  return JwtVerifier{std::move(keys),
                     {.leeway = std::chrono::seconds{0},
                      .require_expiry = true,
                      .issuer = std::string{kIssuer},
                      .audience = std::string{kAudience},
                      .type = std::string{kType}}};
}

std::size_t depth_of(const json::value& value) {
  std::size_t deepest = 0;
  if (const auto* object = value.if_object()) {
    for (const auto& [name, member] : *object) deepest = std::max(deepest, depth_of(member));
    return deepest + 1;
  }
  if (const auto* array = value.if_array()) {
    for (const json::value& member : *array) deepest = std::max(deepest, depth_of(member));
    return deepest + 1;
  }
  return 0;
}

void check_extra(const json::object& extra) {
  for (const auto& [name, value] : extra) {
    if (std::ranges::find(kReserved, std::string_view{name}) != kReserved.end()) {
      throw std::logic_error{"the claim '" + std::string{name} + "' is the gateway's own"};
    }
    if (depth_of(value) >= TokenRequest::kMaxExtraDepth) throw std::logic_error{"the extra claims are too deep"};
  }
  if (json::serialize(extra).size() > TokenRequest::kMaxExtraBytes) {
    throw std::logic_error{"the extra claims of a token are larger than 2,048 bytes"};
  }
}

json::object claims_of(const TokenRequest& request) {
  const Identity& identity = request.identity;
  json::object claims = request.extra;
  claims["sub"] = identity.user_id;
  const auto add = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) claims[name] = value;
  };
  add("name", identity.name);
  add("email", identity.email);
  add("tenant", identity.tenant);
  add("user_type", identity.user_type);
  add("role", identity.role.value_or(""));
  if (identity.guest) claims["guest"] = true;
  return claims;
}

}  // namespace

GatewayTokens::GatewayTokens(const std::string& secret, const Clock& clock, const FillRandom& random)
    : clock_{clock}, key_{derive_key(secret, random)}, verifier_{make_verifier(key_)} {}

std::string GatewayTokens::sign(const json::object& claims) const {
  const json::object header{{"alg", "HS256"}, {"typ", kType}};
  const std::string text = encode_base64url(json::serialize(header)) + "." + encode_base64url(json::serialize(claims));
  return text + "." + encode_base64url(hmac_sha256(key_, text));
}

std::string GatewayTokens::issue(const TokenRequest& request) {
  check_extra(request.extra);
  const auto lifetime = std::clamp(request.lifetime, std::chrono::seconds{1}, TokenRequest::kMaxLifetime);
  const auto now = std::chrono::floor<std::chrono::seconds>(clock_.wall_time()).time_since_epoch();
  json::object claims = claims_of(request);
  claims["iss"] = kIssuer;
  claims["aud"] = kAudience;
  claims["iat"] = now.count();
  claims["exp"] = (now + lifetime).count();
  std::string token = sign(claims);
  // What it issues it must take: a mistake shows here, not at the door.
  if (const auto identity = verify(token); !identity) {
    throw std::logic_error{"this token would not verify: " + std::string{identity.error().what()}};
  }
  return token;
}

Result<Identity, Error> GatewayTokens::verify(const std::string& token) const {
  auto claims = verifier_.verify(token, clock_.wall_time());
  if (!claims) {
    const auto code = claims.error() == JwtError::expired ? ErrorCode::token_expired : ErrorCode::unauthorized;
    return Error{code, std::string{to_string(claims.error())}};
  }
  const auto* guest = claims->if_contains("guest");
  const bool is_guest = guest != nullptr && guest->is_bool() && guest->get_bool();
  auto identity = identity_of(std::move(*claims), ClaimNames{});
  if (!identity) return Error{ErrorCode::unauthorized, "the token names no user"};
  identity->guest = is_guest;
  return std::move(*identity);
}

}  // namespace sluice
