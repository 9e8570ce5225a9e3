#include <doctest/doctest.h>

#include "core/media/bwe/probe_controller.h"
#include "core/media/bwe/probe_estimator.h"

namespace sluice {
namespace {

using namespace std::chrono_literals;

const Instant t0{1h};
const Instant r0{50h};

ProbeSituation at(double estimate_kbps, double wanted_kbps = 10'000) {
  return {.estimate = DataRate::bps(static_cast<std::int64_t>(estimate_kbps * 1000)),
          .wanted = DataRate::bps(static_cast<std::int64_t>(wanted_kbps * 1000)),
          .max = DataRate::kbps(50'000),
          .round_trip = 50ms};
}

/// Ten packets of 1000 bytes, 2 ms apart when sent: 4 Mbit/s.
std::optional<ProbeResult> probe(Duration apart, int lost = 0, std::uint8_t id = 1) {
  ProbeEstimator estimator;
  estimator.begin({.id = 1, .rate = DataRate::kbps(4000), .bytes = 10'000, .packets = 5});
  for (int i = 0; i < 10; ++i) {
    PacketResult packet{.sent = t0 + i * 2ms, .bytes = 1000, .probe = id};
    if (i == 0 || i > lost) packet.arrived = r0 + i * apart;
    estimator.on_packet(packet);
  }
  return estimator.take_result();
}

}  // namespace

TEST_CASE("a probe that has room arrives as fast as it was sent") {
  const auto result = probe(2ms);
  REQUIRE(result);
  CHECK(result->sent.kbps() == doctest::Approx(4000));
  CHECK(result->received.kbps() == doctest::Approx(4000));
  CHECK(result->stretch <= 1);
}

TEST_CASE("a probe that fills the link shows its capacity") {
  const auto result = probe(4ms);
  REQUIRE(result);
  CHECK(result->received.kbps() == doctest::Approx(2000));
  CHECK(result->stretch > 1.5);
}

TEST_CASE("what a probe loses is made up for, and told") {
  const auto result = probe(2ms, 2);
  REQUIRE(result);
  CHECK(result->loss == doctest::Approx(0.2));
  CHECK(result->received.kbps() == doctest::Approx(4000).epsilon(0.15));
}

TEST_CASE("a probe without enough packets, or that a link let through in a lump, shows nothing") {
  CHECK_FALSE(probe(2ms, 8).has_value());
  CHECK_FALSE(probe(500us).has_value());
  CHECK_FALSE(probe(200ms).has_value());
  CHECK_FALSE(probe(2ms, 0, 2).has_value());
}

TEST_CASE("bursts of the pacer do not make a probe look faster") {
  ProbeEstimator estimator;
  estimator.begin({.id = 1, .rate = DataRate::kbps(4000), .bytes = 10'000, .packets = 5});
  for (int burst = 0; burst < 4; ++burst) {
    for (int i = 0; i < 3; ++i) {
      estimator.on_packet(
          {.sent = t0 + burst * 6ms, .bytes = 1000, .probe = 1, .arrived = r0 + burst * 6ms + i * 100us});
    }
  }
  const auto result = estimator.take_result();
  REQUIRE(result);
  CHECK(result->sent.kbps() == doctest::Approx(4000));
  CHECK(result->received.kbps() == doctest::Approx(4000).epsilon(0.02));
}

TEST_CASE("nothing is probed before feedback has come, nor without a wish for more") {
  ProbeController probes;
  CHECK_FALSE(probes.poll(at(300), t0).has_value());
  probes.on_feedback();
  CHECK_FALSE(probes.poll(at(300, 0), t0).has_value());
  CHECK_FALSE(probes.poll(at(300, 300), t0).has_value());
  CHECK(probes.poll(at(300, 301), t0).has_value());
}

TEST_CASE("the first probe is three times the start, and twice what was found go on at once") {
  ProbeController probes;
  probes.on_feedback();
  CHECK(probes.next_timeout(at(300)) == Instant::min());
  const auto first = probes.poll(at(300), t0);
  REQUIRE(first);
  CHECK(first->rate == DataRate::kbps(900));
  CHECK(first->id != 0);
  CHECK(first->packets == ProbeController::kMinPackets);
  CHECK(first->bytes == DataRate::kbps(900).bytes_in(ProbeController::kLength));
  CHECK_FALSE(probes.poll(at(300), t0 + 100ms).has_value());  // one at a time
  probes.on_result(ProbeVerdict::more, t0 + 200ms);
  CHECK(probes.poll(at(900), t0 + 200ms)->rate == DataRate::kbps(1800));
  probes.on_result(ProbeVerdict::full, t0 + 400ms);
  CHECK_FALSE(probes.poll(at(1500), t0 + 3399ms).has_value());
  CHECK(probes.next_timeout(at(1500)) == t0 + 3400ms);
  CHECK(probes.poll(at(1500), t0 + 3400ms)->rate == DataRate::kbps(3000));
}

TEST_CASE("a probe goes no further than twice what is wanted") {
  ProbeController probes;
  probes.on_feedback();
  CHECK(probes.poll(at(300, 310), t0)->rate == DataRate::kbps(620));
}

TEST_CASE("a probe that is never answered ends by time") {
  ProbeController probes;
  probes.on_feedback();
  REQUIRE(probes.poll(at(300), t0));
  CHECK(probes.next_timeout(at(300)) == t0 + 1150ms);
  CHECK_FALSE(probes.poll(at(300), t0 + 1150ms).has_value());
  CHECK(probes.poll(at(300), t0 + 1150ms + ProbeController::kInterval).has_value());
}

TEST_CASE("while the path is overused nothing is probed, nor for a while after it") {
  ProbeController probes;
  probes.on_feedback();
  ProbeSituation situation = at(300);
  situation.overused = true;
  CHECK_FALSE(probes.poll(situation, t0).has_value());
  CHECK_FALSE(probes.next_timeout(situation).has_value());
  probes.on_overuse(situation.estimate, t0);
  CHECK_FALSE(probes.poll(at(300), t0 + ProbeController::kCalm - 1ms).has_value());
  CHECK(probes.poll(at(300), t0 + ProbeController::kCalm + ProbeController::kSpread).has_value());
}

TEST_CASE("flows that were overused together do not probe together") {
  std::optional<Instant> last;
  for (int i = 0; i < 5; ++i) {
    ProbeController probes;
    probes.on_feedback();
    const ProbeSituation situation = at(700 + 13.7 * i);
    probes.on_overuse(situation.estimate, t0);
    const auto next = probes.next_timeout(situation);
    CHECK(next >= t0 + ProbeController::kCalm);
    CHECK(next <= t0 + ProbeController::kCalm + ProbeController::kSpread);
    CHECK(next != last);
    last = next;
  }
}

TEST_CASE("after a drop a probe asks for most of what was there") {
  ProbeController probes;
  probes.on_feedback();
  REQUIRE(probes.poll(at(300), t0));
  probes.on_result(ProbeVerdict::full, t0);
  probes.on_drop(DataRate::kbps(2000), t0 + 1s);
  probes.on_drop(DataRate::kbps(1500), t0 + 2s);  // a step further down of the same drop
  CHECK(probes.poll(at(800), t0 + 4s)->rate == DataRate::kbps(1700));
  probes.on_result(ProbeVerdict::full, t0 + 5s);
  CHECK(probes.poll(at(300), t0 + 9s)->rate == DataRate::kbps(750));
  probes.on_result(ProbeVerdict::full, t0 + 10s);
  CHECK(probes.poll(at(800), t0 + 60s)->rate == DataRate::kbps(1600));  // that is over
}

TEST_CASE("a share that a probe took from others is confirmed at once") {
  ProbeController probes;
  probes.on_feedback();
  REQUIRE(probes.poll(at(1000), t0));
  probes.confirm(DataRate::kbps(1400), t0 + 100ms);
  const auto confirmation = probes.poll(at(1000), t0 + 100ms);
  REQUIRE(confirmation);
  CHECK(confirmation->rate == DataRate::kbps(1400));
  CHECK(probes.confirming());
  probes.on_result(ProbeVerdict::shared, t0 + 200ms);
  CHECK_FALSE(probes.confirming());
  CHECK(probes.next_timeout(at(1200)) == t0 + 200ms + ProbeController::kSharedInterval);
}

TEST_CASE("identities of probes are never 0, also after many") {
  ProbeController probes;
  probes.on_feedback();
  for (int i = 0; i < 600; ++i) {
    const auto cluster = probes.poll(at(300), t0 + i * 10s);
    REQUIRE(cluster);
    CHECK(cluster->id != 0);
    probes.on_result(ProbeVerdict::full, t0 + i * 10s);
  }
}

}  // namespace sluice
