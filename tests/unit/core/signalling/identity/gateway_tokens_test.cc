#include "core/signalling/identity/gateway_tokens.h"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "core/signalling/identity/base64url.h"
#include "core/signalling/identity/identity_provider.h"

namespace sluice {
namespace {

using namespace std::chrono_literals;

const std::string kSecretText = "0123456789abcdef0123456789abcdef";

FillRandom counting_random() {
  return [next = std::uint8_t{0}](MutableBytes bytes) mutable {
    for (auto& byte : bytes) byte = next++;
  };
}

TokenRequest for_guest() {
  return {.identity = {.user_id = "guest-1",
                       .name = "Ada \"A\" L\u00f6velace",
                       .email = "ada@example.org",
                       .tenant = "north",
                       .user_type = "visitor",
                       .role = "viewer",
                       .guest = true,
                       .claims = {{"ignored", true}}},
          .extra = {{"meeting", "m1"}, {"rooms", json::array{"a", "b"}}},
          .lifetime = 10min};
}

struct Signer {
  ManualClock clock;
  GatewayTokens tokens{kSecretText, clock, counting_random()};
};

ErrorCode refused(const Tokens& tokens, const std::string& token) {
  const auto identity = tokens.verify(token);
  REQUIRE(!identity.has_value());
  return identity.error().code();
}

std::string part(const std::string& token, std::size_t index) {
  std::size_t from = 0;
  for (; index > 0; --index) from = token.find('.', from) + 1;
  return token.substr(from, token.find('.', from) - from);
}

std::string decoded(const std::string& base64url) {
  const auto bytes = decode_base64url(base64url).value();
  return {bytes.begin(), bytes.end()};
}

}  // namespace

TEST_CASE("a token brings back whom it was issued for, the tenant and the guest among it") {
  Signer signer;
  const TokenRequest request = for_guest();
  const auto identity = signer.tokens.verify(signer.tokens.issue(request));
  REQUIRE(identity.has_value());
  CHECK(identity->user_id == request.identity.user_id);
  CHECK(identity->name == request.identity.name);
  CHECK(identity->email == request.identity.email);
  CHECK(identity->tenant == request.identity.tenant);
  CHECK(identity->user_type == request.identity.user_type);
  CHECK(identity->role == request.identity.role);
  CHECK(identity->guest);
  CHECK(identity->claims.at("meeting") == "m1");
  CHECK(identity->claims.at("rooms") == json::array{"a", "b"});
  CHECK(!identity->claims.contains("ignored"));

  const auto plain = signer.tokens.verify(signer.tokens.issue({.identity = {.user_id = "u1"}}));
  REQUIRE(plain.has_value());
  CHECK(!plain->guest);
  CHECK(!plain->role.has_value());
  CHECK(plain->tenant.empty());
}

TEST_CASE("a token ends with its lifetime, which has bounds") {
  Signer signer;
  const auto lasts = [&](std::chrono::seconds asked, std::chrono::seconds granted) {
    TokenRequest request = for_guest();
    request.lifetime = asked;
    const std::string token = signer.tokens.issue(request);
    signer.clock.advance(granted - 1ms);
    CHECK(signer.tokens.verify(token).has_value());
    signer.clock.advance(1ms);
    CHECK(refused(signer.tokens, token) == ErrorCode::token_expired);
  };
  lasts(10min, 10min);
  lasts(1h * 24 * 365, 24h);
  lasts(-5s, 1s);
}

TEST_CASE("what was changed is refused, wherever it was changed") {
  Signer signer;
  const std::string token = signer.tokens.issue(for_guest());
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    // The last character of a 32-byte signature has two bits that are not used.
    if (i + 1 == token.size() && decode_base64url(part(changed, 2)) == decode_base64url(part(token, 2))) continue;
    CAPTURE(i);
    CHECK(refused(signer.tokens, changed) == ErrorCode::unauthorized);
  }
}

TEST_CASE("no signature, another key, another algorithm: refused") {
  Signer signer;
  const std::string token = signer.tokens.issue(for_guest());
  const std::string claims = part(token, 1);
  const std::string none = encode_base64url(R"({"alg":"none","typ":"sluice+jwt"})");
  ManualClock clock;
  GatewayTokens other{"another secret of thirty-two bytes", clock, counting_random()};
  GatewayTokens random{"", clock, counting_random()};
  for (const std::string& wrong :
       {none + "." + claims + ".", none + "." + claims + "." + part(token, 2), part(token, 0) + "." + claims + ".",
        other.issue(for_guest()), random.issue(for_guest()), std::string{}, std::string{"x"},
        token + std::string(kMaxJwtBytes, 'A')}) {
    CAPTURE(wrong);
    CHECK(refused(signer.tokens, wrong) == ErrorCode::unauthorized);
  }
  CHECK(json::parse(decoded(part(token, 0))) == json::object{{"alg", "HS256"}, {"typ", "sluice+jwt"}});
}

TEST_CASE("gateways with the same secret take each other's tokens, those without one only their own") {
  Signer signer;
  const GatewayTokens same{kSecretText, signer.clock, counting_random()};
  CHECK(same.verify(signer.tokens.issue(for_guest())).has_value());

  auto random = counting_random();
  GatewayTokens first{"", signer.clock, random};
  GatewayTokens second{"", signer.clock, [](MutableBytes bytes) { std::ranges::fill(bytes, std::uint8_t{7}); }};
  CHECK(refused(second, first.issue(for_guest())) == ErrorCode::unauthorized);
  CHECK_THROWS_AS((GatewayTokens{"short", signer.clock, counting_random()}), JwtKeyError);
}

TEST_CASE("claims that are too large, too deep, or the gateway's own are a mistake of the plugin") {
  Signer signer;
  const auto issue = [&](json::object extra) {
    TokenRequest request = for_guest();
    request.extra = std::move(extra);
    return signer.tokens.issue(request);
  };
  CHECK(!issue({{"a", std::string(TokenRequest::kMaxExtraBytes - 8, 'x')}}).empty());
  CHECK_THROWS_AS(issue({{"a", std::string(TokenRequest::kMaxExtraBytes - 7, 'x')}}), std::logic_error);
  CHECK(!issue({{"a", json::parse("[[[1]]]")}}).empty());
  CHECK_THROWS_AS(issue({{"a", json::parse("[[[[1]]]]")}}), std::logic_error);
  for (const char* name : {"sub", "exp", "iss", "tenant", "guest", "role"}) {
    CAPTURE(name);
    CHECK_THROWS_AS(issue({{name, "x"}}), std::logic_error);
  }
  CHECK_THROWS_AS(signer.tokens.issue({.identity = {.user_id = ""}}), std::logic_error);
}

TEST_CASE("the longest identity with the largest extra claims still makes a token that verifies") {
  Signer signer;
  const std::string text(Identity::kMaxBytes, '"');  // twice as long as JSON
  TokenRequest request{.identity = {.user_id = text, .name = text, .email = text, .tenant = text, .user_type = text},
                       .extra = {{"a", std::string(TokenRequest::kMaxExtraBytes - 8, 'x')}}};
  request.identity.role = text;
  const auto identity = signer.tokens.verify(signer.tokens.issue(request));
  REQUIRE(identity.has_value());
  CHECK(identity->tenant == text);
}

TEST_CASE("at the door the gateway's own tokens count beside the issuer's, even where both use one secret") {
  Signer signer;
  const IdentityProvider door{{.secret = kSecretText}, signer.clock, counting_random(), &signer.tokens};
  const std::string token = signer.tokens.issue(for_guest());
  const auto identity = door.identify(token);
  REQUIRE(identity.has_value());
  CHECK(identity->guest);
  CHECK(identity->tenant == "north");

  const IdentityProvider issuer_only{{.secret = kSecretText}, signer.clock, counting_random()};
  CHECK(issuer_only.identify(token).error().code() == ErrorCode::unauthorized);

  signer.clock.advance(10min);
  CHECK(door.identify(token).error().code() == ErrorCode::token_expired);
  CHECK(door.identify({}).error().code() == ErrorCode::unauthorized);
}

}  // namespace sluice
