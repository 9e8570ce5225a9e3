#include "tests/simulation/bottleneck.h"

#include <doctest/doctest.h>

#include <chrono>

using namespace sluice;
using namespace sluice::simulation;
using namespace std::chrono_literals;

namespace {

constexpr Instant kStart{};

Parcel parcel(std::size_t size, std::uint64_t tag = 0) {
  return {.bytes = std::vector<std::uint8_t>(size), .tag = tag};
}

}  // namespace

TEST_CASE("a bottleneck takes the time of the bytes, one datagram after the other") {
  Bottleneck line{{.rate = DataRate::kbps(1000)}};
  REQUIRE(line.push(parcel(1250, 1), kStart));
  REQUIRE(line.push(parcel(1250, 2), kStart + 4ms));
  CHECK(line.next_departure() == kStart + 10ms);
  CHECK_FALSE(line.pop(kStart + 9ms).has_value());
  CHECK(line.pop(kStart + 10ms)->parcel.tag == 1);
  CHECK(line.next_departure() == kStart + 20ms);
  CHECK(line.pop(kStart + 20ms)->parcel.tag == 2);
  CHECK_FALSE(line.next_departure().has_value());
  CHECK(line.counters().bytes == 2500);
  CHECK(line.counters().waits.quantile(0.5) == 0ms);
  CHECK(line.counters().waits.quantile(1) == 6ms);
}

TEST_CASE("who looks at a bottleneck late does not slow it down") {
  Bottleneck line{{.rate = DataRate::kbps(1000)}};
  for (int i = 0; i < 3; ++i) REQUIRE(line.push(parcel(1250), kStart));
  const Instant late = kStart + 1s;
  CHECK(line.pop(late)->at == kStart + 10ms);
  CHECK(line.pop(late)->at == kStart + 20ms);
  CHECK(line.pop(late)->at == kStart + 30ms);
  CHECK_FALSE(line.pop(late).has_value());
}

TEST_CASE("a queue is bounded in bytes, in time, or both") {
  SUBCASE("in bytes, the datagram on the line included") {
    Bottleneck line{{.rate = DataRate::kbps(1000), .queue_bytes = 2500}};
    CHECK(line.push(parcel(1250), kStart));
    CHECK(line.push(parcel(1250), kStart));
    CHECK_FALSE(line.push(parcel(1), kStart));
    CHECK(line.counters().dropped == 1);
  }
  SUBCASE("in time, at the rate of the moment") {
    Bottleneck line{{.rate = DataRate::kbps(1000), .queue_time = 20ms}};
    CHECK(line.push(parcel(1250), kStart));
    CHECK(line.push(parcel(1250), kStart));
    CHECK_FALSE(line.push(parcel(1), kStart));
    line.set_rate(DataRate::kbps(2000), kStart);
    CHECK(line.push(parcel(2500), kStart));
    CHECK_FALSE(line.push(parcel(1), kStart));
  }
  SUBCASE("what is in it stays when it becomes too small") {
    Bottleneck line{{.rate = DataRate::kbps(1000)}};
    for (int i = 0; i < 10; ++i) REQUIRE(line.push(parcel(1000), kStart));
    line.configure({.rate = DataRate::kbps(1000), .queue_bytes = 100}, kStart);
    CHECK(line.queued_datagrams() == 10);
    CHECK_FALSE(line.push(parcel(1), kStart));
  }
}

TEST_CASE("a change of rate holds for the rest of the datagram on the line") {
  Bottleneck line{{.rate = DataRate::kbps(1000)}};
  REQUIRE(line.push(parcel(1250), kStart));
  line.set_rate(DataRate::kbps(500), kStart + 4ms);  // 6 ms of it are left, and take 12
  CHECK(line.next_departure() == kStart + 16ms);
  line.set_rate(DataRate::kbps(3000), kStart + 10ms);  // 3 ms are left, and take 1
  CHECK(line.next_departure() == kStart + 11ms);
}

TEST_CASE("without a rate a bottleneck lets everything through at once") {
  Bottleneck line{{}};
  for (int i = 0; i < 100; ++i) REQUIRE(line.push(parcel(60'000), kStart));
  for (int i = 0; i < 100; ++i) CHECK(line.pop(kStart)->at == kStart);
}

TEST_CASE("quantiles of delays are the least value that the share does not exceed") {
  DelayHistogram delays;
  CHECK(delays.quantile(0.5) == 0ms);
  for (int ms = 1; ms <= 100; ++ms) delays.add(std::chrono::milliseconds{ms});
  CHECK(delays.quantile(0.5) == 50ms);
  CHECK(delays.quantile(0.95) == 95ms);
  CHECK(delays.quantile(1) == 100ms);
  CHECK(delays.share_below(51ms) == doctest::Approx(0.5));
  delays.add(1h);
  CHECK(delays.quantile(1) == std::chrono::milliseconds{DelayHistogram::kBins - 1});
}
