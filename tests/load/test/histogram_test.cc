#include "tests/load/histogram.h"

#include <doctest/doctest.h>

using namespace std::chrono_literals;
using sluice::load::Histogram;

TEST_CASE("an empty histogram says zero") {
  const Histogram histogram;
  CHECK(histogram.count() == 0);
  CHECK(histogram.quantile(0.5) == 0ns);
  CHECK(histogram.max() == 0ns);
  CHECK(histogram.mean() == 0ns);
}

TEST_CASE("below 128 ns every value is told apart") {
  Histogram histogram;
  for (int i = 0; i < 128; ++i) histogram.record(std::chrono::nanoseconds{i});
  CHECK(histogram.quantile(0.5) == 63ns);
  CHECK(histogram.quantile(1.0) == 127ns);
  CHECK(histogram.quantile(0.0) == 0ns);
}

TEST_CASE("a quantile is at most 1.6 % above the value, at any magnitude") {
  for (std::int64_t value = 100; value < 100'000'000'000'000; value = value * 3 + 7) {
    Histogram histogram;
    histogram.record(std::chrono::nanoseconds{value});
    histogram.record(1h * 30);  // so that max() does not bound the first
    const auto found = histogram.quantile(0.5).count();
    CAPTURE(value);
    CHECK(found >= value);
    CHECK(static_cast<double>(found) <= static_cast<double>(value) * 1.016);
  }
}

TEST_CASE("quantiles of a uniform spread lie where they should") {
  Histogram histogram;
  for (int i = 1; i <= 1000; ++i) histogram.record(i * 1us);
  CHECK(histogram.count() == 1000);
  CHECK(histogram.quantile(0.5).count() == doctest::Approx(500'000).epsilon(0.016));
  CHECK(histogram.quantile(0.99).count() == doctest::Approx(990'000).epsilon(0.016));
  CHECK(histogram.quantile(1.0) == 1ms);
  CHECK(histogram.max() == 1ms);
  CHECK(histogram.mean() == 500'500ns);
}

TEST_CASE("what is out of range is kept at the ends") {
  Histogram histogram;
  histogram.record(-5ns);
  histogram.record(24h * 365);
  CHECK(histogram.quantile(0.5) == 0ns);
  CHECK(histogram.max() > 30h);
}

TEST_CASE("the sum of two histograms is that of all their values") {
  Histogram a;
  Histogram b;
  for (int i = 1; i <= 50; ++i) a.record(i * 1ms);
  for (int i = 51; i <= 100; ++i) b.record(i * 1ms);
  a.add(b);
  CHECK(a.count() == 100);
  CHECK(a.max() == 100ms);
  CHECK(a.quantile(0.5).count() == doctest::Approx(50'000'000).epsilon(0.016));
}
