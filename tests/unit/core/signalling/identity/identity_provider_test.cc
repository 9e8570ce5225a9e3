#include "core/signalling/identity/identity_provider.h"

#include <Poco/JWT/Signer.h>
#include <Poco/JWT/Token.h>
#include <doctest/doctest.h>
#include <unistd.h>

#include <boost/json/parse.hpp>
#include <filesystem>
#include <fstream>

#include "rfc7515.h"

namespace sluice {
namespace {

const std::string kSecretText = "0123456789abcdef0123456789abcdef";

FillRandom counting_random() {
  return [next = std::uint8_t{0}](MutableBytes bytes) mutable {
    for (auto& byte : bytes) byte = next++;
  };
}

std::string token_for(const std::string& user, std::int64_t expiry) {
  Poco::JWT::Token token;
  token.setSubject(user);
  token.payload().set("exp", expiry);
  token.payload().set("name", std::string{"Ada\nLovelace"});
  return Poco::JWT::Signer{kSecretText}.sign(token, "HS256");
}

boost::json::object claims(std::string_view text) { return boost::json::parse(text).as_object(); }

TEST_CASE("a token becomes an identity, an expired one TOKEN_EXPIRED, a bad one UNAUTHORIZED") {
  ManualClock clock;
  clock.advance(std::chrono::seconds{1000});
  const IdentityProvider provider{{.secret = kSecretText, .allow_guests = true}, clock, counting_random()};

  const auto identity = provider.identify(token_for("u1", 2000));
  REQUIRE(identity.has_value());
  CHECK(identity->user_id == "u1");
  CHECK(identity->name == "AdaLovelace");
  CHECK(!identity->guest);
  CHECK(identity->claims.at("sub").as_string() == "u1");

  CHECK(provider.identify(token_for("u1", 500)).error().code() == ErrorCode::token_expired);
  CHECK(provider.identify("").error().code() == ErrorCode::unauthorized);
  CHECK(provider.identify("rubbish").error().code() == ErrorCode::unauthorized);
  CHECK(provider.identify(token_for("", 2000)).error().code() == ErrorCode::unauthorized);
  CHECK(provider.identify(token_for("\n", 2000)).error().code() == ErrorCode::unauthorized);
}

TEST_CASE("without a token a client is a guest, where guests are allowed") {
  const ManualClock clock;
  const IdentityProvider open{{.allow_guests = true}, clock, counting_random()};
  const auto first = open.identify({});
  const auto second = open.identify({});
  REQUIRE(first.has_value());
  REQUIRE(second.has_value());
  CHECK(first->guest);
  CHECK(first->user_id.starts_with("guest-"));
  CHECK(first->user_id != second->user_id);
  CHECK(first->claims.empty());

  const IdentityProvider closed{{.secret = kSecretText}, clock, counting_random()};
  CHECK(closed.identify({}).error().code() == ErrorCode::unauthorized);
}

TEST_CASE("without any key no token verifies, and none becomes a guest") {
  const ManualClock clock;
  const IdentityProvider provider{{.allow_guests = true}, clock, counting_random()};
  CHECK(provider.identify(token_for("u1", 2000)).error().code() == ErrorCode::unauthorized);
}

TEST_CASE("claims are mapped by name and by path") {
  ClaimNames names;
  names.user_id = "realm.user.id";
  names.tenant = "https://example.org/campus";
  names.role = "realm.role";
  const auto identity = identity_of(claims(R"({"realm":{"user":{"id":42},"role":"host"},"email":"a@example.org",
                                              "https://example.org/campus":"north","user_type":["x"]})"),
                                    names);
  REQUIRE(identity.has_value());
  CHECK(identity->user_id == "42");
  CHECK(identity->tenant == "north");
  CHECK(identity->role == "host");
  CHECK(identity->email == "a@example.org");
  CHECK(identity->user_type.empty());
  CHECK(identity->name.empty());

  CHECK(!identity_of(claims(R"({"sub":"u1"})"), names).has_value());
  CHECK(!identity_of(claims(R"({"realm":"flat"})"), names).has_value());
  CHECK(!identity_of(claims(R"({"sub":true})"), ClaimNames{}).has_value());
  CHECK(!identity_of(claims(R"({"sub":"u1"})"), ClaimNames{})->role.has_value());
}

TEST_CASE("keys are read from files, and a bad file is named") {
  const ManualClock clock;
  const auto folder = std::filesystem::temp_directory_path() / ("sluice-identity-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  const std::string jwks = (folder / "keys.json").string();
  const std::string pem = (folder / "bad.pem").string();
  std::ofstream{jwks} << rfc7515::kJwks;
  std::ofstream{pem} << "nothing";

  IdentityOptions options{.jwks_file = jwks};
  options.claims.user_id = "iss";
  ManualClock past;
  past.advance(std::chrono::seconds{rfc7515::kExpiry - 10});
  const IdentityProvider provider{options, past, counting_random()};
  CHECK(provider.identify(rfc7515::kEs256)->user_id == "joe");
  CHECK(provider.identify(rfc7515::kRs256)->user_id == "joe");
  CHECK(provider.identify(rfc7515::kHs256).error().code() == ErrorCode::unauthorized);

  CHECK_THROWS_WITH_AS((IdentityProvider{{.public_key_files = {pem}}, clock, counting_random()}),
                       (pem + ": the text is no PEM block of the kind PUBLIC KEY").c_str(), JwtKeyError);
  CHECK_THROWS_WITH_AS((IdentityProvider{{.jwks_file = "/nonexistent/keys"}, clock, counting_random()}),
                       "/nonexistent/keys: cannot be read", JwtKeyError);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace sluice
