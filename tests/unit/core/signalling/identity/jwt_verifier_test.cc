#include "core/signalling/identity/jwt_verifier.h"

#include <Poco/Crypto/ECKey.h>
#include <Poco/JWT/Signer.h>
#include <Poco/JWT/Token.h>
#include <doctest/doctest.h>

#include <sstream>

#include "core/signalling/identity/base64url.h"
#include "core/signalling/identity/public_key.h"
#include "rfc7515.h"

namespace sluice {
namespace {

using namespace std::chrono_literals;
using Keys = std::vector<std::unique_ptr<JwtKey>>;

const std::string kSecretText = "0123456789abcdef0123456789abcdef";
const WallTime kNow{std::chrono::seconds{1'700'000'000}};
constexpr std::int64_t kNowSeconds = 1'700'000'000;

WallTime at(long long seconds) { return WallTime{std::chrono::seconds{seconds}}; }

std::string decoded_text(std::string_view base64url) {
  const auto bytes = decode_base64url(base64url).value();
  return {bytes.begin(), bytes.end()};
}

template <class... Key>
Keys list(Key... key) {
  Keys keys;
  (keys.push_back(std::move(key)), ...);
  return keys;
}

JwtVerifier secret_verifier(JwtRules rules = {}) { return {list(make_secret_key(kSecretText)), std::move(rules)}; }

Poco::JWT::Token token_with(std::int64_t expiry) {
  Poco::JWT::Token token;
  token.setSubject("u1");
  token.payload().set("exp", expiry);
  return token;
}

std::string signed_with_secret(Poco::JWT::Token token, const std::string& secret = kSecretText) {
  return Poco::JWT::Signer{secret}.sign(token, "HS256");
}

/// "none", or any header over any claims, with a signature that is not one.
std::string forged(const std::string& header, const std::string& claims, const std::string& signature) {
  const auto encode = [](const std::string& text) {
    static constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::string out;
    for (std::size_t i = 0; i < text.size(); i += 3) {
      std::uint32_t bits = 0;
      const std::size_t count = std::min<std::size_t>(3, text.size() - i);
      for (std::size_t k = 0; k < 3; ++k) bits = bits << 8 | (k < count ? static_cast<std::uint8_t>(text[i + k]) : 0U);
      for (std::size_t k = 0; k <= count; ++k) out.push_back(kDigits[bits >> (18 - 6 * k) & 63U]);
    }
    return out;
  };
  return encode(header) + "." + encode(claims) + "." + signature;
}

TEST_CASE("base64url is read strictly") {
  CHECK(decode_base64url("")->empty());
  CHECK(decoded_text("aGk") == "hi");
  CHECK(decode_base64url("-_8") == std::vector<std::uint8_t>{0xfb, 0xff});
  for (const auto* bad : {"a", "aGk=", "a+b/", "aG k", "aG\nk"}) CHECK(!decode_base64url(bad).has_value());
}

TEST_CASE("the signatures of RFC 7515 appendix A verify") {
  struct Row {
    const char* token;
    Keys keys;
  };
  Row rows[] = {{rfc7515::kHs256, list(make_secret_key(decoded_text(rfc7515::kSecret)))},
                {rfc7515::kRs256, make_jwks_keys(rfc7515::kJwks)},
                {rfc7515::kEs256, make_jwks_keys(rfc7515::kJwks)}};
  for (Row& row : rows) {
    CAPTURE(row.token);
    const JwtVerifier verifier{std::move(row.keys), {}};
    const auto claims = verifier.verify(row.token, at(rfc7515::kExpiry - 1));
    REQUIRE(claims.has_value());
    CHECK(claims->at("iss").as_string() == "joe");

    std::string damaged = row.token;
    damaged[damaged.size() - 10] = damaged[damaged.size() - 10] == 'A' ? 'B' : 'A';
    CHECK(verifier.verify(damaged, at(rfc7515::kExpiry - 1)).error() == JwtError::bad_signature);
  }
}

TEST_CASE("time decides, with the leeway on both sides") {
  const JwtVerifier verifier = secret_verifier({.leeway = 30s, .issuer = {}, .audience = {}});
  const std::string token = signed_with_secret(token_with(kNowSeconds));
  CHECK(verifier.verify(token, kNow).has_value());
  CHECK(verifier.verify(token, kNow + 29s).has_value());
  CHECK(verifier.verify(token, kNow + 30s).error() == JwtError::expired);

  Poco::JWT::Token later = token_with(kNowSeconds + 3600);
  later.payload().set("nbf", kNowSeconds + 60);
  const std::string not_yet = signed_with_secret(later);
  CHECK(verifier.verify(not_yet, kNow).error() == JwtError::not_yet_valid);
  CHECK(verifier.verify(not_yet, kNow + 30s).has_value());
}

TEST_CASE("a token without an expiry is refused unless the rules allow it") {
  Poco::JWT::Token token;
  token.setSubject("u1");
  const std::string text = signed_with_secret(token);
  CHECK(secret_verifier().verify(text, kNow).error() == JwtError::malformed);
  CHECK(secret_verifier({.require_expiry = false, .issuer = {}, .audience = {}}).verify(text, kNow).has_value());
}

TEST_CASE("an expiry that is no number is refused") {
  Poco::JWT::Token token;
  token.payload().set("exp", std::string{"9999999999"});
  CHECK(secret_verifier().verify(signed_with_secret(token), kNow).error() == JwtError::malformed);
}

TEST_CASE("issuer and audience are checked where they are configured") {
  Poco::JWT::Token token = token_with(kNowSeconds + 60);
  token.setIssuer("https://id.example.org");
  token.setAudience(std::vector<std::string>{"other", "sluice"});
  const std::string text = signed_with_secret(token);
  CHECK(secret_verifier({.issuer = "https://id.example.org", .audience = "sluice"}).verify(text, kNow).has_value());
  CHECK(secret_verifier({.issuer = "https://evil.example", .audience = {}}).verify(text, kNow).error() ==
        JwtError::wrong_issuer);
  CHECK(secret_verifier({.issuer = {}, .audience = "slu"}).verify(text, kNow).error() == JwtError::wrong_audience);
  const std::string bare = signed_with_secret(token_with(kNowSeconds + 60));
  CHECK(secret_verifier({.issuer = "x", .audience = {}}).verify(bare, kNow).error() == JwtError::wrong_issuer);
  CHECK(secret_verifier({.issuer = {}, .audience = "x"}).verify(bare, kNow).error() == JwtError::wrong_audience);
}

TEST_CASE("alg none is refused, however it is spelt") {
  const std::string claims = R"({"sub":"root","exp":9999999999})";
  for (const char* name : {"none", "None", "NONE", "nOnE", ""}) {
    CAPTURE(name);
    const std::string header = std::string{R"({"alg":")"} + name + R"(","typ":"JWT"})";
    CHECK(secret_verifier().verify(forged(header, claims, ""), kNow).error() == JwtError::unsupported_algorithm);
    CHECK(secret_verifier().verify(forged(header, claims, "AAAA"), kNow).error() == JwtError::unsupported_algorithm);
  }
  CHECK(!secret_verifier().verify(forged(R"({"alg":"HS256"})", claims, ""), kNow).has_value());
  CHECK(secret_verifier().verify(forged(R"({"typ":"JWT"})", claims, ""), kNow).error() == JwtError::malformed);
}

TEST_CASE("an HS256 token signed with the text of the public key is refused") {
  Keys jwks = make_jwks_keys(rfc7515::kJwks);
  const auto n = decode_base64url(
      "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pC"
      "gNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg6"
      "65xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRW"
      "yuXpoQ");
  const auto e = decode_base64url("AQAB");
  const std::string pem = PublicKey::from_rsa(*n, *e).to_pem();
  const std::string token = signed_with_secret(token_with(kNowSeconds + 60), pem);

  CHECK(JwtVerifier{list(make_pem_key(pem)), {}}.verify(token, kNow).error() == JwtError::unknown_key);
  CHECK(JwtVerifier{list(make_pem_key(pem), make_secret_key(kSecretText)), {}}.verify(token, kNow).error() ==
        JwtError::bad_signature);
  CHECK(JwtVerifier{std::move(jwks), {}}.verify(token, kNow).error() == JwtError::unknown_key);
}

TEST_CASE("a key of a set is chosen by its kid") {
  Poco::SharedPtr<Poco::Crypto::ECKey> key{new Poco::Crypto::ECKey{"prime256v1"}};
  std::ostringstream pem;
  key->save(&pem);
  Poco::JWT::Signer signer{key};
  signer.addAllAlgorithms();
  const auto token_of = [&](const char* kid) {
    Poco::JWT::Token token = token_with(kNowSeconds + 60);
    if (kid != nullptr) token.header().set("kid", std::string{kid});
    return signer.sign(token, "ES256");
  };
  const JwtVerifier named{list(make_pem_key(pem.str(), "k1")), {}};
  CHECK(named.verify(token_of("k1"), kNow).has_value());
  CHECK(named.verify(token_of(nullptr), kNow).has_value());
  CHECK(named.verify(token_of("k2"), kNow).error() == JwtError::unknown_key);
  const JwtVerifier nameless{list(make_pem_key(pem.str())), {}};
  CHECK(nameless.verify(token_of("k2"), kNow).has_value());
}

TEST_CASE("what is no token is malformed") {
  const JwtVerifier verifier = secret_verifier();
  const std::string good = signed_with_secret(token_with(kNowSeconds + 60));
  const std::string deep = forged(
      R"({"alg":"HS256"})", R"({"exp":9999999999,"a":)" + std::string(100, '[') + std::string(100, ']') + "}", "AAAA");
  for (const std::string& text :
       {std::string{}, std::string{"."}, std::string{".."}, std::string{"a.b"}, good + ".x", good + "=", "x" + good,
        std::string(kMaxJwtBytes + 1, 'a'), forged("[]", "{}", "AAAA"), forged(R"({"alg":"HS256"})", "[]", "AAAA"),
        forged(R"({"alg":5})", "{}", "AAAA"), deep}) {
    CAPTURE(text);
    CHECK(verifier.verify(text, kNow).error() == JwtError::malformed);
  }
}

TEST_CASE("a token with a critical header that is not understood is refused") {
  Poco::JWT::Token token = token_with(kNowSeconds + 60);
  token.header().set("crit", std::string{"x"});
  CHECK(secret_verifier().verify(signed_with_secret(token), kNow).error() == JwtError::unsupported_algorithm);
}

TEST_CASE("weak and foreign keys are refused at the start") {
  CHECK_THROWS_AS(static_cast<void>(make_secret_key("short")), JwtKeyError);
  CHECK_THROWS_AS(static_cast<void>(make_pem_key("no key")), JwtKeyError);
  CHECK_THROWS_AS(static_cast<void>(make_jwks_keys("{}")), JwtKeyError);
  CHECK_THROWS_AS(static_cast<void>(make_jwks_keys(R"({"keys":[]})")), JwtKeyError);
  CHECK_THROWS_AS(static_cast<void>(make_jwks_keys(R"({"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB"}]})")), JwtKeyError);
  CHECK_THROWS_AS(static_cast<void>(make_jwks_keys(R"({"keys":[{"kty":"RSA","n":"***","e":"AQAB"}]})")), JwtKeyError);
  // A point beside the curve.
  CHECK_THROWS_AS(static_cast<void>(make_jwks_keys(R"({"keys":[{"kty":"EC","crv":"P-256",
    "x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"}]})")),
                  JwtKeyError);
  const Poco::Crypto::ECKey other{"secp384r1"};
  std::ostringstream pem;
  other.save(&pem);
  CHECK_THROWS_AS(static_cast<void>(make_pem_key(pem.str())), JwtKeyError);
}

}  // namespace
}  // namespace sluice
