// What the estimator does with each of its inputs, without a network.
#include <doctest/doctest.h>

#include <vector>

#include "core/media/bwe/bandwidth_estimator.h"

namespace sluice {
namespace {

using namespace std::chrono_literals;

struct Fed {
  Instant now{1h};
  BandwidthEstimator estimator{{.min = DataRate::kbps(50), .start = DataRate::kbps(600), .max = DataRate::kbps(5000)},
                               now};
  Duration clock = 77h;  ///< of the receiver, before ours
  std::uint8_t probe = 0;

  /// A message of packets that were sent evenly at `rate` in the last 100 ms, and took 20 ms.
  void feed(DataRate rate, int messages = 1) {
    for (int i = 0; i < messages; ++i) {
      std::vector<PacketResult> packets;
      for (Duration at{}; at < 100ms; at += 10ms) {
        packets.push_back(
            {.sent = now + at, .bytes = rate.bytes_in(10ms), .probe = probe, .arrived = now + at + 20ms + clock});
        estimator.on_sent(rate.bytes_in(10ms), now + at);
      }
      now += 100ms;
      estimator.on_feedback({.packets = packets, .round_trip = 40ms}, now + 40ms);
    }
  }
  double kbps() const { return estimator.estimate().kbps(); }
};

}  // namespace

TEST_CASE("before anything is known the estimate is the start, within the limits") {
  const Instant now{1h};
  const BandwidthEstimator estimator{{.min = DataRate::kbps(700), .start = DataRate::kbps(600)}, now};
  CHECK(estimator.estimate() == DataRate::kbps(700));
  CHECK_FALSE(estimator.round_trip().has_value());
  CHECK(estimator.loss() == 0);
  CHECK_FALSE(estimator.overused());
  CHECK_FALSE(estimator.next_timeout().has_value());
}

TEST_CASE("without transport-wide feedback the receiver's own estimate counts") {
  Fed fed;
  fed.estimator.on_remb(DataRate::kbps(3000), fed.now);
  CHECK(fed.kbps() == 3000);
  fed.estimator.on_remb(DataRate::kbps(200), fed.now += 1s);
  CHECK(fed.kbps() == 200);
  fed.estimator.on_remb(DataRate::kbps(1), fed.now += 1s);
  CHECK(fed.kbps() == 50);
}

TEST_CASE("without transport-wide feedback losses of reports lower the estimate") {
  Fed fed;
  fed.estimator.on_report(0.5, 80ms, fed.now);
  CHECK(fed.kbps() == 450);
  CHECK(fed.estimator.round_trip() == 80ms);
  CHECK(fed.estimator.loss() == 0.5);
  fed.feed(DataRate::kbps(500));
  fed.estimator.on_report(0.9, 8s, fed.now);
  CHECK(fed.kbps() == 600);  // now there is something better
  CHECK(fed.estimator.loss() == 0);
}

TEST_CASE("beside transport-wide feedback REMB is a cap, for ten seconds") {
  Fed fed;
  fed.feed(DataRate::kbps(600), 10);
  fed.estimator.on_remb(DataRate::kbps(300), fed.now);
  CHECK(fed.kbps() == 300);
  CHECK(fed.estimator.trace().by_receiver == DataRate::kbps(300));
  fed.estimator.on_remb(DataRate::kbps(4000), fed.now);
  CHECK(fed.kbps() < 1000);
  fed.estimator.on_remb(DataRate::kbps(300), fed.now);
  fed.feed(DataRate::kbps(300), 102);
  CHECK(fed.kbps() > 300);
}

TEST_CASE("the round trip is smoothed") {
  Fed fed;
  fed.feed(DataRate::kbps(500));
  CHECK(fed.estimator.round_trip() == 40ms);
}

TEST_CASE("a receiver whose clock is set does not count as delay") {
  Fed fed;
  fed.feed(DataRate::kbps(600), 30);
  const double before = fed.kbps();
  for (const Duration jump : {Duration{5s}, Duration{-20s}, Duration{-100h}, Duration{300h}}) {
    fed.clock += jump;
    fed.feed(DataRate::kbps(600), 30);
    CHECK_FALSE(fed.estimator.overused());
    CHECK(fed.kbps() >= before);
  }
}

TEST_CASE("another path begins from half, and is probed from the start") {
  Fed fed;
  fed.estimator.set_wanted(DataRate::kbps(5000), fed.now);
  fed.feed(DataRate::kbps(600), 5);
  CHECK(fed.estimator.poll_probe(fed.now)->rate == fed.estimator.estimate() * 3);
  const double before = fed.kbps();
  fed.estimator.on_path_changed(fed.now);
  CHECK(fed.kbps() == doctest::Approx(before / 2));
  CHECK_FALSE(fed.estimator.round_trip().has_value());
  CHECK(fed.estimator.poll_probe(fed.now)->rate == fed.estimator.estimate() * 3);
}

TEST_CASE("a probe that goes through raises the estimate at once, and the next one follows") {
  Fed fed;
  fed.estimator.set_wanted(DataRate::kbps(5000), fed.now);
  fed.feed(DataRate::kbps(600), 5);
  const auto cluster = fed.estimator.poll_probe(fed.now);
  REQUIRE(cluster);
  CHECK_FALSE(fed.estimator.poll_probe(fed.now).has_value());
  fed.probe = cluster->id;
  fed.feed(cluster->rate);
  CHECK(fed.kbps() == doctest::Approx(cluster->rate.kbps()).epsilon(0.02));
  CHECK(fed.estimator.poll_probe(fed.now + 40ms)->rate == fed.estimator.estimate() * 2);
}

TEST_CASE("an empty message is no message") {
  Fed fed;
  fed.estimator.set_wanted(DataRate::kbps(5000), fed.now);
  fed.estimator.on_feedback({}, fed.now);
  CHECK_FALSE(fed.estimator.poll_probe(fed.now).has_value());
}

}  // namespace sluice
