#include "core/media/bwe/transport_feedback.h"

#include <doctest/doctest.h>

#include <map>
#include <vector>

#include "core/media/rtcp/rtcp_packet.h"

namespace sluice {
namespace {

using namespace std::chrono_literals;

/// What a sender reads: the arrival of each packet in microseconds, or -1 for one that did not arrive.
std::map<std::uint16_t, std::int64_t> decode(Bytes fci) {
  ByteReader in{fci};
  const std::uint16_t base = in.u16();
  const std::uint16_t count = in.u16();
  std::int64_t at_us = std::int64_t{in.u24()} * 64'000;
  in.skip(1);
  std::vector<std::uint8_t> symbols;
  while (symbols.size() < count) {
    const std::uint16_t chunk = in.u16();
    REQUIRE_FALSE(in.failed());
    if ((chunk & 0x8000) == 0) {
      symbols.insert(symbols.end(), chunk & 0x1fff, static_cast<std::uint8_t>(chunk >> 13 & 3));
    } else {
      REQUIRE((chunk & 0x4000) != 0);
      for (int bit = 12; bit >= 0; bit -= 2) symbols.push_back(chunk >> bit & 3);
    }
  }
  std::map<std::uint16_t, std::int64_t> arrivals;
  for (std::uint16_t i = 0; i < count; ++i) {
    const auto sequence = static_cast<std::uint16_t>(base + i);
    if (symbols[i] == 0) {
      arrivals[sequence] = -1;
      continue;
    }
    at_us += 250 * (symbols[i] == 1 ? in.u8() : static_cast<std::int16_t>(in.u16()));
    arrivals[sequence] = at_us;
  }
  REQUIRE_FALSE(in.failed());
  return arrivals;
}

std::map<std::uint16_t, std::int64_t> report(TransportFeedback& feedback) {
  std::map<std::uint16_t, std::int64_t> all;
  while (true) {
    std::array<std::uint8_t, 1200> buffer;
    RtcpBuilder builder{buffer};
    if (!feedback.write(builder, Ssrc{1}, Ssrc{2})) break;
    const auto block = next_rtcp_block(builder.bytes());
    REQUIRE(block);
    CHECK(block->type == RtcpType::transport_feedback);
    CHECK(block->count == kFmtTransportCc);
    all.merge(decode(block->body.subspan(8)));
  }
  return all;
}

std::int64_t us(Instant at) {
  return std::chrono::duration_cast<std::chrono::microseconds>(at.time_since_epoch()).count();
}

}  // namespace

TEST_CASE("arrivals, losses and reordering are told to a quarter of a millisecond") {
  for (const std::uint32_t start : {0U, 1U, 100U, 32767U, 65500U, 65535U}) {
    CAPTURE(start);
    TransportFeedback feedback;
    const Instant t0{1h};
    const auto sequence = [&](std::uint32_t n) { return TransportSequence{static_cast<std::uint16_t>(start + n)}; };
    feedback.on_packet(sequence(0), t0);
    feedback.on_packet(sequence(1), t0 + 1ms);
    feedback.on_packet(sequence(4), t0 + 90ms);
    feedback.on_packet(sequence(3), t0 + 91ms);
    CHECK(feedback.next_timeout() == t0 + 100ms);
    auto arrivals = report(feedback);
    REQUIRE(arrivals.size() == 5);
    CHECK(arrivals[sequence(2).value()] == -1);
    CHECK(std::abs(arrivals[sequence(1).value()] - us(t0 + 1ms)) <= 250);
    CHECK(std::abs(arrivals[sequence(3).value()] - us(t0 + 91ms)) <= 250);
    CHECK_FALSE(feedback.next_timeout().has_value());
    CHECK(report(feedback).empty());
  }
}

TEST_CASE("a packet that was reported lost and comes late is reported again") {
  TransportFeedback feedback;
  const Instant t0{10s};
  feedback.on_packet(TransportSequence{7}, t0);
  feedback.on_packet(TransportSequence{9}, t0 + 2ms);
  CHECK(report(feedback)[8] == -1);
  feedback.on_packet(TransportSequence{8}, t0 + 150ms);
  auto arrivals = report(feedback);
  CHECK(std::abs(arrivals[8] - us(t0 + 150ms)) <= 250);
}

TEST_CASE("rounding does not add up") {
  TransportFeedback feedback;
  const Instant t0{5s};
  for (int i = 0; i < 250; ++i) feedback.on_packet(TransportSequence{static_cast<std::uint16_t>(i)}, t0 + i * 333us);
  auto arrivals = report(feedback);
  REQUIRE(arrivals.size() == 250);
  CHECK(std::abs(arrivals[249] - us(t0 + 249 * 333us)) <= 250);
}

TEST_CASE("long bursts, long silences and jumps stay within the bounds") {
  TransportFeedback feedback;
  Instant now{1s};
  for (int i = 0; i < 1000; ++i) feedback.on_packet(TransportSequence{static_cast<std::uint16_t>(i * 2)}, now += 1us);
  CHECK(report(feedback).size() == 1999);
  feedback.on_packet(TransportSequence{2000}, now += 20s);
  feedback.on_packet(TransportSequence{2001}, now += 20s);
  CHECK(report(feedback).size() == 3);  // 1999 was missing
  feedback.on_packet(TransportSequence{30'000}, now += 1s);
  CHECK(report(feedback).size() == TransportFeedback::kWindow);
}

}  // namespace sluice
