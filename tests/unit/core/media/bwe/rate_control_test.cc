#include "core/media/bwe/rate_control.h"

#include <doctest/doctest.h>

#include "core/media/bwe/acknowledged_rate.h"

namespace sluice {
namespace {

using namespace std::chrono_literals;

const Instant t0{1h};

/// A message each 100 ms.
struct Driver {
  RateControl control{DataRate::kbps(1000), DataRate::kbps(50), DataRate::kbps(20'000), t0};
  Instant now = t0;

  void feed(PathUsage usage, double acknowledged_kbps, int messages = 1, bool bounded = false) {
    const DataRate acknowledged = DataRate::bps(static_cast<std::int64_t>(acknowledged_kbps * 1000));
    for (int i = 0; i < messages; ++i) {
      control.update({.usage = usage,
                      .acknowledged = acknowledged,
                      .throughput = acknowledged,
                      .round_trip = 50ms,
                      .bounded = bounded},
                     now += 100ms);
    }
  }
  [[nodiscard]] double kbps() const { return control.rate().kbps(); }
};

}  // namespace

TEST_CASE("while the capacity is unknown the rate grows by 8 % in a second") {
  Driver driver;
  driver.feed(PathUsage::normal, 1000, 10);
  CHECK(driver.kbps() == doctest::Approx(1080).epsilon(0.001));
}

TEST_CASE("the rate does not grow beyond what is acknowledged, nor without it, nor while it is bounded") {
  Driver driver;
  driver.feed(PathUsage::normal, 400, 100);
  CHECK(driver.kbps() == 1000);  // application-limited: neither up nor down
  driver.feed(PathUsage::normal, 800, 100);
  CHECK(driver.kbps() == doctest::Approx(1210));
  driver.feed(PathUsage::normal, 1200, 100, true);
  CHECK(driver.kbps() == doctest::Approx(1210));
  driver.control.update({.usage = PathUsage::normal}, driver.now += 100ms);
  CHECK(driver.kbps() == doctest::Approx(1210));
}

TEST_CASE("overuse leaves 85 % of what gets through, once in a round trip and a message") {
  Driver driver;
  driver.feed(PathUsage::overuse, 800);
  CHECK(driver.kbps() == doctest::Approx(680));
  CHECK(driver.control.capacity()->kbps() == doctest::Approx(800));
  driver.feed(PathUsage::overuse, 400);
  CHECK(driver.kbps() == doctest::Approx(680));
  driver.feed(PathUsage::overuse, 400);
  CHECK(driver.kbps() == doctest::Approx(340));
  CHECK(driver.control.take_decreased_from() == DataRate::kbps(1000));
  CHECK_FALSE(driver.control.take_decreased_from().has_value());
}

TEST_CASE("overuse never raises the rate") {
  Driver driver;
  driver.feed(PathUsage::overuse, 3000);
  CHECK(driver.kbps() == 1000);
}

TEST_CASE("while a queue empties the rate is held") {
  Driver driver;
  driver.feed(PathUsage::underuse, 1000, 20);
  CHECK(driver.kbps() == 1000);
  driver.feed(PathUsage::normal, 1000);
  CHECK(driver.kbps() == 1000);  // one message of calm
  driver.feed(PathUsage::normal, 1000);
  CHECK(driver.kbps() > 1000);
}

TEST_CASE("near the known capacity all flows grow equally, and beyond it the capacity is forgotten") {
  Driver driver;
  driver.feed(PathUsage::overuse, 1000);
  driver.feed(PathUsage::normal, 900);
  driver.feed(PathUsage::normal, 900, 10);
  CHECK(driver.kbps() == doctest::Approx(850 + 48));
  CHECK_FALSE(driver.control.take_capacity_risen());
  driver.feed(PathUsage::normal, 1100);
  CHECK(driver.control.take_capacity_risen());
  CHECK_FALSE(driver.control.capacity().has_value());
}

TEST_CASE("the rate stays within its limits") {
  Driver driver;
  driver.feed(PathUsage::overuse, 1);
  CHECK(driver.kbps() == 50);
  driver.control.set_rate(DataRate::kbps(90'000), driver.now);
  CHECK(driver.kbps() == 20'000);
}

TEST_CASE("the acknowledged rate is what arrives, by the receiver's clock") {
  AcknowledgedRate rate;
  Instant at{9h};
  CHECK_FALSE(rate.over(AcknowledgedRate::kLong).has_value());
  for (int i = 0; i < 100; ++i) rate.on_arrival(at += 10ms, 1250);
  CHECK(rate.over(AcknowledgedRate::kLong)->kbps() == doctest::Approx(1000));
  SUBCASE("the short window follows a change sooner") {
    for (int i = 0; i < 8; ++i) rate.on_arrival(at += 20ms, 1250);
    CHECK(rate.over(AcknowledgedRate::kShort)->kbps() < 600);
    CHECK(rate.over(AcknowledgedRate::kLong)->kbps() > 800);
  }
  SUBCASE("a pause is no rate") {
    rate.on_arrival(at += 20s, 1250);
    CHECK_FALSE(rate.over(AcknowledgedRate::kShort).has_value());
  }
  SUBCASE("nor is a clock that was set back") {
    rate.on_arrival(at -= 20s, 1250);
    CHECK_FALSE(rate.over(AcknowledgedRate::kShort).has_value());
    for (int i = 0; i < 100; ++i) rate.on_arrival(at += 10ms, 1250);
    CHECK(rate.over(AcknowledgedRate::kLong)->kbps() == doctest::Approx(1000));
  }
}

}  // namespace sluice
