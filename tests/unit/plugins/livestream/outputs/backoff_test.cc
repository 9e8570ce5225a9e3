#include "outputs/backoff.h"

#include <doctest/doctest.h>

namespace sluice::livestream {
namespace {

using namespace std::chrono_literals;

/// With the jitter, which is for less.
bool is_about(std::chrono::milliseconds delay, std::chrono::milliseconds expected) {
  return delay <= expected && delay >= expected * 8 / 10;
}

TEST_CASE("the first minute of trouble tries every four seconds, later ones every thirty") {
  for (const std::uint64_t seed : {0U, 1U, 7U, 4'711U}) {
    Backoff backoff{{}, seed};
    Instant now{};
    for (const auto expected : {500ms, 1'000ms, 2'000ms, 4'000ms, 4'000ms}) {
      const auto delay = backoff.on_failure(now);
      CHECK(is_about(delay, expected));
      now += delay;
    }
    now = Instant{} + 61s;
    for (const auto expected : {8'000ms, 16'000ms, 30'000ms, 30'000ms})
      CHECK(is_about(backoff.on_failure(now), expected));
  }
}

TEST_CASE("ten seconds of sending are the end of the trouble") {
  Backoff backoff{{}, 1};
  Instant now{};
  for (int i = 0; i < 5; ++i) (void)backoff.on_failure(now);

  backoff.on_live(now);
  now += 9s;
  CHECK(is_about(backoff.on_failure(now), 4'000ms));

  backoff.on_live(now);
  now += 10s;
  CHECK(is_about(backoff.on_failure(now), 500ms));
  CHECK(is_about(backoff.on_failure(now), 1'000ms));
}

TEST_CASE("two that fail at once do not come back at once") {
  Backoff one{{}, 1};
  Backoff other{{}, 2};
  int same = 0;
  for (int i = 0; i < 8; ++i) same += one.on_failure(Instant{}) == other.on_failure(Instant{}) ? 1 : 0;
  CHECK(same < 8);
}

}  // namespace
}  // namespace sluice::livestream
