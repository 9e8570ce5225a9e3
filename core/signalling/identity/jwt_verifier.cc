#include "core/signalling/identity/jwt_verifier.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <cmath>
#include <optional>

#include "core/signalling/identity/base64url.h"

namespace sluice {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxDepth = 16;

struct Parts {
  std::string_view header;
  std::string_view claims;
};

/// RFC 7515 section 7.1: header "." payload "." signature.
std::optional<Parts> split(std::string_view token) {
  const std::size_t first = token.find('.');
  if (token.size() > kMaxJwtBytes || first == std::string_view::npos) return std::nullopt;
  const std::size_t second = token.find('.', first + 1);
  if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos) return std::nullopt;
  if (!decode_base64url(token.substr(second + 1))) return std::nullopt;
  return Parts{.header = token.substr(0, first), .claims = token.substr(first + 1, second - first - 1)};
}

/// Bounded here, so that Poco's own parser only meets what is known to be flat.
std::optional<json::object> parse_object(std::string_view base64url) {
  const auto bytes = decode_base64url(base64url);
  if (!bytes) return std::nullopt;
  json::parse_options options;
  options.max_depth = kMaxDepth;
  boost::system::error_code error;
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes as characters
  const std::string_view text{reinterpret_cast<const char*>(bytes->data()), bytes->size()};
  json::value value = json::parse(text, error, {}, options);
  if (error || !value.is_object()) return std::nullopt;
  return std::move(value.get_object());
}

enum class Presence : std::uint8_t { missing, present, wrong };

struct NumericDate {
  Presence presence = Presence::missing;
  double seconds = 0;
};

/// RFC 7519 section 2: seconds since 1970, whole or not.
NumericDate read_date(const json::object& claims, std::string_view name) {
  const auto* value = claims.if_contains(name);
  if (value == nullptr) return {};
  if (!value->is_number()) return {Presence::wrong, 0};
  const double seconds = value->to_number<double>();
  return std::isfinite(seconds) ? NumericDate{Presence::present, seconds} : NumericDate{Presence::wrong, 0};
}

bool names(const json::value& audience, std::string_view wanted) {
  if (audience.is_string()) return std::string_view{audience.get_string()} == wanted;
  if (!audience.is_array()) return false;
  return std::ranges::any_of(audience.get_array(), [&](const json::value& one) {
    return one.is_string() && std::string_view{one.get_string()} == wanted;
  });
}

bool is_type(const json::object& header, std::string_view wanted) {
  const auto* type = header.if_contains("typ");
  return type != nullptr && type->is_string() && std::string_view{type->get_string()} == wanted;
}

}  // namespace

std::string_view to_string(JwtError error) noexcept {
  switch (error) {
    case JwtError::malformed:
      return "the token is malformed";
    case JwtError::unsupported_algorithm:
      return "the token's algorithm is not supported";
    case JwtError::unknown_key:
      return "the token's key is not known";
    case JwtError::bad_signature:
      return "the token's signature does not verify";
    case JwtError::wrong_type:
      return "the token is of another kind";
    case JwtError::expired:
      return "the token expired";
    case JwtError::not_yet_valid:
      return "the token is not valid yet";
    case JwtError::wrong_issuer:
      return "the token is of another issuer";
    case JwtError::wrong_audience:
      return "the token is for another audience";
  }
  return "";
}

Result<json::object, JwtError> JwtVerifier::verify(const std::string& token, WallTime now) const {
  const auto parts = split(token);
  if (!parts) return JwtError::malformed;
  const auto header = parse_object(parts->header);
  auto claims = parse_object(parts->claims);
  if (!header || !claims) return JwtError::malformed;
  // The signature first: what an unsigned token says is nobody's business.
  if (const auto signature = check_signature(*header, token); !signature) return signature.error();
  if (!rules_.type.empty() && !is_type(*header, rules_.type)) return JwtError::wrong_type;
  if (const auto times = check_times(*claims, now); !times) return times.error();
  if (const auto parties = check_parties(*claims); !parties) return parties.error();
  return std::move(*claims);
}

Result<Ok, JwtError> JwtVerifier::check_signature(const json::object& header, const std::string& token) const {
  const auto* name = header.if_contains("alg");
  if (name == nullptr || !name->is_string()) return JwtError::malformed;
  const auto algorithm = parse_jwt_algorithm(name->get_string());
  // RFC 7515 section 4.1.11: who does not understand a critical parameter must refuse the token.
  if (!algorithm || header.contains("crit")) return JwtError::unsupported_algorithm;
  const auto* kid = header.if_contains("kid");
  if (kid != nullptr && !kid->is_string()) return JwtError::malformed;

  std::size_t trials = 0;
  for (const auto& key : keys_) {
    if (key->algorithm() != *algorithm) continue;
    if (kid != nullptr && !key->kid().empty() && key->kid() != std::string_view{kid->get_string()}) continue;
    if (trials++ == kMaxKeyTrials) break;
    if (key->verifies(token)) return Ok{};
  }
  return trials == 0 ? JwtError::unknown_key : JwtError::bad_signature;
}

Result<Ok, JwtError> JwtVerifier::check_times(const json::object& claims, WallTime now) const {
  const double seconds = std::chrono::duration<double>{now.time_since_epoch()}.count();
  const auto leeway = static_cast<double>(rules_.leeway.count());
  const NumericDate expiry = read_date(claims, "exp");
  const NumericDate not_before = read_date(claims, "nbf");
  if (expiry.presence == Presence::wrong || not_before.presence == Presence::wrong) return JwtError::malformed;
  if (expiry.presence == Presence::missing && rules_.require_expiry) return JwtError::malformed;
  // RFC 7519 section 4.1.4: "on or after which the JWT MUST NOT be accepted".
  if (expiry.presence == Presence::present && seconds >= expiry.seconds + leeway) return JwtError::expired;
  if (not_before.presence == Presence::present && seconds < not_before.seconds - leeway) return JwtError::not_yet_valid;
  return Ok{};
}

Result<Ok, JwtError> JwtVerifier::check_parties(const json::object& claims) const {
  if (!rules_.issuer.empty()) {
    const auto* issuer = claims.if_contains("iss");
    if (issuer == nullptr || !issuer->is_string() || std::string_view{issuer->get_string()} != rules_.issuer) {
      return JwtError::wrong_issuer;
    }
  }
  if (!rules_.audience.empty()) {
    const auto* audience = claims.if_contains("aud");
    if (audience == nullptr || !names(*audience, rules_.audience)) return JwtError::wrong_audience;
  }
  return Ok{};
}

}  // namespace sluice
