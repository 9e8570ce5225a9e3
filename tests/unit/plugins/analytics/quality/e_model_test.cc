#include "quality/e_model.h"

#include <doctest/doctest.h>

#include <cmath>
#include <initializer_list>

using namespace sluice::analytics;

TEST_CASE("ratings become the scores that G.107 publishes") {
  struct Row {
    double rating;
    double opinion;
  };
  // Annex B, Table B.1: the lower limits of the classes of satisfaction; and the default of clause 7.7.
  for (const Row& row : {Row{93.2, 4.41}, Row{90, 4.34}, Row{80, 4.03}, Row{70, 3.60}, Row{60, 3.10}, Row{50, 2.58}}) {
    CAPTURE(row.rating);
    CHECK(std::abs(opinion_of(row.rating) - row.opinion) <= 0.01);  // the table rounds 4.024 to 4.03
  }
}

TEST_CASE("no rating is outside of what a score can be") {
  CHECK(opinion_of(0) == 1);
  CHECK(opinion_of(-20) == 1);
  CHECK(opinion_of(3) == 1);  // the cubic would say 0.98
  CHECK(opinion_of(100) == 4.5);
  CHECK(opinion_of(150) == 4.5);
  double before = 1;
  for (double rating = 0; rating <= 100; rating += 0.5) {
    CHECK(opinion_of(rating) >= before - 1e-12);
    before = opinion_of(rating);
  }
}

TEST_CASE("without loss, and with little delay, speech is as good as the default") {
  CHECK(rating_of({}) == 93.2);
  CHECK(rating_of({.one_way_ms = 100}) == 93.2);
}

TEST_CASE("delay costs what Idd of clause 7.4 says") {
  // X = log2(Ta / 100): at 200 ms X is 1, at 400 ms 2, and the formula can be worked out by hand.
  CHECK(93.2 - rating_of({.one_way_ms = 200}) == doctest::Approx(3.044).epsilon(0.001));
  CHECK(93.2 - rating_of({.one_way_ms = 400}) == doctest::Approx(24.07).epsilon(0.001));
}

TEST_CASE("loss costs what Ie,eff of clause 7.5 says, of a codec with Ie 0 and Bpl 25.1") {
  CHECK(93.2 - rating_of({.loss = 0.01}) == doctest::Approx(95.0 * 1 / (1 + 25.1)));
  CHECK(93.2 - rating_of({.loss = 0.10}) == doctest::Approx(95.0 * 10 / (10 + 25.1)));
  CHECK(rating_of({.loss = 1}) > 0);
  CHECK(rating_of({.loss = 17}) == rating_of({.loss = 1}));
  CHECK(rating_of({.loss = -1}) == rating_of({}));
}

TEST_CASE("what delays and loses much is as bad as it gets") {
  CHECK(rating_of({.one_way_ms = 5'000, .loss = 0.9}) == 0);
  CHECK(opinion_of(rating_of({.one_way_ms = 5'000, .loss = 0.9})) == 1);
}

TEST_CASE("the way of a sound is half the round trip, the buffer and the codec") {
  CHECK(one_way_ms({}) == 46.5);
  CHECK(one_way_ms({.round_trip_ms = 100}) == 96.5);
  CHECK(one_way_ms({.round_trip_ms = 100, .jitter_ms = 15}) == 126.5);
  CHECK(one_way_ms({.round_trip_ms = 100, .jitter_ms = 15, .jitter_buffer_ms = 80}) == 156.5);
  CHECK(one_way_ms({.jitter_ms = 15, .jitter_buffer_ms = 0}) == 26.5);
}
