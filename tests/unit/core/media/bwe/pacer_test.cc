#include "core/media/bwe/pacer.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace sluice {
namespace {

using namespace std::chrono_literals;

constexpr Instant kStart{1h};

std::vector<std::uint8_t> packet(std::size_t size, std::uint8_t mark = 0) { return std::vector(size, mark); }

/// Sends as a transport does: at once what may go, the rest by the pacer.
struct Sender {
  Pacer pacer;
  Instant now = kStart;
  std::vector<std::uint8_t> marks;  // of what left, in order
  std::size_t bytes = 0;

  void send(PacePriority priority, std::size_t size, std::uint8_t mark) {
    if (pacer.may_send(priority, now)) {
      pacer.on_sent(size, now);
      left(size, mark);
    } else {
      pacer.push(priority, packet(size, mark), now);
    }
  }
  void left(std::size_t size, std::uint8_t mark) {
    bytes += size;
    marks.push_back(mark);
  }
  void drain() {
    while (const auto waited = pacer.poll(now)) left(waited->size(), waited->front());
  }
  /// Meets every deadline up to and including `end`.
  void run_until(Instant end) {
    for (int rounds = 0; const auto due = pacer.next_timeout(); ++rounds) {
      REQUIRE(rounds < 100'000);
      if (*due > end) break;
      now = std::max(now, *due);
      drain();
    }
    now = end;
  }
};

TEST_CASE("without a rate nothing waits and nothing is due") {
  Pacer pacer;
  for (int i = 0; i < 1000; ++i) {
    REQUIRE(pacer.may_send(PacePriority::video, kStart));
    pacer.on_sent(1200, kStart);
  }
  CHECK_FALSE(pacer.next_timeout().has_value());
  CHECK_FALSE(pacer.holds_memory());
}

TEST_CASE("a burst of 40 ms leaves at once, the rest of a frame at the rate") {
  Sender sender;
  sender.pacer.set_rate(DataRate::kbps(960), kStart);  // 4800 bytes in 40 ms, 120 a millisecond
  for (std::uint8_t i = 0; i < 14; ++i) sender.send(PacePriority::video, 1200, i);
  CHECK(sender.marks.size() == 4);
  CHECK(sender.pacer.queued_packets() == 10);
  CHECK(sender.pacer.queued_bytes() == 12'000);
  sender.run_until(kStart + 51ms);
  CHECK(sender.bytes == 4800 + 6 * 1200);  // begun as soon as the bucket is not full: one packet more than 50 ms worth
  sender.run_until(kStart + 200ms);
  CHECK(sender.pacer.queued_packets() == 0);
  CHECK(std::ranges::is_sorted(sender.marks));
  CHECK_FALSE(sender.pacer.next_timeout().has_value());
}

TEST_CASE("audio is never held, and what it takes is missing to video") {
  Sender sender;
  sender.pacer.set_rate(DataRate::kbps(400), kStart);  // 2000 bytes in 40 ms
  for (int i = 0; i < 20; ++i) CHECK(sender.pacer.may_send(PacePriority::audio, kStart));
  sender.send(PacePriority::audio, 2000, 1);
  CHECK_FALSE(sender.pacer.may_send(PacePriority::video, kStart));
  CHECK(sender.pacer.may_send(PacePriority::audio, kStart));
  CHECK(sender.pacer.may_send(PacePriority::video, kStart + 1ms));
}

TEST_CASE("later video waits behind video that waits, a retransmission passes it") {
  Sender sender;
  sender.pacer.set_rate(DataRate::kbps(960), kStart);
  for (std::uint8_t i = 0; i < 8; ++i) sender.send(PacePriority::video, 1200, i);
  REQUIRE(sender.pacer.queued_packets() == 4);
  sender.now += 15ms;
  CHECK_FALSE(sender.pacer.may_send(PacePriority::video, sender.now));  // there is room, but four are before it
  CHECK(sender.pacer.may_send(PacePriority::retransmission, sender.now));
  for (std::uint8_t i = 100; i < 103; ++i) sender.send(PacePriority::retransmission, 1200, i);
  sender.send(PacePriority::video, 1200, 8);
  sender.run_until(kStart + 300ms);
  CHECK(sender.marks == std::vector<std::uint8_t>{0, 1, 2, 3, 100, 101, 102, 4, 5, 6, 7, 8});
}

TEST_CASE("a late timer makes good for the time, up to one bucket") {
  Sender sender;
  sender.pacer.set_rate(DataRate::kbps(960), kStart);
  for (std::uint8_t i = 0; i < 40; ++i) sender.send(PacePriority::video, 1200, i);
  sender.now = kStart + 30ms;
  sender.drain();
  CHECK(sender.bytes == 4800 + 3 * 1200);
  sender.now = kStart + 330ms;
  sender.drain();
  CHECK(sender.bytes == 4800 + 3 * 1200 + 4 * 1200);
}

TEST_CASE("deadlines are not closer than a tick, whatever the rate") {
  Sender sender;
  sender.pacer.set_rate(DataRate::kbps(20'000), kStart);
  for (int i = 0; i < 400; ++i) sender.send(PacePriority::video, 1200, 0);
  REQUIRE(sender.pacer.queued_packets() > 0);
  int deadlines = 0;
  for (std::optional<Instant> due; (due = sender.pacer.next_timeout());) {
    CHECK(*due <= kStart + 200ms);
    sender.now = std::max(sender.now, *due);
    sender.drain();
    ++deadlines;
  }
  CHECK(deadlines <= 40);
  CHECK(sender.bytes == 400 * 1200);
}

TEST_CASE("a queue that would take too long is drained faster: nothing waits over half a second") {
  Sender sender;
  sender.pacer.set_rate(DataRate::kbps(100), kStart);
  for (int i = 0; i < 200; ++i) sender.send(PacePriority::video, 1200, 0);  // 19 seconds at the rate
  sender.run_until(kStart + 250ms);
  CHECK(sender.pacer.queued_packets() > 80);  // and spread over it
  CHECK(sender.pacer.queued_packets() < 120);
  sender.run_until(kStart + Pacer::kMaxWait);
  CHECK(sender.pacer.queued_packets() == 0);
  CHECK(sender.pacer.dropped() == 0);
}

TEST_CASE("audio and retransmissions over the rate do not hold video over half a second") {
  Sender sender;
  sender.pacer.set_rate(DataRate::kbps(100), kStart);
  sender.send(PacePriority::audio, 500, 1);
  sender.send(PacePriority::video, 1200, 200);
  for (Instant at = kStart; at < kStart + 600ms; at += 10ms) {
    sender.run_until(at);
    sender.send(PacePriority::audio, 300, 1);
    sender.send(PacePriority::retransmission, 1000, 2);
    const auto video = std::ranges::count(sender.marks, 200);
    CHECK(video == (at < kStart + Pacer::kMaxWait ? 0 : 1));
  }
}

TEST_CASE("beyond the bound of packets the oldest video goes, and is counted") {
  Sender sender;
  sender.pacer.set_rate(DataRate::kbps(8), kStart);
  sender.send(PacePriority::audio, 1000, 0);
  for (std::size_t i = 0; i < Pacer::kMaxPackets; ++i) sender.send(PacePriority::video, 100, i < 3 ? 1 : 2);
  CHECK(sender.pacer.queued_packets() == Pacer::kMaxPackets);
  sender.send(PacePriority::video, 100, 3);
  sender.send(PacePriority::retransmission, 100, 4);
  CHECK(sender.pacer.queued_packets() == Pacer::kMaxPackets);
  CHECK(sender.pacer.dropped() == 2);
  sender.run_until(kStart + 1s);
  CHECK(std::ranges::count(sender.marks, 1) == 1);
  CHECK(std::ranges::count(sender.marks, 3) == 1);
  CHECK(sender.marks.back() == 3);
}

TEST_CASE("beyond the bound of bytes, too; and what is too long is not taken") {
  Pacer pacer;
  pacer.set_rate(DataRate::kbps(8), kStart);
  const auto full = packet(PacketQueue::kMaxPacket);
  for (int i = 0; i < 1000; ++i) CHECK(pacer.push(PacePriority::video, full, kStart));
  CHECK(pacer.queued_bytes() <= Pacer::kMaxBytes);
  CHECK(pacer.dropped() == 1000 - pacer.queued_packets());
  const auto dropped = pacer.dropped();
  CHECK_FALSE(pacer.push(PacePriority::video, packet(PacketQueue::kMaxPacket + 1), kStart));
  CHECK(pacer.dropped() == dropped + 1);
}

TEST_CASE("a queue full of retransmissions takes no more, of either kind") {
  Pacer pacer;
  pacer.set_rate(DataRate::kbps(8), kStart);
  for (std::size_t i = 0; i < Pacer::kMaxPackets; ++i) {
    REQUIRE(pacer.push(PacePriority::retransmission, packet(10), kStart));
  }
  CHECK_FALSE(pacer.push(PacePriority::retransmission, packet(10), kStart));
  CHECK_FALSE(pacer.push(PacePriority::video, packet(10), kStart));
  CHECK(pacer.dropped() == 2);
}

TEST_CASE("the caller may write into a packet that leaves: its numbers are of that moment") {
  Pacer pacer;
  pacer.set_rate(DataRate::kbps(80), kStart);
  pacer.push(PacePriority::video, packet(100, 7), kStart);
  const auto released = pacer.poll(kStart);
  REQUIRE(released);
  CHECK(released->size() == 100);
  (*released)[50] = 9;
  CHECK((*released)[49] == 7);
}

TEST_CASE("memory is taken by the first packet that waits, and given back after idle seconds") {
  Sender sender;
  sender.pacer.set_rate(DataRate::kbps(960), kStart);
  for (std::uint8_t i = 0; i < 4; ++i) sender.send(PacePriority::video, 1200, i);
  CHECK_FALSE(sender.pacer.holds_memory());
  sender.send(PacePriority::video, 1200, 4);
  CHECK(sender.pacer.holds_memory());
  sender.run_until(kStart + 4s);
  sender.send(PacePriority::video, 1200, 5);
  CHECK(sender.pacer.holds_memory());
  sender.run_until(kStart + 6s);
  sender.send(PacePriority::video, 1200, 6);
  CHECK_FALSE(sender.pacer.holds_memory());
}

TEST_CASE("a change of the rate keeps the time that the bucket holds, not its bytes") {
  Pacer pacer;
  pacer.set_rate(DataRate::kbps(8000), kStart);
  pacer.on_sent(40'000, kStart);
  CHECK_FALSE(pacer.may_send(PacePriority::video, kStart));
  pacer.set_rate(DataRate::kbps(800), kStart);
  CHECK_FALSE(pacer.may_send(PacePriority::video, kStart));
  CHECK(pacer.may_send(PacePriority::video, kStart + 1ms));
}

TEST_CASE("the limit is lifted: what waits leaves at once") {
  Sender sender;
  sender.pacer.set_rate(DataRate::kbps(100), kStart);
  for (int i = 0; i < 20; ++i) sender.send(PacePriority::video, 1200, 0);
  sender.pacer.set_rate({}, kStart + 1ms);
  REQUIRE(sender.pacer.next_timeout());
  CHECK(*sender.pacer.next_timeout() <= kStart + 6ms);
  sender.run_until(kStart + 6ms);
  CHECK(sender.marks.size() == 20);
}

TEST_CASE("a path that is gone takes what waits with it") {
  Sender sender;
  sender.pacer.set_rate(DataRate::kbps(100), kStart);
  for (int i = 0; i < 20; ++i) sender.send(PacePriority::video, 1200, 0);
  sender.pacer.start_probe({.id = 1, .rate = DataRate::kbps(500), .bytes = 9000, .packets = 5}, kStart);
  sender.pacer.clear();
  CHECK(sender.pacer.queued_packets() == 0);
  CHECK(sender.pacer.probe() == 0);
  CHECK_FALSE(sender.pacer.next_timeout().has_value());
  CHECK_FALSE(sender.pacer.poll(kStart).has_value());
  CHECK(sender.pacer.may_send(PacePriority::video, kStart));
}

// Whatever comes at whatever time: order within a class, bounds, and the longest wait hold.
TEST_CASE("random traffic at random rates leaves in order, whole, and in time") {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    std::mt19937 random{seed};
    Pacer pacer;
    Instant now = kStart;
    std::vector<Instant> pushed[2];
    std::size_t left[2] = {0, 0};
    const auto check = [&](MutableBytes out) {
      const std::size_t kind = out[0];
      const std::size_t number = out[1] | out[2] << 8;
      REQUIRE(number == left[kind]++);
      REQUIRE(now - pushed[kind][number] <= Pacer::kMaxWait + Pacer::kTick);
      REQUIRE(std::ranges::all_of(out.subspan(3), [&](std::uint8_t byte) { return byte == out[1]; }));
    };
    for (int round = 0; round < 2000; ++round) {
      if (random() % 50 == 0) pacer.set_rate(DataRate::kbps(1 + random() % 3000), now);
      if (random() % 100 == 0) pacer.start_probe({.id = 1, .rate = DataRate::kbps(2000), .bytes = 5000}, now);
      const std::size_t kind = random() % 5 == 0 ? 0 : 1;
      const auto priority = kind == 0 ? PacePriority::retransmission : PacePriority::video;
      const std::size_t size = 3 + random() % 1500;
      if (pacer.may_send(priority, now)) {
        REQUIRE(left[kind] == pushed[kind].size());
        pacer.on_sent(size, now);
      } else {
        auto bytes = packet(size, static_cast<std::uint8_t>(pushed[kind].size()));
        bytes[0] = static_cast<std::uint8_t>(kind);
        bytes[2] = static_cast<std::uint8_t>(pushed[kind].size() >> 8);
        REQUIRE(pacer.push(priority, bytes, now));
        pushed[kind].push_back(now);
      }
      const Instant next = now + std::chrono::microseconds{random() % 8000};
      while (const auto due = pacer.next_timeout()) {
        if (*due > next) break;
        now = std::max(now, *due);
        while (const auto out = pacer.poll(now)) check(*out);
        if (pacer.padding_due(now) > 0) pacer.on_sent(pacer.padding_due(now), now);
      }
      now = next;
    }
    CHECK(pacer.dropped() == 0);
  }
}

}  // namespace
}  // namespace sluice
