#include "tests/simulation/link.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <vector>

using namespace sluice;
using namespace sluice::simulation;
using namespace std::chrono_literals;

namespace {

constexpr Instant kStart{};
constexpr int kMany = 100'000;

std::vector<bool> losses(const Link& link, std::uint64_t seed) {
  LinkNoise noise;
  Random random{seed};
  std::vector<bool> lost;
  for (int i = 0; i < kMany; ++i) lost.push_back(noise.loses(link, random));
  return lost;
}
double share(const std::vector<bool>& lost) {
  return static_cast<double>(std::ranges::count(lost, true)) / static_cast<double>(lost.size());
}
double mean_run(const std::vector<bool>& lost) {
  int runs = 0;
  for (std::size_t i = 0; i < lost.size(); ++i) runs += lost[i] && (i == 0 || !lost[i - 1]) ? 1 : 0;
  return share(lost) * static_cast<double>(lost.size()) / runs;
}

std::vector<Instant> arrivals(const Link& link) {
  LinkNoise noise;
  Random random{3};
  std::vector<Instant> times;
  for (int i = 0; i < 1000; ++i) times.push_back(noise.arrivals(link, kStart + i * 1ms, random).first);
  return times;
}

}  // namespace

TEST_CASE("random losses come alone, bursts come together") {
  const auto random = losses({.loss = 0.05}, 1);
  CHECK(share(random) == doctest::Approx(0.05).epsilon(0.05));
  CHECK(mean_run(random) == doctest::Approx(1 / 0.95).epsilon(0.02));

  // One in five datagrams leaves a bad time: 5 on average; 0.01 / 0.21 of all are in one.
  const auto bursts = losses({.bursts = {.enter = 0.01, .leave = 0.2}}, 1);
  CHECK(share(bursts) == doctest::Approx(0.01 / 0.21).epsilon(0.05));
  CHECK(mean_run(bursts) == doctest::Approx(5).epsilon(0.05));
}

TEST_CASE("a bad time can lose a part only, and a good one, too") {
  const auto both = losses({.loss = 0.01, .bursts = {.enter = 0.1, .leave = 0.1, .loss = 0.5}}, 5);
  CHECK(share(both) == doctest::Approx((0.01 + 0.5) / 2).epsilon(0.05));
}

TEST_CASE("the same seed loses the same datagrams") {
  const Link link{.loss = 0.1, .bursts = {.enter = 0.01, .leave = 0.2}};
  CHECK(losses(link, 7) == losses(link, 7));
  CHECK(losses(link, 7) != losses(link, 8));
}

TEST_CASE("jitter stays within its bounds, and may or may not change the order") {
  Link link{.delay = 10ms, .jitter = 30ms};
  auto times = arrivals(link);
  CHECK_FALSE(std::ranges::is_sorted(times));
  for (std::size_t i = 0; i < times.size(); ++i) {
    const Duration took = times[i] - kStart - i * 1ms;
    REQUIRE(took >= 10ms);
    REQUIRE(took <= 40ms);
  }
  link.jitter_order = JitterOrder::is_kept;
  times = arrivals(link);
  CHECK(std::ranges::is_sorted(times));
  CHECK(times.back() - kStart <= 999ms + 40ms);
}

TEST_CASE("a duplicate comes one delay after the first, a reordered one by its own delay later") {
  LinkNoise noise;
  Random random{1};
  const auto twice = noise.arrivals({.delay = 10ms, .duplication = 1}, kStart, random);
  CHECK(twice.first == kStart + 10ms);
  CHECK(twice.duplicate == kStart + 20ms);
  const auto late = noise.arrivals({.delay = 10ms, .reordering = 1, .reorder_delay = 50ms}, kStart, random);
  CHECK(late.first == kStart + 60ms);
  CHECK(late.reordered);
  CHECK_FALSE(late.duplicate.has_value());
}
