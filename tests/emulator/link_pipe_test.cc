#include "tests/emulator/link_pipe.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <vector>

using namespace sluice;
using namespace sluice::emulator;
using namespace std::chrono_literals;
using simulation::Link;
using simulation::Parcel;

namespace {

constexpr Instant kStart = Instant{} + 1h;

// A datagram of `size` bytes each `interval`, for `time`; what arrives is taken each millisecond, as a relay does.
struct Run {
  std::vector<std::uint64_t> tags;
  std::size_t bytes = 0;

  void drive(LinkPipe& pipe, std::size_t size, Duration interval, Duration time, Instant& now) {
    const Instant end = now + time;
    Instant next = now;
    for (; now < end; now += 1ms) {
      for (; next <= now; next += interval) pipe.push({.bytes = std::vector<std::uint8_t>(size), .tag = sent++}, next);
      drain(pipe, now);
    }
  }
  void drain(LinkPipe& pipe, Instant now) {
    while (const auto parcel = pipe.pop(now)) {
      tags.push_back(parcel->tag);
      bytes += parcel->bytes.size();
    }
  }
  std::uint64_t sent = 0;
};

}  // namespace

TEST_CASE("a pipe delivers at its rate, and what is too much is dropped") {
  LinkPipe pipe{{.delay = 10ms, .rate = DataRate::kbps(800), .queue_time = 100ms}, 1};
  Run run;
  Instant now = kStart;
  run.drive(pipe, 1000, 5ms, 10s, now);  // 1600 kbit/s
  CHECK(run.bytes == doctest::Approx(1'000'000).epsilon(0.01));
  CHECK(pipe.counters().queue_dropped == doctest::Approx(1000).epsilon(0.02));
  CHECK(std::ranges::is_sorted(run.tags));
  CHECK(pipe.queue().counters().waits.quantile(0.95) < 100ms);

  // Changed while it runs: what waited goes at the new rate, too.
  pipe.configure({.delay = 10ms, .rate = DataRate::kbps(400), .queue_time = 100ms}, now);
  run.bytes = 0;
  run.drive(pipe, 1000, 5ms, 10s, now);
  CHECK(run.bytes == doctest::Approx(500'000).epsilon(0.02));
}

TEST_CASE("a pipe without limits delays, and no more") {
  LinkPipe pipe{{.delay = 25ms}, 1};
  for (std::uint64_t tag = 0; tag < 100; ++tag) pipe.push({.bytes = {1}, .tag = tag}, kStart);
  CHECK(pipe.next_event() == kStart + 25ms);
  CHECK_FALSE(pipe.pop(kStart + 24ms).has_value());
  for (std::uint64_t tag = 0; tag < 100; ++tag) CHECK(pipe.pop(kStart + 25ms)->tag == tag);
  CHECK_FALSE(pipe.next_event().has_value());
}

TEST_CASE("a pipe loses, doubles and reorders its share") {
  LinkPipe pipe{{.delay = 10ms, .loss = 0.1, .duplication = 0.05, .reordering = 0.1}, 1};
  Run run;
  Instant now = kStart;
  run.drive(pipe, 100, 1ms, 20s, now);
  run.drain(pipe, now + 1s);
  const auto& counters = pipe.counters();
  CHECK(counters.datagrams == 20'000);
  CHECK(counters.lost == doctest::Approx(2000).epsilon(0.1));
  CHECK(counters.duplicated == doctest::Approx(900).epsilon(0.1));
  CHECK(counters.reordered == doctest::Approx(1800).epsilon(0.1));
  CHECK(counters.delivered == counters.datagrams - counters.lost + counters.duplicated);
  CHECK_FALSE(std::ranges::is_sorted(run.tags));
}
