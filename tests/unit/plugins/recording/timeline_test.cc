#include "plugins/recording/timeline.h"

#include <doctest/doctest.h>

using namespace std::chrono_literals;
using sluice::recording::Span;
using sluice::recording::Timeline;
using sluice::recording::total_length;

TEST_CASE("without pauses the product's time is the session's") {
  const Timeline timeline{{}, 10s};
  CHECK(timeline.duration() == 10s);
  CHECK(timeline.product_time(0s) == 0s);
  CHECK(timeline.product_time(3'141'592us) == 3'141'592us);
  CHECK(timeline.session_time(3'141'592us) == 3'141'592us);
  CHECK(timeline.is_recorded(0s));
  CHECK(!timeline.is_recorded(10s));
}

TEST_CASE("what comes after a pause keeps its distance to what was before it, to the microsecond") {
  const Timeline timeline{{{2s, 5s + 1us}}, 10s};
  CHECK(timeline.duration() == 7s - 1us);
  CHECK(timeline.product_time(2s - 1us) == 2s - 1us);
  CHECK(timeline.product_time(5s + 1us) == 2s);
  CHECK(timeline.product_time(5s + 101us) == 2s + 100us);
  CHECK(timeline.session_time(2s) == 5s + 1us);
  CHECK(timeline.session_time(2s - 1us) == 2s - 1us);
}

TEST_CASE("a moment of a pause is where the pause was cut out, and is not recorded") {
  const Timeline timeline{{{2s, 5s}}, 10s};
  CHECK(timeline.product_time(3s) == 2s);
  CHECK(!timeline.is_recorded(2s));
  CHECK(!timeline.is_recorded(5s - 1us));
  CHECK(timeline.is_recorded(5s));
  CHECK(timeline.piece_of(1s) == 0);
  CHECK(timeline.piece_of(6s) == 1);
}

TEST_CASE("pauses may touch, overlap, come in any order and go beyond the ends") {
  const Timeline timeline{{{8s, std::chrono::microseconds::max()}, {3s, 4s}, {-2s, 1s}, {4s, 5s}, {3s, 3s}}, 10s};
  CHECK(timeline.duration() == 5s);
  CHECK(timeline.pieces() == std::vector<Span>{{1s, 3s}, {5s, 8s}});
  CHECK(timeline.product_time(0s) == 0s);
  CHECK(timeline.product_time(1s) == 0s);
  CHECK(timeline.product_time(6s) == 3s);
  CHECK(timeline.product_time(9s) == 5s);
  CHECK(timeline.session_time(0s) == 1s);
  CHECK(timeline.session_time(99s) == 8s);
}

TEST_CASE("a session of nothing but a pause has an empty product") {
  const Timeline timeline{{{0s, 10s}}, 10s};
  CHECK(timeline.duration() == 0s);
  CHECK(timeline.product_time(5s) == 0s);
  CHECK(timeline.session_time(5s) == 0s);
}

TEST_CASE("the length of spans counts what they share once") {
  CHECK(total_length({{0s, 2s}, {1s, 3s}, {10s, 11s}, {7s, 6s}}) == 4s);
}
