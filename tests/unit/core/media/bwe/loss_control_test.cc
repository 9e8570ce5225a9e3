#include "core/media/bwe/loss_control.h"

#include <doctest/doctest.h>

#include "core/media/bwe/feedback_silence.h"
#include "core/media/bwe/receiver_bounds.h"

namespace sluice {
namespace {

using namespace std::chrono_literals;

const Instant t0{1h};

/// A message of 100 packets each 100 ms, over a path that loses a share by chance, and what is above its capacity.
struct Path {
  LossControl control{};
  Instant now = t0;
  double chance = 0;
  double capacity_kbps = 1e9;
  double wish_kbps = 10'000;
  Duration queue{};
  double owed = 0;  // losses, so that there is no randomness

  double sent_kbps() { return control.bound() ? std::min(wish_kbps, control.bound()->kbps()) : wish_kbps; }
  void run(Duration length) {
    for (const Instant end = now + length; now < end;) {
      const double sent = sent_kbps();
      const double full = std::max(0.0, 1 - capacity_kbps / sent);
      const double loss = full + (1 - full) * chance;
      for (int i = 0; i < 100; ++i) {
        owed += loss;
        owed >= 1 ? control.on_lost() : control.on_arrived();
        if (owed >= 1) owed -= 1;
      }
      control.update({.estimate = DataRate::bps(static_cast<std::int64_t>(sent * 1000)),
                      .acknowledged = DataRate::bps(static_cast<std::int64_t>(sent * (1 - loss) * 1000)),
                      .round_trip = 50ms,
                      .queue = queue},
                     now += 100ms);
    }
  }
};

}  // namespace

TEST_CASE("without loss there is no bound") {
  Path path;
  path.run(10s);
  CHECK_FALSE(path.control.bound().has_value());
  CHECK(path.control.loss() == 0);
}

TEST_CASE("loss by chance is tried once, and then counts as inherent") {
  for (const double chance : {0.05, 0.1, 0.2}) {
    CAPTURE(chance);
    Path path{.chance = chance};
    path.run(600ms);
    CHECK(path.control.bound().has_value());
    path.run(5s);
    CHECK_FALSE(path.control.bound().has_value());
    CHECK(path.control.inherent() == doctest::Approx(chance).epsilon(0.1));
    path.run(20s);
    CHECK_FALSE(path.control.bound().has_value());
    CHECK(path.control.loss() == doctest::Approx(chance).epsilon(0.1));
    path.chance = 0;
    path.run(20s);
    CHECK(path.control.inherent() == 0);
  }
}

TEST_CASE("a link that drops what is too much bounds the rate to what it carries") {
  for (const double capacity : {9000.0, 7000.0, 3000.0}) {
    CAPTURE(capacity);
    Path path{.capacity_kbps = capacity};
    path.run(6s);
    REQUIRE(path.control.bound());
    CHECK(path.control.bound()->kbps() < capacity);
    CHECK(path.control.bound()->kbps() > capacity * 0.75);
    CHECK(path.control.inherent() == 0);
    double most = 0;
    for (int i = 0; i < 300; ++i) {
      path.run(100ms);
      most = std::max(most, path.sent_kbps());
    }
    CHECK(most < capacity * 1.15);
    CHECK(path.control.loss() < 0.05);
  }
}

TEST_CASE("a bound rises when there is room again, and ends") {
  Path path{.capacity_kbps = 7000};
  path.run(6s);
  REQUIRE(path.control.bound());
  path.capacity_kbps = 1e9;
  path.run(1s);
  SUBCASE("slowly by itself") { path.run(15s); }
  SUBCASE("at once by a probe, as far as the rate that had losses") {
    path.control.on_probe(DataRate::kbps(20'000));
    CHECK(path.sent_kbps() > 7000);
    path.run(12s);
  }
  CHECK(path.sent_kbps() == 10'000);
}

TEST_CASE("chance and a full link are told apart when both are there") {
  Path path{.chance = 0.05, .wish_kbps = 2000};
  path.run(5s);
  CHECK(path.control.inherent() == doctest::Approx(0.05).epsilon(0.1));
  path.wish_kbps = 10'000;
  path.capacity_kbps = 6000;
  path.run(6s);
  REQUIRE(path.control.bound());
  CHECK(path.control.bound()->kbps() < 6600);
  CHECK(path.control.inherent() < 0.1);
}

TEST_CASE("loss behind a long queue is not taken for chance") {
  Path path{.chance = 0.1, .queue = 150ms};
  path.run(5s);
  CHECK(path.control.inherent() == 0);
  CHECK(path.control.bound().has_value());
}

TEST_CASE("a few packets prove nothing") {
  LossControl control;
  Instant now = t0;
  for (int i = 0; i < 15; ++i) {
    i == 7 ? control.on_lost() : control.on_arrived();
    control.update({.estimate = DataRate::kbps(100), .round_trip = 50ms}, now += 100ms);
  }
  CHECK_FALSE(control.bound().has_value());
}

TEST_CASE("a packet that came late was not lost") {
  LossControl control;
  Instant now = t0;
  for (int i = 0; i < 100; ++i) {
    control.on_lost();
    control.on_late();
    control.update({.estimate = DataRate::kbps(1000), .round_trip = 50ms}, now += 20ms);
  }
  CHECK(control.loss() == 0);
  CHECK_FALSE(control.bound().has_value());
}

TEST_CASE("a receiver's own estimate lasts for ten seconds") {
  ReceiverBounds bounds;
  CHECK_FALSE(bounds.remb(t0).has_value());
  bounds.on_remb(DataRate::kbps(700), t0);
  CHECK(bounds.remb(t0 + 10s) == DataRate::kbps(700));
  CHECK_FALSE(bounds.remb(t0 + 11s).has_value());
}

TEST_CASE("reports lower the rate above 10 % loss and raise it below 2 %, at most twice a second") {
  ReceiverBounds bounds;
  const DataRate rate = DataRate::kbps(1000);
  bounds.on_report(0.2, rate, t0);
  CHECK(bounds.by_reports() == DataRate::kbps(900));
  bounds.on_report(0.2, rate, t0 + 100ms);
  CHECK(bounds.by_reports() == DataRate::kbps(900));
  bounds.on_report(0.05, DataRate::kbps(900), t0 + 1s);
  CHECK(bounds.by_reports() == DataRate::kbps(900));
  bounds.on_report(0.0, DataRate::kbps(900), t0 + 2s);
  CHECK(bounds.by_reports() == DataRate::kbps(946));
}

TEST_CASE("a silence of feedback is a step each half second, from when something was sent") {
  FeedbackSilence silence;
  CHECK_FALSE(silence.next_timeout(100ms).has_value());
  CHECK_FALSE(silence.take_step(100ms, t0));
  silence.on_sent(t0);
  silence.on_sent(t0 + 500ms);
  CHECK(silence.next_timeout(100ms) == t0 + 1100ms);
  CHECK_FALSE(silence.take_step(100ms, t0 + 1099ms));
  CHECK(silence.take_step(100ms, t0 + 1100ms));
  CHECK_FALSE(silence.take_step(100ms, t0 + 1500ms));
  CHECK(silence.take_step(100ms, t0 + 1600ms));
  silence.on_feedback();
  CHECK_FALSE(silence.next_timeout(100ms).has_value());
}

}  // namespace sluice
