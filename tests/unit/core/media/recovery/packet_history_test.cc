#include "core/media/recovery/packet_history.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "core/media/rtp/sequence_number.h"
#include "tests/unit/core/media/rtp/wrap_around_starts.h"

namespace sluice::test {
namespace {

using namespace std::chrono_literals;

constexpr Instant kStart = Instant{} + 1h;

// Of any size, but with bytes that tell which one it is.
std::vector<std::uint8_t> packet(RtpSequence sequence, std::size_t size) {
  std::vector<std::uint8_t> bytes(size, static_cast<std::uint8_t>(sequence.value() * 31));
  bytes[0] = static_cast<std::uint8_t>(sequence.value() >> 8);
  bytes[1] = static_cast<std::uint8_t>(sequence.value());
  return bytes;
}

bool holds(const PacketHistory& history, RtpSequence sequence, std::size_t size, Instant now) {
  const auto found = history.find(sequence, now);
  return found && std::ranges::equal(found->packet, packet(sequence, size));
}

void store(PacketHistory& history, RtpSequence sequence, std::size_t size, Instant now) {
  history.store(packet(sequence, size), sequence, {}, now);
}

}  // namespace

TEST_CASE("a packet is found as it was stored") {
  PacketHistory history{PacketHistory::kVideo};
  CHECK(history.capacity() == 0);
  CHECK(!history.find(RtpSequence{7}, kStart));
  const PacketHistory::Label label{.layers = {.spatial = 1, .temporal = 2, .keyframe = true, .pictures = {.id = 77}},
                                   .clock_rate = 90'000,
                                   .payload_type = 101};
  history.store(packet(RtpSequence{7}, 900), RtpSequence{7}, label, kStart);
  REQUIRE(holds(history, RtpSequence{7}, 900, kStart + 500ms));
  const auto found = history.find(RtpSequence{7}, kStart);
  CHECK(found->label.layers.spatial == 1);
  CHECK(found->label.layers.temporal == 2);
  CHECK(found->label.layers.keyframe);
  CHECK(found->label.layers.pictures.id == 77);
  CHECK(found->label.clock_rate == 90'000);
  CHECK(found->label.payload_type == 101);
  CHECK(!history.find(RtpSequence{8}, kStart));
}

TEST_CASE("what is older than the bound is not found") {
  PacketHistory history{PacketHistory::kVideo};
  store(history, RtpSequence{1}, 100, kStart);
  CHECK(holds(history, RtpSequence{1}, 100, kStart + 1s));
  CHECK(!history.find(RtpSequence{1}, kStart + 1001ms));
}

TEST_CASE("the ring grows until it holds its time, across the wrap of the numbers, and loses nothing on the way") {
  for (const std::uint16_t start : kWrapAroundStarts) {
    CAPTURE(start);
    PacketHistory history{PacketHistory::kVideo};
    Instant now = kStart;
    int missing = 0;
    constexpr int kPackets = 4000;
    for (int i = 0; i < kPackets; ++i, now += 4ms) {  // 250 packets a second, 2 Mbit/s
      store(history, advance(RtpSequence{start}, i), 1000, now);
      // Once it has grown, all of the last second is there.
      if (i < 1000 || i % 50 != 0) continue;
      for (int back = 0; back < 250; ++back) {
        if (!holds(history, advance(RtpSequence{start}, i - back), 1000, now)) ++missing;
      }
    }
    CHECK(missing == 0);
    CHECK(history.capacity() <= 1U << 19);
  }
}

TEST_CASE("it grows no further than its bound, and then holds the newest") {
  PacketHistory history{PacketHistory::kVideo};
  Instant now = kStart;
  for (int i = 0; i < 10'000; ++i, now += 100us) store(history, RtpSequence{static_cast<std::uint16_t>(i)}, 1100, now);
  CHECK(history.capacity() == PacketHistory::kVideo.max_bytes);
  for (int i = 10'000 - 1700; i < 10'000; ++i) {
    REQUIRE(holds(history, RtpSequence{static_cast<std::uint16_t>(i)}, 1100, now));
  }
  CHECK(!history.find(RtpSequence{9000 - 1900}, now));
}

TEST_CASE("it shrinks when little comes, and keeps what is young") {
  PacketHistory history{PacketHistory::kVideo};
  Instant now = kStart;
  std::uint16_t next = 0;
  for (int i = 0; i < 10'000; ++i, now += 100us) store(history, RtpSequence{next++}, 1100, now);
  const std::size_t large = history.capacity();
  for (int i = 0; i < 40'000; ++i, now += 20ms) {
    store(history, RtpSequence{next++}, 300, now);
    const RtpSequence recent = advance(RtpSequence{next}, -std::min(i + 1, 40));
    REQUIRE(holds(history, recent, 300, now));
  }
  CHECK(history.capacity() == PacketHistory::kVideo.min_bytes);
  CHECK(history.capacity() < large);
}

TEST_CASE("late packets are stored where they belong") {
  PacketHistory history{PacketHistory::kVideo};
  store(history, RtpSequence{65'534}, 100, kStart);
  store(history, RtpSequence{1}, 100, kStart);
  store(history, RtpSequence{65'535}, 120, kStart + 50ms);
  for (const auto& [sequence, size] : {std::pair{65'534, 100}, {65'535, 120}, {1, 100}}) {
    CHECK(holds(history, RtpSequence{static_cast<std::uint16_t>(sequence)}, static_cast<std::size_t>(size),
                kStart + 60ms));
  }
  CHECK(!history.find(RtpSequence{0}, kStart + 60ms));
}

TEST_CASE("packets of any size up to the longest are held, longer ones are not") {
  PacketHistory history{PacketHistory::kAudio};
  std::uint16_t next = 0;
  for (int round = 0; round < 50; ++round) {
    for (const std::size_t size : {12U, 13U, 200U, 1500U, 2048U, 33U}) {
      store(history, RtpSequence{next}, size, kStart);
      REQUIRE(holds(history, RtpSequence{next}, size, kStart));
      ++next;
    }
  }
  store(history, RtpSequence{next}, PacketHistory::kMaxPacket + 1, kStart);
  CHECK(!history.find(RtpSequence{next}, kStart));
  CHECK(history.capacity() == PacketHistory::kAudio.max_bytes);
}

TEST_CASE("a new numbering finds nothing of the one before") {
  PacketHistory history{PacketHistory::kVideo};
  store(history, RtpSequence{5}, 100, kStart);
  history.clear();
  CHECK(!history.find(RtpSequence{5}, kStart));
  store(history, RtpSequence{5}, 300, kStart);
  CHECK(holds(history, RtpSequence{5}, 300, kStart));
}

TEST_CASE("memory is given back when nothing comes any more") {
  PacketHistory history{PacketHistory::kVideo};
  store(history, RtpSequence{5}, 100, kStart);
  history.release_if_idle(kStart + PacketHistory::kIdle - 1ms);
  CHECK(history.capacity() > 0);
  history.release_if_idle(kStart + PacketHistory::kIdle);
  CHECK(history.capacity() == 0);
  CHECK(!history.find(RtpSequence{5}, kStart));
  store(history, RtpSequence{6}, 100, kStart + 1min);
  CHECK(holds(history, RtpSequence{6}, 100, kStart + 1min));
  CHECK(!history.find(RtpSequence{5}, kStart + 1min));
}

}  // namespace sluice::test
