#include "core/media/recovery/score_meter.h"

#include <doctest/doctest.h>

namespace sluice::test {
namespace {

using namespace std::chrono_literals;

// Seconds of 100 packets each.
struct Stream {
  void pass(int seconds, int lost, int repaired = 0, ScoreMeter::Delay delay = {.jitter = 5ms, .round_trip = 60ms}) {
    for (int i = 0; i < seconds; ++i) {
      totals.expected += 100;
      totals.lost += lost;
      totals.repaired += repaired;
      meter.update(totals, delay);
    }
  }
  [[nodiscard]] double score() const { return meter.value().value(); }

  ScoreMeter meter;
  ScoreMeter::Totals totals;
};

}  // namespace

TEST_CASE("a clean stream has the best score, one that all of is lost the worst") {
  Stream stream;
  CHECK(!stream.meter.value());
  stream.pass(5, 0);
  CHECK(stream.score() == doctest::Approx(10));
  stream.pass(10, 100);
  CHECK(stream.score() < 0.1);
}

TEST_CASE("what stays lost hurts, what came again hardly") {
  Stream lossy;
  lossy.pass(10, 5);
  CHECK(lossy.score() == doctest::Approx(7));
  Stream repaired;
  repaired.pass(10, 5, 5);
  CHECK(repaired.score() == doctest::Approx(9.75));
}

TEST_CASE("a long way and much jitter count from where people notice") {
  const auto score = [](Duration jitter, Duration round_trip) {
    Stream stream;
    stream.pass(1, 0, 0, {.jitter = jitter, .round_trip = round_trip});
    return stream.score();
  };
  CHECK(score(10ms, 200ms) == doctest::Approx(10));
  CHECK(score(50ms, 300ms) == doctest::Approx(9));
  CHECK(score(0ms, 5s) == doctest::Approx(5));
}

TEST_CASE("it falls at once and rises slowly, and goes nowhere while nothing is sent") {
  Stream stream;
  stream.pass(5, 0);
  stream.pass(1, 10);
  CHECK(stream.score() == doctest::Approx(7));
  stream.meter.update(stream.totals, {});
  CHECK(stream.score() == doctest::Approx(7));
  stream.pass(1, 0);
  CHECK(stream.score() == doctest::Approx(7.75));
  stream.pass(12, 0);
  CHECK(stream.score() > 9.9);
}

TEST_CASE("a stream that begins anew is measured anew") {
  Stream stream;
  stream.pass(5, 0);
  stream.totals = {};
  stream.pass(1, 0);
  CHECK(stream.score() == doctest::Approx(10));
  stream.pass(1, 50);
  CHECK(stream.score() == doctest::Approx(5));
}

}  // namespace sluice::test
