#include "core/media/bwe/bandwidth_estimator.h"

#include <doctest/doctest.h>

#include "tests/unit/core/media/bwe/closed_loop.h"

namespace sluice {

using namespace sluice::testing;

namespace {

constexpr DataRate k2500 = DataRate::kbps(2500);

/// The less of two over the more.
double fairness(const Stretch& stretch) {
  const auto [least, most] = std::minmax_element(stretch.flow_kbps.begin(), stretch.flow_kbps.end());
  return *most / *least;
}

}  // namespace

TEST_CASE("a lone flow finds the capacity of its link, and follows it down and up again") {
  for (const Duration queue : {60ms, 300ms, 1000ms}) {
    CAPTURE(queue.count());
    ClosedLoop loop{"variable", {.rate = k2500, .queue = queue}, {{.start = DataRate::kbps(300)}}};
    CHECK(loop.time_until(DataRate::kbps(2125), 20s) < 8s);
    const Stretch steady = loop.run(20s);
    CHECK(steady.utilisation > 0.85);
    CHECK(steady.queue_p95 < 100ms);
    CHECK(steady.loss < 0.02);

    loop.link().set_rate(DataRate::kbps(800));
    loop.run(5s);
    const Stretch low = loop.run(20s);
    CHECK(low.utilisation > 0.85);
    CHECK(low.queue_p95 < 100ms);
    CHECK(low.loss < 0.02);

    loop.link().set_rate(k2500);
    CHECK(loop.time_until(DataRate::kbps(2125), 20s) < 5s);
  }
}

TEST_CASE("links of any speed and length are used, and their queues are short") {
  struct Case {
    int kbps;
    Duration one_way;
  };
  for (const Case each : {Case{1000, 5ms}, Case{1000, 100ms}, Case{8000, 5ms}, Case{8000, 100ms}, Case{30'000, 25ms}}) {
    CAPTURE(each.kbps);
    CAPTURE(each.one_way.count());
    const DataRate rate = DataRate::kbps(each.kbps);
    ClosedLoop loop{"links", {.rate = rate}, {{.wanted = DataRate::kbps(40'000), .one_way = each.one_way}}};
    CHECK(loop.time_until(rate * 0.85, 20s) < 8s);
    loop.run(5s);
    const Stretch steady = loop.run(30s);
    CHECK(steady.utilisation > 0.85);
    CHECK(steady.queue_p95 < 100ms);
    CHECK(steady.loss < 0.02);
  }
}

TEST_CASE("random loss is told from congestion") {
  for (const double loss : {0.01, 0.03, 0.1, 0.2}) {
    for (const std::uint32_t seed : {1U, 2U, 3U}) {
      CAPTURE(loss);
      CAPTURE(seed);
      ClosedLoop loop{"random_loss", {.rate = k2500, .loss = loss}, {{}}, seed};
      loop.run(15s);
      const Stretch steady = loop.run(45s);
      CHECK(steady.utilisation > 0.8);
      CHECK(steady.queue_p95 < 100ms);
      CHECK(loop.flow().estimator().loss() == doctest::Approx(loss).epsilon(0.8));
    }
  }
}

TEST_CASE("a queue of a few packets, which shows no delay, is kept from overflowing by its losses") {
  ClosedLoop loop{"shallow", {.rate = DataRate::kbps(3000), .queue = 20ms}, {{}}};
  loop.run(10s);
  const Stretch steady = loop.run(60s);
  CHECK(steady.utilisation > 0.75);
  CHECK(steady.loss < 0.03);
}

TEST_CASE("two flows share, whoever was first") {
  for (const Duration later : {0s, 15s, 30s}) {
    CAPTURE(later.count());
    std::vector<MediaFlow::Config> flows(2);
    flows[1].begin = Instant{1h} + later;
    ClosedLoop loop{"two_flows", {.rate = DataRate::kbps(3000)}, flows};
    loop.run(later + 30s);
    const Stretch steady = loop.run(60s);
    CHECK(fairness(steady) < 1.6);
    CHECK(steady.utilisation > 0.85);
    CHECK(steady.queue_p95 < 100ms);
    CHECK(steady.loss < 0.02);
  }
}

TEST_CASE("flows of different round trip times share") {
  std::vector<MediaFlow::Config> flows;
  for (const Duration one_way : {10ms, 25ms, 50ms, 100ms, 150ms}) flows.push_back({.one_way = one_way});
  ClosedLoop loop{"round_trips", {.rate = DataRate::kbps(4000)}, flows};
  loop.run(60s);
  const Stretch steady = loop.run(120s);
  CHECK(fairness(steady) < 3);
  CHECK(steady.utilisation > 0.85);
  CHECK(steady.loss < 0.02);
}

TEST_CASE("beside a long transfer by TCP a flow does not starve, and lets TCP live") {
  for (const Duration queue : {150ms, 300ms}) {
    CAPTURE(queue.count());
    ClosedLoop loop{"tcp", {.rate = DataRate::kbps(2000), .queue = queue}, {{}}};
    loop.run(10s);
    loop.start_tcp(25ms);
    loop.run(20s);
    const Stretch beside = loop.run(60s);
    CHECK(beside.flow_kbps[0] > 200);
    CHECK(beside.flow_kbps[0] < 1500);
  }
}

TEST_CASE("an estimate that is not used neither decays nor grows by itself, and probes keep it true") {
  ClosedLoop loop{"application_limited", {.rate = k2500}, {{.app_limit = DataRate::kbps(400)}}};
  loop.run(10s);
  CHECK(loop.kbps() > 2000);
  for (int i = 0; i < 6; ++i) {
    loop.run(5s);
    CHECK(loop.kbps() > 2000);
    CHECK(loop.kbps() < 2700);
  }
  loop.flow().estimator().set_wanted(DataRate::kbps(400), loop.now());
  const int probes = loop.flow().probes();
  const double before = loop.kbps();
  loop.run(10s);
  CHECK(loop.flow().probes() == probes);  // nobody wants more
  CHECK(loop.kbps() == doctest::Approx(before).epsilon(0.05));
}

TEST_CASE("a pause keeps the estimate, and what follows is no overuse") {
  ClosedLoop loop{"pause", {.rate = k2500}, {{}}};
  loop.run(10s);
  const double before = loop.kbps();
  loop.flow().set_paused(true);
  loop.run(20s);
  CHECK(loop.kbps() == doctest::Approx(before).epsilon(0.05));
  loop.flow().set_paused(false);
  const Stretch resumed = loop.run(10s);
  CHECK(resumed.utilisation > 0.8);
  CHECK(resumed.queue_p95 < 100ms);
}

TEST_CASE("while feedback fails to come the rate goes down step by step, and comes back with it") {
  ClosedLoop loop{"silence", {.rate = k2500}, {{}}};
  loop.run(10s);
  const double before = loop.kbps();
  loop.flow().set_silent(true);
  loop.run(2s);
  CHECK(loop.kbps() < before * 0.7);
  loop.run(10s);
  CHECK(loop.kbps() < 100);
  CHECK(loop.kbps() >= 50);
  loop.flow().set_silent(false);
  CHECK(loop.time_until(DataRate::kbps(2125), 20s) < 10s);
}

TEST_CASE("lost feedback and feedback in long intervals change little") {
  ClosedLoop lossy{"lost_feedback", {.rate = k2500}, {{.feedback_loss = 0.2}}};
  lossy.run(10s);
  CHECK(lossy.run(30s).utilisation > 0.8);
  ClosedLoop slow{"slow_feedback", {.rate = k2500}, {{.feedback_every = 250ms}}};
  slow.run(10s);
  const Stretch steady = slow.run(30s);
  CHECK(steady.utilisation > 0.8);
  CHECK(steady.queue_p95 < 100ms);
}

TEST_CASE("jitter is not taken for a queue") {
  ClosedLoop loop{"jitter", {.rate = k2500, .jitter = 10ms}, {{}}};
  loop.run(10s);
  CHECK(loop.run(30s).utilisation > 0.8);
}

TEST_CASE("steady state needs no probe bursts above what is sent anyway, and few changes of the estimate") {
  ClosedLoop loop{"steady", {.rate = k2500}, {{}}};
  loop.run(20s);
  double least = 1e9;
  double most = 0;
  for (int i = 0; i < 600; ++i) {
    loop.run(100ms);
    least = std::min(least, loop.kbps());
    most = std::max(most, loop.kbps());
  }
  CHECK(least > 1900);  // a layer's hysteresis is wider
  CHECK(most < 2750);
  CHECK(loop.flow().probes() < 90);
}

}  // namespace sluice
