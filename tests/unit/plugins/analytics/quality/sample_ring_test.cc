#include "quality/sample_ring.h"

#include <doctest/doctest.h>

using namespace sluice;
using namespace sluice::analytics;
using namespace std::chrono_literals;

namespace {

WallTime second(int n) { return WallTime{} + 1'000'000'000s + std::chrono::seconds{n}; }

TimedSample numbered(int n) { return {.at = second(n), .quality = {.up_bps = n}}; }

std::vector<int> numbers(const SampleRing& ring) {
  std::vector<int> out;
  for (const TimedSample& one : ring.all()) out.push_back(static_cast<int>(one.quality.up_bps));
  return out;
}

}  // namespace

TEST_CASE("a sample is kept as it was, as far as it is worth") {
  const TimedSample in{.at = second(7) + 250ms,
                       .quality = {.round_trip_ms = 41.3,
                                   .jitter_ms = 3.2,
                                   .loss_up = 0.0125,
                                   .loss_down = 0.5,
                                   .up_bps = 2'500'000,
                                   .down_bps = 40'000'001,
                                   .width = 1'280,
                                   .height = 720,
                                   .frames_per_second = 29.9,
                                   .freezes = 2,
                                   .frozen_ms = 340,
                                   .mos = 4.123,
                                   .grade = Grade::good}};
  const TimedSample out = PackedSample{in}.unpack();
  CHECK(out.at == in.at);
  CHECK(*out.quality.round_trip_ms == doctest::Approx(41.3));
  CHECK(*out.quality.jitter_ms == doctest::Approx(3.2));
  CHECK(*out.quality.loss_up == doctest::Approx(0.0125));
  CHECK(*out.quality.loss_down == doctest::Approx(0.5));
  CHECK(out.quality.up_bps == 2'500'000);
  CHECK(out.quality.down_bps == 40'000'001);
  CHECK(out.quality.width == 1'280);
  CHECK(out.quality.height == 720);
  CHECK(*out.quality.frames_per_second == doctest::Approx(29.9));
  CHECK(out.quality.freezes == 2);
  CHECK(out.quality.frozen_ms == 340.0);
  CHECK(*out.quality.mos == doctest::Approx(4.123));
  CHECK(out.quality.grade == Grade::good);
}

TEST_CASE("what is missing stays so, and nothing is not the same as missing") {
  const QualitySample none = PackedSample{TimedSample{.at = second(0), .quality = {}}}.unpack().quality;
  CHECK_FALSE(none.round_trip_ms.has_value());
  CHECK_FALSE(none.width.has_value());
  CHECK_FALSE(none.mos.has_value());
  CHECK_FALSE(none.grade.has_value());
  const QualitySample zero =
      PackedSample{TimedSample{.at = second(0), .quality = {.loss_up = 0, .freezes = 0, .grade = Grade::poor}}}
          .unpack()
          .quality;
  CHECK(zero.loss_up == 0.0);
  CHECK(zero.freezes == 0);
  CHECK(zero.grade == Grade::poor);
}

TEST_CASE("what is out of range is at its end") {
  const QualitySample out =
      PackedSample{
          TimedSample{.at = second(0),
                      .quality = {.round_trip_ms = 60'000, .jitter_ms = -1, .up_bps = -5, .down_bps = 99'000'000'000}}}
          .unpack()
          .quality;
  CHECK(*out.round_trip_ms == doctest::Approx(6'553.4));
  CHECK(out.jitter_ms == 0.0);
  CHECK(out.up_bps == 0);
  CHECK(out.down_bps == 4'294'967'295);
}

TEST_CASE("a ring keeps the last of them, eldest first") {
  SampleRing ring{3};
  CHECK(ring.empty());
  for (int i = 1; i <= 7; ++i) {
    ring.push(numbered(i));
    CHECK(ring.newest().quality.up_bps == i);
  }
  CHECK(numbers(ring) == std::vector{5, 6, 7});

  SUBCASE("a smaller one keeps the newest") {
    ring.resize(2);
    CHECK(numbers(ring) == std::vector{6, 7});
    ring.push(numbered(8));
    CHECK(numbers(ring) == std::vector{7, 8});
  }
  SUBCASE("a larger one loses nothing, and fills up") {
    ring.resize(5);
    CHECK(numbers(ring) == std::vector{5, 6, 7});
    for (int i = 8; i <= 10; ++i) ring.push(numbered(i));
    CHECK(numbers(ring) == std::vector{6, 7, 8, 9, 10});
    CHECK(ring.newest().quality.up_bps == 10);
  }
}
