#include "core/api/request_limiter.h"

#include <doctest/doctest.h>

#include "core/metrics/metric_registry.h"

namespace sluice {
namespace {

using namespace std::chrono_literals;

const SocketAddress kHere = SocketAddress::parse("192.0.2.1", 1000).value();
const SocketAddress kSameAddress = SocketAddress::parse("192.0.2.1", 2000).value();
const SocketAddress kElsewhere = SocketAddress::parse("192.0.2.2", 1000).value();

Identity user(std::string id, std::string tenant = {}) {
  return {.user_id = std::move(id), .tenant = std::move(tenant)};
}

Identity guest(std::string id) { return {.user_id = std::move(id), .guest = true}; }

struct Fixture {
  [[nodiscard]] bool allowed(const Identity& caller, const SocketAddress& from = kHere) {
    return !limiter.check(caller, from, now).has_value();
  }
  MetricRegistry registry;
  RequestLimiter limiter{{.per_second = 10, .burst = 2}, registry.component("http")};
  Instant now{};
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a user may ask so often, from wherever, and is told when to ask again") {
  CHECK(allowed(user("ada")));
  CHECK(allowed(user("ada"), kElsewhere));
  const auto refusal = limiter.check(user("ada"), kHere, now);
  REQUIRE(refusal.has_value());
  CHECK(refusal->code() == ErrorCode::rate_limited);
  CHECK(refusal->details().at("retryAfterMs") == 100);
  CHECK(allowed(user("ben")));
  CHECK(allowed(user("ada", "north")));  // another one
  now += 100ms;
  CHECK(allowed(user("ada")));
  CHECK(registry.expose().find("sluice_http_requests_rate_limited_total 1") != std::string::npos);
}

TEST_CASE_FIXTURE(Fixture, "guests are known by their address, those with a token of the gateway by their name") {
  CHECK(allowed(guest("guest-1")));
  CHECK(allowed(guest("guest-2"), kSameAddress));
  CHECK(!allowed(guest("guest-3")));
  CHECK(allowed(guest("guest-4"), kElsewhere));
  Identity invited = guest("guest-5");
  invited.claims["sub"] = "guest-5";
  CHECK(allowed(invited));
}

TEST_CASE("without a rate nobody is refused") {
  MetricRegistry registry;
  RequestLimiter limiter{{}, registry.component("http")};
  for (int i = 0; i < 1000; ++i) CHECK(!limiter.check(user("ada"), kHere, Instant{}).has_value());
}

}  // namespace sluice
