#include "core/media/worker/packet_ring.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <thread>
#include <vector>

namespace sluice {
namespace {

std::array<std::uint8_t, 8> numbered(std::uint64_t number) {
  std::array<std::uint8_t, 8> bytes;
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(number >> 8 * i);
  return bytes;
}
std::uint64_t number_of(Bytes bytes) {
  std::uint64_t number = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) number = number << 8 | bytes[i];
  return number;
}

}  // namespace

TEST_CASE("what goes in comes out in order, with its label") {
  PacketRing ring;
  CHECK(ring.drain([](const PacketRing::Label&, Bytes) { FAIL("empty"); }) == 0);
  for (std::uint64_t round = 0; round < 5; ++round) {  // past the end of the slots and around
    for (std::uint64_t i = 0; i < 700; ++i) {
      REQUIRE(ring.push({.producer = ProducerKey{i},
                         .clock_rate = 90'000,
                         .encoding = 2,
                         .payload_type = 101,
                         .layers = {.keyframe = i % 2 == 0},
                         .run = static_cast<std::uint8_t>(i)},
                        numbered(round * 700 + i)));
    }
    std::uint64_t next = 0;
    CHECK(ring.drain([&](const PacketRing::Label& label, Bytes packet) {
      REQUIRE(number_of(packet) == round * 700 + next);
      REQUIRE(label.producer == ProducerKey{next});
      REQUIRE(label.clock_rate == 90'000);
      REQUIRE(label.encoding == 2);
      REQUIRE(label.payload_type == 101);
      REQUIRE(label.layers.keyframe == (next % 2 == 0));
      REQUIRE(label.run == static_cast<std::uint8_t>(next));
      ++next;
    }) == 700);
  }
  CHECK(ring.dropped() == 0);
}

TEST_CASE("a full ring drops the newest and counts it") {
  PacketRing ring;
  for (std::uint64_t i = 0; i < PacketRing::kSlots; ++i) REQUIRE(ring.push({}, numbered(i)));
  CHECK_FALSE(ring.push({}, numbered(4711)));
  CHECK_FALSE(ring.push({}, numbered(4712)));
  CHECK(ring.dropped() == 2);
  std::uint64_t next = 0;
  ring.drain([&](const PacketRing::Label&, Bytes packet) { REQUIRE(number_of(packet) == next++); });
  CHECK(next == PacketRing::kSlots);
  CHECK(ring.push({}, numbered(1)));
}

TEST_CASE("empty packets and the largest pass; larger ones are dropped") {
  PacketRing ring;
  const std::vector<std::uint8_t> largest(ReceiveBatch::kMaxDatagram, 7);
  const std::vector<std::uint8_t> larger(ReceiveBatch::kMaxDatagram + 1, 7);
  CHECK(ring.push({}, {}));
  CHECK(ring.push({}, largest));
  CHECK_FALSE(ring.push({}, larger));
  std::vector<std::size_t> sizes;
  ring.drain([&](const PacketRing::Label&, Bytes packet) { sizes.push_back(packet.size()); });
  CHECK(sizes == std::vector<std::size_t>{0, ReceiveBatch::kMaxDatagram});
}

TEST_CASE("the reader's room is free as soon as it has looked at a batch") {
  PacketRing ring;
  for (std::uint64_t i = 0; i < PacketRing::kSlots; ++i) REQUIRE(ring.push({}, numbered(i)));
  bool pushed_in_first_batch = false;
  bool pushed_in_second_batch = false;
  std::size_t visited = 0;
  ring.drain([&](const PacketRing::Label&, Bytes) {
    ++visited;
    if (visited == PacketRing::kBatch) pushed_in_first_batch = ring.push({}, numbered(0));
    if (visited == PacketRing::kBatch + 1) pushed_in_second_batch = ring.push({}, numbered(0));
  });
  CHECK_FALSE(pushed_in_first_batch);
  CHECK(pushed_in_second_batch);
  CHECK(visited == PacketRing::kSlots);  // the new one is for the next time
}

TEST_CASE("two threads: nothing is torn, doubled or out of order, and what is missing was counted") {
  constexpr std::uint64_t kPackets = 300'000;
  PacketRing ring;
  std::atomic<bool> done{false};
  std::uint64_t pushed = 0;
  std::thread writer{[&] {
    std::array<std::uint8_t, 200> packet;
    for (std::uint64_t i = 1; i <= kPackets; ++i) {
      packet.fill(static_cast<std::uint8_t>(i));
      const auto number = numbered(i);
      std::ranges::copy(number, packet.begin());
      if (ring.push({.producer = ProducerKey{i}}, packet)) ++pushed;
    }
    done = true;
  }};

  std::uint64_t seen = 0;
  std::uint64_t last = 0;
  bool intact = true;
  bool ordered = true;
  for (bool finished = false; !finished;) {
    finished = done;
    ring.drain([&](const PacketRing::Label& label, Bytes packet) {
      const std::uint64_t number = number_of(packet.first(8));
      ordered = ordered && number > last;
      intact = intact && label.producer == ProducerKey{number} && packet.size() == 200 &&
               std::ranges::all_of(packet.subspan(8), [&](std::uint8_t byte) { return byte == (number & 0xff); });
      last = number;
      ++seen;
    });
  }
  writer.join();
  CHECK(intact);
  CHECK(ordered);
  CHECK(seen == pushed);
  CHECK(seen + ring.dropped() == kPackets);
}

}  // namespace sluice
