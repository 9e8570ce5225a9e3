#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "core/media/bwe/pacer.h"

namespace sluice {
namespace {

using namespace std::chrono_literals;

constexpr Instant kStart{1h};
constexpr ProbeCluster kProbe{.id = 3, .rate = DataRate::kbps(2000), .bytes = 20'000, .packets = 10};  // 80 ms

struct Probed {
  std::size_t padding = 0;
  std::size_t media = 0;
  std::size_t packets = 0;
  Instant first{};
  Instant last{};
};

/// Meets the deadlines of a probe until it is over, or for three seconds; media of `media` bytes comes each 10 ms.
Probed run(Pacer& pacer, std::size_t media, Duration lateness = 0ms) {
  Probed sent{.first = kStart, .last = kStart};
  Instant next_media = kStart;
  const auto count = [&](std::size_t& kind, std::size_t bytes, std::uint8_t id, Instant now) {
    if (id == 0) return;
    kind += bytes;
    ++sent.packets;
    sent.last = now;
  };
  for (Instant now = kStart; now < kStart + 3s;) {
    if (media > 0 && now >= next_media) {
      next_media += 10ms;
      if (pacer.may_send(PacePriority::video, now)) {
        count(sent.media, media, pacer.probe(), now);
        pacer.on_sent(media, now);
      } else {
        pacer.push(PacePriority::video, std::vector<std::uint8_t>(media), now);
      }
    }
    while (const auto packet = pacer.poll(now)) count(sent.media, packet->size(), pacer.probe(), now);
    while (const auto due = pacer.padding_due(now)) {
      const std::size_t size = std::min<std::size_t>(due, 1200);
      count(sent.padding, size, pacer.probe(), now);
      pacer.on_sent(size, now);
    }
    const auto due = pacer.next_timeout();
    if (!due) break;
    now = std::max(*due + lateness, now);
    if (media > 0) now = std::min(now, std::max(next_media, kStart));
  }
  return sent;
}

DataRate rate_of(const Probed& sent, std::size_t last_packet) {
  return DataRate::of(sent.padding + sent.media - last_packet, sent.last - sent.first);
}

TEST_CASE("a probe with nothing else to send is padding at its rate, evenly, and then over") {
  Pacer pacer;
  pacer.set_rate(DataRate::kbps(500), kStart);
  pacer.start_probe(kProbe, kStart);
  CHECK(pacer.probe() == 3);
  const Probed sent = run(pacer, 0);
  CHECK(sent.media == 0);
  CHECK(sent.padding >= kProbe.bytes);
  CHECK(sent.padding < kProbe.bytes + 1300);
  CHECK(sent.packets >= kProbe.packets);
  const double rate = rate_of(sent, 1200).kbps();
  CHECK(rate > 1800);
  CHECK(rate < 2200);
  CHECK_FALSE(pacer.next_timeout().has_value());
  CHECK(pacer.padding_due(kStart + 1s) == 0);
  CHECK(pacer.probe() == 0);
}

TEST_CASE("padding fills what media leaves of the probe's rate") {
  Pacer pacer;
  pacer.set_rate(DataRate::kbps(1000), kStart);
  pacer.start_probe(kProbe, kStart);
  const Probed sent = run(pacer, 1000);  // 800 kbit/s of 2000
  CHECK(sent.media >= 7000);
  CHECK(sent.padding > 9000);
  CHECK(sent.media + sent.padding >= kProbe.bytes);
  const double rate = rate_of(sent, 1200).kbps();
  CHECK(rate > 1800);
  CHECK(rate < 2250);
}

TEST_CASE("media that suffices for the probe needs no padding") {
  Pacer pacer;
  pacer.set_rate(DataRate::kbps(500), kStart);
  for (int i = 0; i < 30; ++i) pacer.push(PacePriority::video, std::vector<std::uint8_t>(1200), kStart);
  pacer.start_probe(kProbe, kStart);
  const Probed sent = run(pacer, 0);
  CHECK(sent.padding == 0);
  CHECK(sent.media >= kProbe.bytes);
  const double rate = rate_of(sent, 1200).kbps();
  CHECK(rate > 1700);
  CHECK(rate < 2300);
}

TEST_CASE("a timer that is late does not make the probe slower") {
  Pacer pacer;
  pacer.set_rate(DataRate::kbps(500), kStart);
  pacer.start_probe(kProbe, kStart);
  const Probed sent = run(pacer, 0, 7ms);
  const double rate = rate_of(sent, 1200).kbps();
  CHECK(rate > 1700);
  CHECK(rate < 2500);
}

TEST_CASE("a probe that nobody feeds ends in bounded time, and its deadlines are ticks apart") {
  Pacer pacer;
  pacer.set_rate(DataRate::kbps(500), kStart);
  pacer.start_probe(kProbe, kStart);
  Instant now = kStart;
  int deadlines = 0;
  while (const auto due = pacer.next_timeout()) {
    now = std::max(now, *due);
    CHECK_FALSE(pacer.poll(now).has_value());
    static_cast<void>(pacer.padding_due(now));  // there is no stream to put it into
    REQUIRE(++deadlines < 100);
  }
  CHECK(now <= kStart + 300ms);
  CHECK(pacer.probe() == 0);
  CHECK(pacer.may_send(PacePriority::video, now));
}

TEST_CASE("all packets of a probe leave, also when its bytes left before") {
  Pacer pacer;
  pacer.set_rate(DataRate::kbps(500), kStart);
  pacer.start_probe({.id = 1, .rate = DataRate::kbps(1000), .bytes = 1000, .packets = 8}, kStart);
  const Probed sent = run(pacer, 0);
  CHECK(sent.packets == 8);
}

TEST_CASE("the packet that ends a probe belongs to it, the next one does not") {
  Pacer pacer;
  pacer.set_rate(DataRate::kbps(10'000), kStart);
  pacer.push(PacePriority::video, std::vector<std::uint8_t>(1000), kStart);
  pacer.push(PacePriority::video, std::vector<std::uint8_t>(1000), kStart);
  pacer.start_probe({.id = 9, .rate = DataRate::kbps(10'000), .bytes = 800, .packets = 1}, kStart);
  REQUIRE(pacer.poll(kStart));
  CHECK(pacer.probe() == 9);
  REQUIRE(pacer.poll(kStart));
  CHECK(pacer.probe() == 0);
}

TEST_CASE("a probe that comes during another one follows it; too many are not taken") {
  Pacer pacer;
  pacer.set_rate(DataRate::kbps(500), kStart);
  for (std::uint8_t id = 1; id <= 9; ++id) {
    pacer.start_probe({.id = id, .rate = DataRate::kbps(1000) * id, .bytes = 3000, .packets = 2}, kStart);
  }
  std::vector<std::uint8_t> ids;
  for (Instant now = kStart; const auto due = pacer.next_timeout();) {
    now = std::max(now, *due);
    while (const auto padding = pacer.padding_due(now)) {
      if (ids.empty() || ids.back() != pacer.probe()) ids.push_back(pacer.probe());
      pacer.on_sent(padding, now);
    }
    REQUIRE(now < kStart + 3s);
  }
  CHECK(ids == std::vector<std::uint8_t>{1, 2, 3, 4, 5});
}

TEST_CASE("a probe does not hold back media where there is no limit") {
  Pacer pacer;
  pacer.start_probe({.id = 1, .rate = DataRate::kbps(100), .bytes = 100'000, .packets = 2}, kStart);
  for (int i = 0; i < 50; ++i) {
    CHECK(pacer.may_send(PacePriority::video, kStart));
    pacer.on_sent(1200, kStart);
  }
}

TEST_CASE("after a probe media goes on at its own rate") {
  Pacer pacer;
  pacer.set_rate(DataRate::kbps(480), kStart);
  pacer.start_probe(kProbe, kStart);
  static_cast<void>(run(pacer, 0));
  const Instant end = kStart + 1s;
  std::size_t bytes = 0;
  while (pacer.may_send(PacePriority::video, end)) {
    pacer.on_sent(1200, end);
    bytes += 1200;
  }
  CHECK(bytes == 2400);
}

}  // namespace
}  // namespace sluice
