#include "core/media/recovery/round_trip_meter.h"

#include <doctest/doctest.h>

namespace sluice::test {
namespace {

using namespace std::chrono_literals;

constexpr Instant kStart = Instant{} + 1h;

constexpr NtpTime ntp(int seconds) { return to_ntp(WallTime{std::chrono::seconds{1'700'000'000 + seconds}}); }

bool near(std::optional<Duration> value, Duration wanted) {
  return value && *value > wanted - 100us && *value < wanted + 100us;  // DLRR counts in 1/65536 s
}

}  // namespace

TEST_CASE("the round trip is the time to the answer without the time that the client took") {
  RoundTripMeter meter;
  CHECK(meter.value() == RoundTripMeter::kDefault);
  CHECK(!meter.measured());
  meter.on_sent(ntp(0), kStart);
  meter.on_answer(compact(ntp(0)), to_compact_ntp(700ms), kStart + 760ms);
  CHECK(near(meter.measured(), 60ms));
  meter.on_sent(ntp(1), kStart + 1s);
  meter.on_answer(compact(ntp(1)), to_compact_ntp(0ms), kStart + 1100ms);
  CHECK(near(meter.value(), 70ms));  // smoothed
}

TEST_CASE("answers to what was not sent, or long ago, and impossible ones, change nothing") {
  RoundTripMeter meter;
  meter.on_answer(CompactNtp{0}, CompactNtp{0}, kStart);
  for (int i = 0; i < 10; ++i) meter.on_sent(ntp(i), kStart + i * 1s);
  meter.on_answer(compact(ntp(77)), CompactNtp{0}, kStart + 10s);
  meter.on_answer(compact(ntp(1)), CompactNtp{0}, kStart + 10s);  // forgotten
  meter.on_answer(compact(ntp(9)), to_compact_ntp(2s), kStart + 10s);
  meter.on_answer(compact(ntp(9)), CompactNtp{0}, kStart + 1h);
  CHECK(!meter.measured());
  meter.on_sample(40ms);
  CHECK(meter.value() == 40ms);
}

}  // namespace sluice::test
