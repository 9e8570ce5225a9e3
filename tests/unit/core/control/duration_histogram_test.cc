#include "core/control/duration_histogram.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <vector>

namespace sluice {
namespace {

using namespace std::chrono_literals;

}  // namespace

TEST_CASE("of nothing every quantile is zero") {
  const DurationHistogram histogram;
  CHECK(histogram.count() == 0);
  CHECK(histogram.quantile(0.5) == Duration::zero());
  CHECK(histogram.quantile(1) == Duration::zero());
}

TEST_CASE("one duration is every quantile, exactly") {
  DurationHistogram histogram;
  histogram.add(1234567ns);
  for (const double q : {0.0, 0.5, 0.99, 1.0}) CHECK(histogram.quantile(q) == 1234567ns);
}

TEST_CASE("a quantile is never too short, and too long by an eighth at most") {
  // Every duration is followed by a much longer one, so that the longest does not bound the answer.
  for (std::int64_t exact = 1; exact < 60'000'000; exact += 1 + exact / 37) {
    CAPTURE(exact);
    DurationHistogram histogram;
    const std::chrono::microseconds duration{exact};
    histogram.add(duration);
    histogram.add(1h);
    const auto found = std::chrono::duration<double, std::micro>{histogram.quantile(0.5)}.count();
    const auto real = static_cast<double>(exact);
    CHECK(found >= real);
    CHECK(found <= real + std::max(1.0, real * DurationHistogram::kMaxError));
  }
}

TEST_CASE("of a thousand durations the quantiles stand where sorting would put them") {
  DurationHistogram histogram;
  for (int i = 1000; i >= 1; --i) histogram.add(std::chrono::microseconds{i * 10});
  CHECK(histogram.count() == 1000);
  const auto near = [&](double q, std::chrono::microseconds exact) {
    const Duration found = histogram.quantile(q);
    return found >= exact && found <= exact + exact / 8;
  };
  CHECK(near(0.5, 5000us));
  CHECK(near(0.99, 9900us));
  CHECK(histogram.quantile(1) == 10ms);
  CHECK(histogram.longest() == 10ms);
}

TEST_CASE("what is longer than the table is the longest that was seen") {
  DurationHistogram histogram;
  histogram.add(2h);
  histogram.add(3h);
  CHECK(histogram.quantile(0.1) == 3h);
  CHECK(histogram.quantile(1) == 3h);
}

TEST_CASE("a clock that ran back counts as nothing") {
  DurationHistogram histogram;
  histogram.add(-5ms);
  CHECK(histogram.count() == 1);
  CHECK(histogram.quantile(1) == Duration::zero());
}

}  // namespace sluice
