#include <doctest/doctest.h>

#include "sluice/testing/fake_host.h"

namespace sluice::testing {

using namespace std::chrono_literals;

TEST_CASE("the fake's tokens are the same in every run, and end by the test's clock") {
  FakeHost host;
  const TokenRequest request{
      .identity = {.user_id = "ada", .guest = true}, .extra = {{"meeting", "m1"}}, .lifetime = 60s};
  const std::string token = host.tokens().issue(request);
  CHECK(token == "fake-token-1");
  const auto identity = host.tokens().verify(token);
  REQUIRE(identity.has_value());
  CHECK(identity->user_id == "ada");
  CHECK(identity->guest);
  CHECK(identity->claims.at("meeting") == "m1");

  CHECK(host.tokens().verify("fake-token-2").error().code() == ErrorCode::unauthorized);
  host.advance(60s);
  CHECK(host.tokens().verify(token).error().code() == ErrorCode::token_expired);
}

TEST_CASE("the fake refuses what the gateway refuses") {
  FakeHost host;
  CHECK_THROWS_AS(static_cast<void>(host.tokens().issue({.identity = {.user_id = ""}})), std::logic_error);
  const json::object large{{"a", std::string(TokenRequest::kMaxExtraBytes, 'x')}};
  CHECK_THROWS_AS(static_cast<void>(host.tokens().issue({.identity = {.user_id = "ada"}, .extra = large})),
                  std::logic_error);
}

}  // namespace sluice::testing
