#include "core/media/recovery/retransmission_guard.h"

#include <doctest/doctest.h>

#include "core/media/rtp/sequence_number.h"
#include "tests/unit/core/media/rtp/wrap_around_starts.h"

namespace sluice::test {
namespace {

using namespace std::chrono_literals;
using Guard = RetransmissionGuard;

constexpr Instant kStart = Instant{} + 1h;
constexpr Guard::Path kPath{.round_trip = 60ms, .media = DataRate::kbps(2000)};

}  // namespace

TEST_CASE("a packet is not sent again while the last time is still under way") {
  for (const std::uint16_t start : kWrapAroundStarts) {
    Guard guard;
    const RtpSequence first{start};
    CHECK(guard.allow({.sequence = first, .bytes = 1000}, kPath, kStart));
    CHECK(!guard.allow({.sequence = first, .bytes = 1000}, kPath, kStart + 59ms));
    CHECK(guard.allow({.sequence = advance(first, 1), .bytes = 1000}, kPath, kStart + 59ms));
    CHECK(guard.allow({.sequence = first, .bytes = 1000}, kPath, kStart + 60ms));
    CHECK(guard.counters().allowed == 3);
    CHECK(guard.counters().too_soon == 1);
  }
}

TEST_CASE("a round trip that is said to be nothing does not open the gate") {
  Guard guard;
  int sent = 0;
  for (Duration passed{}; passed < 150ms; passed += 1ms) {
    if (guard.allow({.sequence = RtpSequence{5}, .bytes = 10}, {.round_trip = {}, .media = {}}, kStart + passed))
      ++sent;
  }
  CHECK(sent == 10);
}

TEST_CASE("however much is asked for, it takes no more than its share of the media's rate") {
  Guard guard;
  std::size_t bytes = 0;
  std::uint16_t next = 0;
  for (Duration passed{}; passed < 10s; passed += 1ms) {
    for (int i = 0; i < 20; ++i) {
      if (guard.allow({.sequence = RtpSequence{next++}, .bytes = 1000}, kPath, kStart + passed)) bytes += 1000;
    }
  }
  const std::size_t share = (kPath.media * Guard::kShare).bytes_in(10s + Guard::kBurst);
  CHECK(bytes <= share);
  CHECK(bytes >= share - 2000);
  CHECK(guard.counters().too_much > 100'000);
}

TEST_CASE("a gap of a moment is repaired whole") {
  Guard guard;
  // 400 ms of 2 Mbit/s.
  for (std::uint16_t i = 0; i < 100; ++i) {
    CHECK(guard.allow({.sequence = RtpSequence{i}, .bytes = 1000}, kPath, kStart));
  }
}

TEST_CASE("of a stream that sends little everything may be asked for") {
  Guard guard;
  for (std::uint16_t i = 0; i < 50; ++i) {
    CHECK(guard.allow({.sequence = RtpSequence{i}, .bytes = 160}, {.round_trip = 60ms, .media = DataRate::kbps(3)},
                      kStart + i * 20ms));
  }
}

}  // namespace sluice::test
