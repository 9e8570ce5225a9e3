#include "core/admin/access/admin_gate.h"

#include <doctest/doctest.h>

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/log/log.h"
#include "core/metrics/metric_registry.h"

namespace sluice::admin {
namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t kWrongPerMinute = 3;

KnownToken kept(const std::string& text, const std::string& id) {
  return {.digest = digest_of(text), .name = "ann", .role = Role::read, .id = id, .expires_at = {}};
}

struct Fixture {
  Fixture() {
    AccessRules rules;
    rules.tokens = {{.digest = digest_of("right"), .name = "admin", .role = Role::write, .id = {}, .expires_at = {}}};
    gate.emplace(rules, kWrongPerMinute,
                 AdminGate::Parts{.clock = clock, .log = null_log(), .metrics = metrics.component("admin")});
  }

  Result<Identity, Error> ask(const std::string& token, const char* from = "198.51.100.7") {
    net::HttpRequest request;
    request.remote = SocketAddress::parse(from, 50'000).value();
    if (!token.empty()) request.headers.set("Authorization", "Bearer " + token);
    return gate->authorize(request);
  }
  ErrorCode refused(const std::string& token, const char* from = "198.51.100.7") {
    const auto identity = ask(token, from);
    REQUIRE(!identity.has_value());
    return identity.error().code();
  }
  void use_up() {
    for (std::uint32_t i = 0; i < kWrongPerMinute; ++i) CHECK(refused("wrong") == ErrorCode::unauthorized);
  }

  ManualClock clock;
  MetricRegistry metrics;
  std::optional<AdminGate> gate;
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "after too many wrong tokens an address waits, with right ones too") {
  use_up();
  const auto blocked = ask("right");
  REQUIRE(!blocked.has_value());
  CHECK(blocked.error().code() == ErrorCode::rate_limited);
  CHECK(blocked.error().details().at("retryAfterMs") == 20'000);  // 3 a minute: one every 20 seconds

  SUBCASE("other addresses do not") {
    CHECK(ask("right", "198.51.100.8").has_value());
    CHECK(refused("wrong", "198.51.100.8") == ErrorCode::unauthorized);
  }
  SUBCASE("nor who shows no token") { CHECK(refused("") == ErrorCode::unauthorized); }
  SUBCASE("and then it may try again, once") {
    clock.advance(20s);
    CHECK(refused("wrong") == ErrorCode::unauthorized);
    CHECK(refused("right") == ErrorCode::rate_limited);
    clock.advance(20s);
    CHECK(ask("right").has_value());
    CHECK(ask("right").has_value());  // a right one costs nothing
  }
}

TEST_CASE_FIXTURE(Fixture, "one IPv6 host has all addresses of its /64") {
  for (std::uint32_t i = 0; i < kWrongPerMinute; ++i) {
    const std::string from = "2001:db8::" + std::to_string(i + 1);
    CHECK(refused("wrong", from.c_str()) == ErrorCode::unauthorized);
  }
  CHECK(refused("right", "2001:db8::99") == ErrorCode::rate_limited);
  CHECK(ask("right", "2001:db8:0:1::1").has_value());
}

TEST_CASE_FIXTURE(Fixture, "requests without a token are no guesses") {
  for (int i = 0; i < 100; ++i) CHECK(refused("") == ErrorCode::unauthorized);
  CHECK(ask("right").has_value());
}

TEST_CASE_FIXTURE(Fixture, "a token that was taken back is refused at once, one that was made holds at once") {
  CHECK(refused("kept") == ErrorCode::unauthorized);
  gate->keep_tokens({kept("kept", "t1")});
  CHECK(ask("kept")->user_id == "ann");
  gate->keep_tokens({});
  CHECK(refused("kept") == ErrorCode::unauthorized);
  CHECK(ask("right").has_value());  // the configuration's stays
}

TEST_CASE_FIXTURE(Fixture, "when tokens of the store were shown is told once") {
  gate->keep_tokens({kept("kept", "t1")});
  CHECK(gate->take_seen().empty());
  clock.advance(5s);
  static_cast<void>(ask("kept"));
  static_cast<void>(ask("right"));
  const auto seen = gate->take_seen();
  CHECK(seen == std::map<std::string, WallTime>{{"t1", clock.wall_time()}});
  CHECK(gate->take_seen().empty());
}

TEST_CASE_FIXTURE(Fixture, "who asks is told without consequences") {
  net::HttpRequest request;
  request.headers.set("Authorization", "Bearer wrong");
  for (std::uint32_t i = 0; i <= kWrongPerMinute; ++i) CHECK(!gate->recognise(request).has_value());
  CHECK(ask("right").has_value());
  CHECK(gate->is_configured("admin"));
  CHECK(!gate->is_configured("ann"));
}

}  // namespace sluice::admin
