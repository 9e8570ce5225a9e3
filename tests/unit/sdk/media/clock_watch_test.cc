#include <doctest/doctest.h>

#include <cstdlib>

#include "simulated_sender.h"

namespace sluice::media {
namespace {

constexpr std::uint64_t kWall = 0xe000'0000'0000'0000;

std::optional<ClockPoint> packet(ClockWatch& watch, double sent, double delay = 0,
                                 const std::optional<ClockWatch::Report>& report = std::nullopt) {
  return watch.on_packet(static_cast<std::int64_t>(sent * 48'000), at_seconds(sent + delay), report);
}

ClockWatch::Report report_at(double sent, double wall) {
  return {.timestamp = static_cast<std::int64_t>(sent * 48'000),
          .ntp = kWall + static_cast<std::uint64_t>(wall * 4'294'967'296.0)};
}

}  // namespace

TEST_CASE("points are one at once, one a second for ten seconds, then one in ten seconds") {
  ClockWatch watch{48'000};
  std::vector<double> given;
  for (int i = 0; i < 50 * 60; ++i)
    if (packet(watch, i * 0.02)) given.push_back(i * 0.02);
  REQUIRE(given.size() == 15);
  CHECK(given[0] == 0);
  CHECK(given[10] == doctest::Approx(10));
  CHECK(given[11] == doctest::Approx(20));
  CHECK(given[14] == doctest::Approx(50));
}

TEST_CASE("a point is the least delayed packet since the one before") {
  ClockWatch watch{48'000};
  CHECK(packet(watch, 0, 0.05));
  CHECK(!packet(watch, 0.3, 0.04));
  CHECK(!packet(watch, 0.5, 0.01));
  CHECK(!packet(watch, 0.7, 0.03));
  const auto point = packet(watch, 1.1, 0.02);
  REQUIRE(point);
  CHECK(point->timestamp == 24'000);
  CHECK(point->arrival == at_seconds(0.51));
  CHECK(!point->ntp);
}

TEST_CASE("the first report gives a point, with the wall clock of its packet") {
  ClockWatch watch{48'000};
  CHECK(!packet(watch, 0)->ntp);
  const auto point = packet(watch, 0.5, 0, report_at(0.25, 100));
  REQUIRE(point);
  REQUIRE(point->ntp);
  CHECK(std::llabs(static_cast<std::int64_t>(*point->ntp - report_at(0, 100.25).ntp)) < 1'000);
}

TEST_CASE("a report that contradicts those before by more than 10 ms gives a point, at most one a second") {
  ClockWatch watch{48'000};
  CHECK(packet(watch, 0, 0, report_at(0, 100)));
  for (int i = 1; i < 15; ++i) static_cast<void>(packet(watch, i, 0, report_at(i, 100 + i)));
  CHECK(!packet(watch, 15.5, 0, report_at(15, 115.009)));
  const auto point = packet(watch, 16.5, 0, report_at(16, 116.011));
  REQUIRE(point);
  CHECK(point->timestamp == 16.5 * 48'000);
  CHECK(!packet(watch, 16.6, 0, report_at(16.6, 120)));
  CHECK(packet(watch, 17.5, 0, report_at(16.6, 120)));
}

TEST_CASE("a track's points of an hour are few") {
  ClockWatch watch{48'000};
  int given = 0;
  for (int i = 0; i < 50 * 3'600; ++i) given += packet(watch, i * 0.02, 0, report_at(i * 0.02, i * 0.02)) ? 1 : 0;
  CHECK(given < 400);
}

}  // namespace sluice::media
