#include <doctest/doctest.h>

#include <limits>

#include "quality/loss_meter.h"
#include "quality/report_budget.h"
#include "quality/stream_counters.h"

using namespace sluice;
using namespace sluice::analytics;
using namespace std::chrono_literals;

namespace {

RtpStreamStats stream(std::uint32_t ssrc, std::uint64_t packets, std::uint64_t lost) {
  RtpStreamStats out;
  out.ssrc = Ssrc{ssrc};
  out.packets = packets;
  out.packets_lost = lost;
  return out;
}

}  // namespace

TEST_CASE("a stream's growth is what came and was lost since the last look") {
  StreamCounters counters;
  CHECK_FALSE(counters.look_at(stream(1, 1'000, 10)).has_value());
  const auto growth = counters.look_at(stream(1, 1'048, 12));
  REQUIRE(growth.has_value());
  CHECK(growth->packets == 48);
  CHECK(growth->lost == 2);
  CHECK(growth->expected() == 50);
}

TEST_CASE("counters that begin again give nothing once, and go on from there") {
  StreamCounters counters;
  CHECK_FALSE(counters.look_at(stream(1, 1'000, 10)).has_value());
  CHECK_FALSE(counters.look_at(stream(1, 5, 0)).has_value());
  CHECK(counters.look_at(stream(1, 55, 0))->packets == 50);
}

TEST_CASE("a packet that comes late makes the loss smaller") {
  StreamCounters counters;
  CHECK_FALSE(counters.look_at(stream(1, 1'000, 10)).has_value());
  CHECK(counters.look_at(stream(1, 1'050, 8))->lost == -2);
}

TEST_CASE("numbers beyond all sense do no harm") {
  constexpr auto kMost = std::numeric_limits<std::uint64_t>::max();
  StreamCounters counters;
  CHECK_FALSE(counters.look_at(stream(1, 0, 0)).has_value());
  CHECK(counters.look_at(stream(1, kMost, kMost))->expected() > 0);
  CHECK_FALSE(counters.look_at(stream(1, 0, 0)).has_value());
}

TEST_CASE("a stream that has gone is forgotten, and one too many is not looked at") {
  StreamCounters counters;
  CHECK_FALSE(counters.look_at(stream(1, 1'000, 0)).has_value());
  counters.end_second();
  counters.end_second();  // a second without it
  CHECK_FALSE(counters.look_at(stream(1, 1'050, 0)).has_value());
  for (std::uint32_t i = 2; i < 100; ++i) CHECK_FALSE(counters.look_at(stream(i, 0, 0)).has_value());
  CHECK(counters.look_at(stream(StreamCounters::kMostStreams, 50, 0)).has_value());
  CHECK_FALSE(counters.look_at(stream(StreamCounters::kMostStreams + 1, 50, 0)).has_value());
}

TEST_CASE("a second with enough packets has a loss of its own") {
  LossMeter meter;
  CHECK_FALSE(meter.end_second().has_value());
  meter.add(1, 50);
  CHECK(meter.end_second() == 0.02);
  meter.add(0, 50);
  CHECK(meter.end_second() == 0.0);
}

TEST_CASE("where few packets come seconds are put together") {
  LossMeter meter;
  for (int i = 0; i < 4; ++i) {
    meter.add(i == 2 ? 1 : 0, 5);
    const auto loss = meter.end_second();
    CHECK(loss == (i < 3 ? std::nullopt : std::optional{0.05}));
  }
  meter.add(1, 3);
  CHECK(meter.end_second() == 0.05);  // the last that is known

  SUBCASE("and after ten seconds of next to nothing it is not known any more") {
    for (int i = 0; i < 8; ++i) CHECK(meter.end_second() == 0.05);
    CHECK_FALSE(meter.end_second().has_value());
  }
}

TEST_CASE("late packets do not make a loss less than none") {
  LossMeter meter;
  meter.add(-5, 50);
  CHECK(meter.end_second() == 0.0);
}

TEST_CASE("reports are taken as often as they may come, and some at once") {
  ReportBudget budget;
  const Instant t0{};
  for (int i = 0; i < 10; ++i) budget.demand(60, t0);
  CHECK_THROWS_WITH_AS(budget.demand(60, t0), "so many reports are not needed", Error);
  CHECK_THROWS_AS(budget.demand(60, t0 + 999ms), Error);
  CHECK_NOTHROW(budget.demand(60, t0 + 1'001ms));
  CHECK_THROWS_AS(budget.demand(60, t0 + 1'001ms), Error);
}

TEST_CASE("one report a minute is one at once") {
  ReportBudget budget;
  const Instant t0{};
  budget.demand(1, t0);
  try {
    budget.demand(1, t0 + 30s);
    FAIL("taken");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::rate_limited);
    CHECK(error.details().at("retryAfterMs").to_number<int>() == 30'001);
  }
  CHECK_NOTHROW(budget.demand(1, t0 + 61s));
}
