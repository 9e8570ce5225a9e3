#include "core/media/transport/tap_queue.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <random>
#include <thread>
#include <vector>

#include "core/base/copy_bytes.h"

namespace sluice {
namespace {

using namespace std::chrono_literals;

const Instant kStart = Instant{} + 1h;

std::vector<std::uint8_t> packet_of(std::uint32_t number, std::size_t size) {
  std::vector<std::uint8_t> out(size, static_cast<std::uint8_t>(number));
  for (std::size_t i = 0; i < std::min<std::size_t>(4, size); ++i) out[i] = static_cast<std::uint8_t>(number >> 8 * i);
  return out;
}

bool push(TapQueue& queue, Bytes packet, Instant arrival = kStart, std::optional<TappedClock> clock = {}) {
  const MutableBytes room = queue.begin();
  if (room.empty()) return false;
  copy_bytes(packet, room);
  queue.end(packet.size(), arrival, clock);
  return true;
}

std::vector<std::uint8_t> bytes_of(const TappedPacket& packet) { return {packet.rtp.begin(), packet.rtp.end()}; }

std::size_t fill(TapQueue& queue, std::size_t size) {
  std::size_t count = 0;
  while (push(queue, packet_of(static_cast<std::uint32_t>(count), size))) ++count;
  return count;
}

std::size_t drain(TapQueue& queue) {
  std::size_t count = 0;
  while (queue.next()) ++count;
  return count;
}

}  // namespace

TEST_CASE("what is queued comes out whole, with its time and its clock") {
  TapQueue queue{TapQueue::kMinBytes};
  CHECK_FALSE(queue.next().has_value());
  const TappedClock clock{.ntp = 0x1234'5678'9abc'def0, .rtp = RtpTimestamp{77}};
  REQUIRE(push(queue, packet_of(1, 12), kStart));
  REQUIRE(push(queue, packet_of(2, TapQueue::kMaxPacket), kStart + 5ms, clock));
  REQUIRE(push(queue, {}, kStart + 6ms));
  auto packet = queue.next();
  REQUIRE(packet.has_value());
  CHECK(bytes_of(*packet) == packet_of(1, 12));
  CHECK(packet->arrival == kStart);
  CHECK_FALSE(packet->clock.has_value());
  packet = queue.next();
  REQUIRE(packet.has_value());
  CHECK(bytes_of(*packet) == packet_of(2, TapQueue::kMaxPacket));
  CHECK(packet->arrival == kStart + 5ms);
  CHECK(packet->clock == clock);
  packet = queue.next();
  REQUIRE(packet.has_value());
  CHECK(packet->rtp.empty());
  CHECK_FALSE(packet->clock.has_value());
  CHECK_FALSE(queue.next().has_value());
  CHECK_FALSE(queue.next().has_value());
}

TEST_CASE("room that nothing was written into is as if it had not been asked for") {
  TapQueue queue{TapQueue::kMinBytes};
  static_cast<void>(queue.begin());
  CHECK_FALSE(queue.next().has_value());
  REQUIRE(push(queue, packet_of(1, 100)));
  static_cast<void>(queue.begin());
  REQUIRE(push(queue, packet_of(2, 100)));
  CHECK(bytes_of(queue.next().value()) == packet_of(1, 100));
  CHECK(bytes_of(queue.next().value()) == packet_of(2, 100));
  CHECK_FALSE(queue.next().has_value());
}

TEST_CASE("a queue is as large as it was asked to be, within its bounds") {
  CHECK(TapQueue{0}.capacity() == TapQueue::kMinBytes);
  CHECK(TapQueue{100'001}.capacity() >= 100'001);
  CHECK(TapQueue{100'001}.capacity() < 100'100);
  CHECK(TapQueue{std::size_t{1} << 40}.capacity() == TapQueue::kMaxBytes);
}

TEST_CASE("a full queue has no room; what is read makes some, once it has been given back") {
  TapQueue queue{TapQueue::kMinBytes};
  const std::size_t count = fill(queue, 1200);
  CHECK(count >= TapQueue::kMinBytes / 1300 - 2);
  CHECK_FALSE(queue.half_empty());
  const auto held = queue.next();
  REQUIRE(held.has_value());
  CHECK_FALSE(push(queue, packet_of(99, 10)));  // the reader still looks at the first one
  CHECK(bytes_of(*held) == packet_of(0, 1200));
  for (int i = 0; i < 4; ++i) static_cast<void>(queue.next());
  CHECK(push(queue, packet_of(99, 10)));
  CHECK(drain(queue) == count - 5 + 1);
  CHECK(queue.half_empty());
  CHECK(fill(queue, 1200) >= count - 1);
}

TEST_CASE("packets of all sizes keep their order and their bytes over many rounds of the ring") {
  std::mt19937 random{7};
  TapQueue queue{TapQueue::kMinBytes};
  std::uniform_int_distribution<std::size_t> size_of{0, TapQueue::kMaxPacket};
  std::uniform_int_distribution<int> reads{0, 3};
  std::vector<std::vector<std::uint8_t>> waiting;
  std::uint32_t number = 0;
  std::size_t read = 0;
  for (int round = 0; round < 20'000; ++round) {
    const auto packet = packet_of(number, size_of(random));
    if (push(queue, packet)) {
      ++number;
      waiting.push_back(packet);
    }
    for (int i = reads(random); i > 0; --i) {
      const auto got = queue.next();
      REQUIRE(got.has_value() == (read < waiting.size()));
      if (got) REQUIRE(bytes_of(*got) == waiting[read++]);
    }
  }
  while (const auto got = queue.next()) REQUIRE(bytes_of(*got) == waiting[read++]);
  CHECK(read == waiting.size());
  CHECK(read > 10'000);
}

TEST_CASE("a queue that has been emptied has room for as much as a new one, wherever it is in its ring") {
  TapQueue queue{64 * 1024};
  const std::size_t most = fill(queue, 1200);
  CHECK(drain(queue) == most);
  for (std::uint32_t i = 0; i < 500; ++i) {
    REQUIRE(push(queue, packet_of(i, i)));
    CHECK(drain(queue) == 1);
    CHECK(fill(queue, 1200) + 2 >= most);  // the end of the ring may be too short for one
    CHECK(drain(queue) + 2 >= most);
  }
}

TEST_CASE("drops are counted") {
  TapQueue queue{TapQueue::kMinBytes};
  CHECK(queue.dropped() == 0);
  queue.count_dropped();
  queue.count_dropped();
  CHECK(queue.dropped() == 2);
}

TEST_CASE("writer and reader on two threads: no packet is torn, doubled or out of order, and none is lost unseen") {
  constexpr std::uint32_t kPackets = 200'000;
  TapQueue queue{TapQueue::kMinBytes};
  std::atomic<bool> done{false};
  std::uint32_t pushed = 0;
  std::thread writer{[&] {
    for (std::uint32_t i = 1; i <= kPackets; ++i) {
      const MutableBytes room = queue.begin();
      if (room.empty()) {
        queue.count_dropped();
        continue;
      }
      const std::size_t size = 4 + i % 700;
      std::ranges::fill(room.first(size), static_cast<std::uint8_t>(i));
      for (std::size_t k = 0; k < 4; ++k) room[k] = static_cast<std::uint8_t>(i >> 8 * k);
      queue.end(size, Instant{Duration{i}}, TappedClock{.ntp = i, .rtp = RtpTimestamp{i}});
      ++pushed;
    }
    done = true;
  }};
  std::uint32_t seen = 0;
  std::uint32_t last = 0;
  bool intact = true;
  bool ordered = true;
  for (bool finished = false; !finished;) {
    finished = done;
    while (const auto packet = queue.next()) {
      if (packet->rtp.size() < 4) {
        intact = false;
        break;
      }
      std::uint32_t number = 0;
      for (std::size_t k = 0; k < 4; ++k) number |= std::uint32_t{packet->rtp[k]} << 8 * k;
      ordered = ordered && number > last;
      intact = intact && packet->rtp.size() == 4 + number % 700 && packet->arrival == Instant{Duration{number}} &&
               packet->clock == TappedClock{.ntp = number, .rtp = RtpTimestamp{number}} &&
               std::ranges::all_of(packet->rtp.subspan(4), [&](std::uint8_t byte) { return byte == (number & 0xff); });
      last = number;
      ++seen;
    }
  }
  writer.join();
  CHECK(intact);
  CHECK(ordered);
  CHECK(seen == pushed);
  CHECK(seen + queue.dropped() == kPackets);
}

}  // namespace sluice
