#include "core/media/bwe/sent_packets.h"

#include <doctest/doctest.h>

#include "core/media/bwe/transport_feedback.h"
#include "tests/unit/core/media/bwe/feedback_bytes.h"

namespace sluice {
namespace {

using namespace std::chrono_literals;
using namespace sluice::testing;

constexpr std::uint16_t kStarts[] = {0, 1, 100, 32'760, 32'768, 65'530, 65'535};

TransportSequence seq(std::uint32_t value) { return TransportSequence{static_cast<std::uint16_t>(value)}; }
std::uint16_t wrapped(std::uint32_t value) { return static_cast<std::uint16_t>(value); }

struct Sender {
  SentPackets sent;
  std::vector<PacketResult> scratch;
  Instant now{1h};

  void send(std::uint32_t first, int count, std::size_t bytes = 1000) {
    for (int i = 0; i < count; ++i) sent.on_sent(seq(first + static_cast<std::uint32_t>(i)), bytes, 0, now += 1ms);
  }
  FeedbackResults feed(const std::vector<std::uint8_t>& bytes) {
    const auto results = sent.on_feedback(bytes, scratch, now);
    REQUIRE(results);
    return *results;
  }
};

int lost_in(const FeedbackResults& results) {
  int lost = 0;
  for (const auto& packet : results.packets) lost += packet.arrived ? 0 : 1;
  return lost;
}

}  // namespace

TEST_CASE("feedback says what became of each packet, in the order of sending") {
  for (const std::uint16_t start : kStarts) {
    CAPTURE(start);
    Sender sender;
    sender.sent.on_sent(seq(start), 1200, 0, sender.now);
    sender.sent.on_sent(seq(start + 1U), 700, 9, sender.now + 5ms);
    sender.sent.on_sent(seq(start + 2U), 300, 0, sender.now + 6ms);
    CHECK(sender.sent.bytes_in_flight() == 2200);
    const Instant sent = sender.now;
    sender.now += 80ms;
    // Arrived, lost, arrived.
    const FeedbackBytes feedback{
        .base = start, .count = 3, .reference = 100, .chunks = {0x8000 | 0b10'1000'0000'0000}, .deltas = {4, 8}};
    const auto results = sender.feed(feedback.bytes());
    REQUIRE(results.packets.size() == 3);
    CHECK(results.packets[0].sent == sent);
    CHECK(results.packets[0].bytes == 1200);
    CHECK(results.packets[0].arrived == Instant{6400ms + 1ms});
    CHECK_FALSE(results.packets[1].arrived.has_value());
    CHECK(results.packets[1].probe == 9);
    CHECK(results.packets[2].arrived == Instant{6400ms + 3ms});
    CHECK(results.round_trip == 74ms);
    CHECK(sender.sent.bytes_in_flight() == 0);
  }
}

TEST_CASE("what our own receiver writes is read back, across the wrap of the numbers") {
  for (const std::uint16_t start : kStarts) {
    CAPTURE(start);
    Sender sender;
    TransportFeedback receiver;
    sender.send(start, 500);
    for (std::uint32_t i = 0; i < 500; ++i) {
      if (i % 7 != 3) receiver.on_packet(seq(start + i), sender.now + i * 700us);
    }
    int arrived = 0;
    int lost = 0;
    std::optional<Instant> last;
    while (true) {
      std::array<std::uint8_t, 1200> buffer{};
      RtcpBuilder builder{buffer};
      if (!receiver.write(builder, Ssrc{1}, Ssrc{2})) break;
      const auto results = sender.feed({builder.bytes().begin() + 12, builder.bytes().end()});
      for (const auto& packet : results.packets) {
        if (!packet.arrived) {
          ++lost;
          continue;
        }
        ++arrived;
        if (last) CHECK(*packet.arrived - *last >= 450us);
        if (last) CHECK(*packet.arrived - *last <= 1650us);
        last = packet.arrived;
      }
    }
    CHECK(arrived + lost == 500);
    CHECK(lost == 71);
  }
}

TEST_CASE("the same message twice tells nothing new") {
  Sender sender;
  sender.send(5, 10);
  CHECK(sender.feed(all_arrived(5, 10, 1, 0)).packets.size() == 10);
  CHECK(sender.feed(all_arrived(5, 10, 1, 0)).packets.empty());
}

TEST_CASE("packets between two messages that neither covers are lost, once") {
  Sender sender;
  sender.send(0, 30);
  CHECK(sender.feed(all_arrived(0, 10, 1, 4)).packets.size() == 10);
  const auto results = sender.feed(all_arrived(15, 5, 1, 5));
  CHECK(results.packets.size() == 10);
  CHECK(lost_in(results) == 5);
  CHECK(sender.feed(all_arrived(20, 5, 1, 6)).packets.size() == 5);
}

TEST_CASE("while a message is missing nobody knows, until it comes late") {
  Sender sender;
  sender.send(0, 30);
  sender.feed(all_arrived(0, 10, 1, 255));
  const auto results = sender.feed(all_arrived(20, 10, 1, 1));
  CHECK(results.packets.size() == 10);
  CHECK(lost_in(results) == 0);
  CHECK(sender.sent.bytes_in_flight() == 0);
  const auto late = sender.feed(all_arrived(10, 10, 1, 0));
  CHECK(late.packets.size() == 10);
  CHECK(late.round_trip == Duration::zero());
  CHECK_FALSE(late.packets[0].late);
}

TEST_CASE("a packet that was lost and comes late is told again, as late") {
  Sender sender;
  sender.send(0, 3);
  const FeedbackBytes hole{.base = 0, .count = 3, .chunks = {0x8000 | 0b10'1000'0000'0000}, .deltas = {1, 1}};
  CHECK(lost_in(sender.feed(hole.bytes())) == 1);
  const auto results = sender.feed(all_arrived(1, 1, 2, 1));
  REQUIRE(results.packets.size() == 1);
  CHECK(results.packets[0].late);
  CHECK(results.packets[0].arrived.has_value());
}

TEST_CASE("feedback about packets that were never sent, or long ago, is ignored") {
  Sender sender;
  CHECK(sender.feed(all_arrived(77, 3, 0, 0)).packets.empty());
  CHECK(sender.sent.capacity() == 0);
  sender.send(1000, 10);
  CHECK(sender.feed(all_arrived(1010, 3, 0, 1)).packets.empty());
  CHECK(sender.feed(all_arrived(997, 3, 0, 2)).packets.empty());
  const auto results = sender.feed(all_arrived(1008, 4, 0, 3));
  CHECK(results.packets.size() == 10);
  CHECK(lost_in(results) == 8);  // no message is missing
  CHECK(sender.sent.bytes_in_flight() == 0);
}

TEST_CASE("the receiver's clock goes on around the wrap of its 24 bits, and may be set back") {
  Sender sender;
  sender.send(0, 30);
  const auto before = *sender.feed(all_arrived(0, 1, 0xff'ffff, 0)).packets[0].arrived;
  const auto after = *sender.feed(all_arrived(1, 1, 0, 1)).packets[0].arrived;
  CHECK(after - before == 64ms);
  const auto back = *sender.feed(all_arrived(2, 1, 0xff'0000, 2)).packets[0].arrived;
  CHECK(back < after);
  // Days at each message, for longer than nanoseconds can count.
  std::uint32_t reference = 0;
  for (std::uint32_t i = 0; i < 1000; ++i) {
    sender.send(100 + i, 1);
    reference = (reference + 0x7f'ffff) & 0xff'ffff;
    sender.feed(all_arrived(wrapped(100 + i), 1, reference, static_cast<std::uint8_t>(i)));
  }
}

TEST_CASE("the history grows with what is under way, to a bound, and shrinks when it is not needed") {
  Sender sender;
  sender.send(0, 200);
  CHECK(sender.sent.capacity() == SentPackets::kMinCapacity);
  sender.feed(all_arrived(0, 200, 1, 0));
  sender.send(200, 250);
  CHECK(sender.sent.capacity() == SentPackets::kMinCapacity);  // the old ones made room
  sender.send(450, 2000);
  CHECK(sender.sent.capacity() == 4096);
  for (std::uint32_t i = 2450; i < 40'000; ++i) sender.sent.on_sent(seq(i), 100, 0, sender.now);
  CHECK(sender.sent.capacity() == SentPackets::kMaxCapacity);
  CHECK(sender.sent.bytes_in_flight() == SentPackets::kMaxCapacity * 100);
  sender.feed(all_arrived(wrapped(39'000), 1000, 1, 1));
  for (int i = 0; i < 20; ++i) sender.sent.trim(sender.now += 11s);
  CHECK(sender.sent.capacity() == SentPackets::kMinCapacity);
  sender.send(40'000, 10);
  CHECK(sender.feed(all_arrived(wrapped(40'000), 10, 2, 2)).packets.size() == 10);
}

TEST_CASE("packets that nobody answers do not make the history grow for ever") {
  Sender sender;
  for (std::uint32_t i = 0; i < 5000; ++i) sender.sent.on_sent(seq(i), 100, 0, sender.now += 100ms);
  CHECK(sender.sent.capacity() == SentPackets::kMinCapacity);
}

TEST_CASE("numbers may be skipped, and after a leap the history starts again") {
  Sender sender;
  sender.send(0, 3);
  sender.send(10, 3);
  CHECK(sender.feed(all_arrived(0, 13, 1, 0)).packets.size() == 6);
  sender.send(20'000, 3);
  CHECK(sender.sent.bytes_in_flight() == 3000);
  CHECK(sender.feed(all_arrived(20'000, 3, 1, 1)).packets.size() == 3);
}

TEST_CASE("after a new path nothing is waited for") {
  Sender sender;
  sender.send(0, 20);
  sender.sent.forget_all();
  CHECK(sender.sent.bytes_in_flight() == 0);
  CHECK(sender.feed(all_arrived(0, 20, 1, 0)).packets.empty());
}

}  // namespace sluice
