#include "history/bucket.h"

#include <doctest/doctest.h>

#include <limits>

#include "history/roll_up.h"

namespace sluice::analytics {
namespace {

using namespace std::chrono_literals;

WallTime at(std::chrono::milliseconds since_1970) { return WallTime{since_1970}; }

QualitySample sample(double round_trip_ms) {
  QualitySample out;
  out.round_trip_ms = round_trip_ms;
  out.up_bps = 1'000;
  out.grade = Grade::good;
  return out;
}

std::vector<QualityRow> of(const std::vector<QualityRow>& rows, Resolution resolution, PersonNumber person) {
  std::vector<QualityRow> out;
  for (const QualityRow& row : rows) {
    if (row.resolution == resolution && row.person == person) out.push_back(row);
  }
  return out;
}

TEST_CASE("a bucket has means, the worst, sums, and what was never known is missing") {
  Bucket bucket;
  CHECK(bucket.empty());
  QualitySample one = sample(10);
  one.mos = 4.0;
  one.freezes = 2;
  one.frozen_ms = 300;
  bucket.add(one);
  QualitySample two = sample(30);
  two.mos = 2.0;
  two.grade = Grade::poor;
  bucket.add(two);
  bucket.add(QualitySample{});
  QualitySample absurd;
  absurd.frames_per_second = std::numeric_limits<double>::quiet_NaN();
  absurd.frozen_ms = std::numeric_limits<double>::infinity();
  bucket.add(absurd);
  const QualityFigures figures = bucket.figures();
  CHECK(figures.samples == 4);
  CHECK(figures.round_trip_ms == 20.0);
  CHECK(figures.round_trip_max_ms == 30.0);
  CHECK(figures.mos == 3.0);
  CHECK(figures.mos_min == 2.0);
  CHECK(figures.up_bps == 500);
  CHECK(figures.freezes == 2);
  CHECK(figures.frozen_ms == 300);
  CHECK(figures.poor == 1);
  CHECK(figures.good == 1);
  CHECK(!figures.jitter_ms);
  CHECK(!figures.frames_per_second);
}

TEST_CASE("seconds become tens of seconds, minutes and hours, of a person and of the room") {
  RollUp series{7};
  std::vector<QualityRow> rows;
  for (int second = 0; second < 3'600; ++second) {
    series.add(1, sample(second), at(std::chrono::seconds{second}), rows);
    series.add(2, sample(second), at(std::chrono::seconds{second}), rows);
  }
  series.finish(rows);
  CHECK(of(rows, Resolution::s10, 1).size() == 360);
  CHECK(of(rows, Resolution::m1, 1).size() == 60);
  const QualityRow first = of(rows, Resolution::s10, 1).front();
  CHECK(first.session == 7);
  CHECK(first.at == 0);
  CHECK(first.figures.samples == 10);
  CHECK(first.figures.round_trip_ms == 4.5);
  CHECK(of(rows, Resolution::s10, 0).front().figures.samples == 20);
  const QualityRow hour = of(rows, Resolution::h1, 1).back();
  CHECK(hour.figures.samples == 3'600);
  CHECK(hour.figures.round_trip_max_ms == 3'599.0);
  CHECK(of(rows, Resolution::h1, 1).size() == 60);  // as it grew, each minute, and at the end
  CHECK(of(rows, Resolution::h1, 1).front().figures.samples == 60);
}

TEST_CASE("who has left leaves no open buckets behind") {
  RollUp series{1};
  std::vector<QualityRow> rows;
  series.add(1, sample(1), at(5s), rows);
  CHECK(rows.empty());
  series.sweep(at(9s), rows);
  CHECK(rows.empty());
  series.sweep(at(10s), rows);
  CHECK(of(rows, Resolution::s10, 1).size() == 1);
  series.sweep(at(60s), rows);
  CHECK(of(rows, Resolution::m1, 1).size() == 1);
  CHECK(of(rows, Resolution::h1, 1).size() == 1);
  series.sweep(at(3'600s), rows);
  CHECK(of(rows, Resolution::h1, 1).size() == 2);
  const std::size_t all = rows.size();
  series.finish(rows);
  CHECK(rows.size() == all);
}

TEST_CASE("a clock that is set back begins another bucket") {
  RollUp series{1};
  std::vector<QualityRow> rows;
  series.add(1, sample(1), at(25s), rows);
  series.add(1, sample(2), at(5s), rows);
  CHECK(of(rows, Resolution::s10, 1).at(0).at == 20'000);
  series.finish(rows);
  CHECK(of(rows, Resolution::s10, 1).at(1).at == 0);
}

}  // namespace
}  // namespace sluice::analytics
