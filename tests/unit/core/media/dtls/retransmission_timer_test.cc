#include "core/media/dtls/retransmission_timer.h"

#include <doctest/doctest.h>
#include <sys/time.h>

using namespace sluice;
using namespace std::chrono_literals;

namespace {

constexpr Instant kStart{};
using Drive = RetransmissionTimer::Drive;

// What OpenSSL does as a flight is sent: asks for the first interval, then sets its own deadline.
void start_flight(RetransmissionTimer& timer, timeval& openssl_deadline) {
  static_cast<void>(timer.next_interval_us(0));
  openssl_deadline = {.tv_sec = 2'000'000'000, .tv_usec = 5};
  timer.handle_openssl_deadline(&openssl_deadline);
}

}  // namespace

TEST_CASE("a flight waits for the first interval, each retransmission twice as long, up to the maximum") {
  for (const Drive drive : {Drive::injected_clock, Drive::both_clocks}) {
    RetransmissionTimer timer{100ms, 500ms, drive};
    timeval openssl_deadline{};
    timer.set_now(kStart);
    CHECK(!timer.deadline().has_value());
    start_flight(timer, openssl_deadline);
    CHECK(timer.deadline() == kStart + 100ms);

    Instant now = kStart + 100ms;
    for (const auto expected : {200ms, 400ms, 500ms, 500ms}) {
      timer.set_now(now);
      CHECK(timer.is_due());
      static_cast<void>(timer.next_interval_us(1));
      timer.handle_openssl_deadline(&openssl_deadline);
      CHECK(timer.deadline() == now + expected);
      CHECK(!timer.is_due());
      now += expected;
    }
  }
}

TEST_CASE("a new flight starts with the first interval again") {
  RetransmissionTimer timer{100ms, 1s, Drive::injected_clock};
  timeval openssl_deadline{};
  timer.set_now(kStart);
  start_flight(timer, openssl_deadline);
  static_cast<void>(timer.next_interval_us(1));
  start_flight(timer, openssl_deadline);
  CHECK(timer.deadline() == kStart + 100ms);
}

TEST_CASE("a zero from OpenSSL stops the timer") {
  RetransmissionTimer timer{100ms, 1s, Drive::injected_clock};
  timeval openssl_deadline{};
  start_flight(timer, openssl_deadline);
  openssl_deadline = {};
  timer.handle_openssl_deadline(&openssl_deadline);
  CHECK(!timer.deadline().has_value());
  CHECK(!timer.is_due());
}

TEST_CASE("OpenSSL's own deadline is moved to the past, and only where it is OpenSSL's own") {
  timeval openssl_deadline{};
  RetransmissionTimer timer{100ms, 1s, Drive::injected_clock};
  start_flight(timer, openssl_deadline);
  timer.make_due();
  CHECK(openssl_deadline.tv_sec == 1);
  CHECK(openssl_deadline.tv_usec == 0);

  RetransmissionTimer beside{100ms, 1s, Drive::both_clocks};
  start_flight(beside, openssl_deadline);
  beside.make_due();
  CHECK(openssl_deadline.tv_sec == 2'000'000'000);
}

TEST_CASE("OpenSSL's clock never gets to retransmit, unless both clocks must run") {
  RetransmissionTimer timer{100ms, 1s, Drive::injected_clock};
  CHECK(timer.next_interval_us(0) == 3'600'000'000);
  RetransmissionTimer beside{100ms, 1s, Drive::both_clocks};
  CHECK(beside.next_interval_us(0) == 100'000);
  CHECK(beside.next_interval_us(100'000) == 200'000);
}

TEST_CASE("a deadline that OpenSSL does not share is tried again a little later") {
  RetransmissionTimer timer{100ms, 1s, Drive::both_clocks};
  timeval openssl_deadline{};
  timer.set_now(kStart);
  start_flight(timer, openssl_deadline);
  timer.set_now(kStart + 100ms);
  timer.retry_later();
  CHECK(timer.deadline() == kStart + 100ms + RetransmissionTimer::kRetry);
}
