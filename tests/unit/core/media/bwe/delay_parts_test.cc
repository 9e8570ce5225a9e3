// The parts that look at delay: groups, trend, detector, queue.
#include <doctest/doctest.h>

#include "core/media/bwe/arrival_groups.h"
#include "core/media/bwe/overuse_detector.h"
#include "core/media/bwe/queue_delay.h"
#include "core/media/bwe/queue_drain.h"
#include "core/media/bwe/trendline.h"

namespace sluice {
namespace {

using namespace std::chrono_literals;

const Instant t0{1h};
const Instant r0{77h};  // the receiver's clock is another

/// `count` groups, 10 ms apart when sent, whose delay grows by `growth` each.
void feed(Trendline& trend, int count, Duration growth, Duration jitter = {}) {
  static Instant arrival{77h};
  for (int i = 0; i < count; ++i) {
    const Duration wobble = i % 2 == 0 ? jitter : -jitter;
    arrival += 10ms + growth + wobble;
    trend.on_delta({.sent = 10ms, .arrived = 10ms + growth + wobble, .arrival = arrival});
  }
}

}  // namespace

TEST_CASE("packets of one burst are one group, and groups are compared by their last packets") {
  ArrivalGroups groups;
  CHECK_FALSE(groups.on_packet(t0, r0));
  CHECK_FALSE(groups.on_packet(t0 + 4ms, r0 + 6ms));
  CHECK_FALSE(groups.on_packet(t0 + 20ms, r0 + 25ms));  // the first group is complete, and has none before it
  CHECK_FALSE(groups.on_packet(t0 + 24ms, r0 + 31ms));
  const auto delta = groups.on_packet(t0 + 40ms, r0 + 45ms);
  REQUIRE(delta);
  CHECK(delta->sent == 20ms);
  CHECK(delta->arrived == 25ms);
  CHECK(delta->arrival == r0 + 31ms);
}

TEST_CASE("packets that a link let through in one lump are one group") {
  ArrivalGroups groups;
  for (int i = 0; i < 5; ++i) CHECK_FALSE(groups.on_packet(t0 + i * 10ms, r0 + 60ms + i * 1ms));
  groups.on_packet(t0 + 100ms, r0 + 120ms);
  const auto delta = groups.on_packet(t0 + 120ms, r0 + 140ms);
  REQUIRE(delta);
  CHECK(delta->sent == 60ms);
  CHECK(delta->arrived == 56ms);
}

TEST_CASE("a clock that was set, or a silence, breaks the chain instead of being taken for delay") {
  struct Step {
    Duration sent;
    Duration arrived;
  };
  for (const Step step : {Step{20ms, 1h}, Step{20ms, -1h}, Step{5s, 5s}}) {
    ArrivalGroups groups;
    groups.on_packet(t0, r0);
    groups.on_packet(t0 + 20ms, r0 + 20ms);
    CHECK_FALSE(groups.take_broken());
    CHECK_FALSE(groups.on_packet(t0 + 20ms + step.sent, r0 + 20ms + step.arrived));
    CHECK(groups.take_broken());
    CHECK_FALSE(groups.take_broken());
  }
}

TEST_CASE("a packet that comes late belongs to no group, and groups out of order give no delta") {
  ArrivalGroups groups;
  groups.on_packet(t0, r0 + 50ms);
  groups.on_packet(t0 + 20ms, r0 + 70ms);
  CHECK_FALSE(groups.on_packet(t0 + 3ms, r0 + 72ms));
  CHECK_FALSE(groups.on_packet(t0 + 40ms, r0 + 60ms).value_or(GroupDelta{}).arrived < 0ms);
}

TEST_CASE("the trend is the slope of the delay, and jitter around none is none") {
  Trendline rising;
  feed(rising, 19, 500us);
  CHECK(rising.value() == 0);  // too little seen
  feed(rising, 81, 500us);
  CHECK(rising.slope() == doctest::Approx(0.5 / 10.5).epsilon(0.02));
  CHECK(rising.value() == doctest::Approx(60 * 4 * 0.5 / 10.5).epsilon(0.02));
  Trendline falling;
  feed(falling, 100, -500us);
  CHECK(falling.slope() == doctest::Approx(-0.5 / 9.5).epsilon(0.02));
  Trendline flat;
  feed(flat, 100, 0us, 3ms);
  CHECK(std::abs(flat.value()) < OveruseDetector::kMinThreshold);
}

TEST_CASE("overuse is a trend above the threshold that lasts and does not fall") {
  OveruseDetector detector;
  CHECK(detector.on_trend({20, 10ms, t0}) == PathUsage::normal);  // for half of 10 ms
  CHECK(detector.on_trend({21, 10ms, t0 + 10ms}) == PathUsage::overuse);
  SUBCASE("it ends when the trend is below") { CHECK(detector.on_trend({3, 10ms, t0 + 20ms}) == PathUsage::normal); }
  SUBCASE("a queue that empties is underuse") {
    CHECK(detector.on_trend({-40, 10ms, t0 + 20ms}) == PathUsage::underuse);
  }
  SUBCASE("a probe's overuse is forgotten") {
    detector.forget_overuse();
    CHECK(detector.usage() == PathUsage::normal);
  }
}

TEST_CASE("a trend above the threshold that falls is no overuse") {
  OveruseDetector detector;
  for (int i = 0; i < 10; ++i) CHECK(detector.on_trend({25.0 - i, 10ms, t0 + i * 10ms}) == PathUsage::normal);
}

TEST_CASE("beside a flow that keeps the queue full the threshold stays up") {
  OveruseDetector detector;
  for (int i = 0; i < 100; ++i) detector.on_trend({0, 10ms, t0 + i * 10ms, true});
  CHECK(detector.threshold() > 7);
}

TEST_CASE("the threshold goes down quickly, up slowly, and does not follow spikes") {
  OveruseDetector detector;
  for (int i = 0; i < 100; ++i) detector.on_trend({0, 10ms, t0 + i * 10ms});
  CHECK(detector.threshold() == OveruseDetector::kMinThreshold);
  detector.on_trend({400, 10ms, t0 + 1010ms});
  CHECK(detector.threshold() == OveruseDetector::kMinThreshold);
  for (int i = 0; i < 100; ++i) detector.on_trend({15, 10ms, t0 + 1020ms + i * 10ms});
  CHECK(detector.threshold() > 14);
  CHECK(detector.threshold() < 15);
}

TEST_CASE("the queue's delay is what the quickest packet of a message waited above the least") {
  QueueDelay queue;
  Instant at = t0;
  const auto message = [&](Duration delay) {
    for (const Duration jitter : {30ms, 0ms, 12ms}) queue.on_packet(at, r0 + (at - t0) + delay + jitter);
    at += 100ms;
    queue.end_message();
    return queue.value();
  };
  CHECK(message(20ms) == 0ms);
  CHECK(message(70ms) == 50ms);
  CHECK(message(5ms) == 0ms);
  CHECK(message(50ms) == 45ms);
  CHECK_FALSE(queue.surging());
  CHECK(message(130ms) == 125ms);
  CHECK(queue.surging());
  CHECK(message(150ms) == 145ms);
  CHECK_FALSE(queue.surging());
  for (int i = 0; i < 1100; ++i) message(105ms);
  CHECK(message(105ms) == 100ms);
  CHECK(queue.standing());
  for (int i = 0; i < 160; ++i) message(105ms);
  CHECK(message(105ms) == 0ms);  // it has not been shorter for two minutes: that is the path
}

TEST_CASE("a long queue is drained for a moment, and not again at once") {
  QueueDrain drain;
  const DataRate through = DataRate::kbps(1000);
  drain.on_decrease(through, 40ms, 50ms, t0);
  CHECK_FALSE(drain.bound().has_value());
  drain.on_decrease(through, 180ms, 50ms, t0);
  REQUIRE(drain.bound());
  CHECK(drain.bound()->kbps() == doctest::Approx(700));
  SUBCASE("until it is empty") {
    drain.update(30ms, t0 + 300ms);
    CHECK(drain.bound());
    drain.update(10ms, t0 + 400ms);
    CHECK_FALSE(drain.bound());
  }
  SUBCASE("or its time is over, because others keep it full") {
    drain.update(400ms, t0 + 650ms);
    CHECK_FALSE(drain.bound());
    drain.on_decrease(through, 400ms, 50ms, t0 + 700ms);
    CHECK_FALSE(drain.bound());
    drain.on_decrease(through, 400ms, 50ms, t0 + 5s);
    CHECK(drain.bound()->kbps() == doctest::Approx(500));
  }
}

}  // namespace sluice
