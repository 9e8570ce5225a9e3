#include "core/media/recovery/nack_generator.h"

#include <doctest/doctest.h>

#include <array>
#include <vector>

#include "core/media/rtp/sequence_number.h"
#include "tests/unit/core/media/rtp/wrap_around_starts.h"

namespace sluice::test {
namespace {

using namespace std::chrono_literals;

constexpr Instant kStart = Instant{} + 1h;
constexpr Duration kRoundTrip = 80ms;
constexpr Duration kRetry = 90ms;  // and an eighth

// Numbers count from where the stream begins, so that a test reads the same at every start.
struct Stream {
  explicit Stream(std::uint16_t first, const NackGeneratorConfig& config = {}) : start{first}, nacks{config} {}

  [[nodiscard]] RtpSequence number(int offset) const { return advance(start, offset); }
  void receive(int offset, Instant now) {
    nacks.on_packet(number(offset), receiver.on_packet({.sequence = number(offset)}, now), now);
  }
  void receive(int first, int last, Instant now) {
    for (int i = first; i <= last; ++i) receive(i, now);
  }
  std::vector<int> poll(Instant now, Duration round_trip = kRoundTrip) {
    std::array<RtpSequence, NackGenerator::kMaxMissing> out;
    const std::size_t count = nacks.poll(now, round_trip, out);
    std::vector<int> offsets;
    for (std::size_t i = 0; i < count; ++i) offsets.push_back(distance(start, out[i]));
    return offsets;
  }

  RtpSequence start;
  RtpStreamReceiver receiver{Ssrc{1}, 90'000};
  NackGenerator nacks;
};

using Numbers = std::vector<int>;

template <class Check>
void from_every_start(Check&& check) {
  for (const std::uint16_t start : kWrapAroundStarts) {
    CAPTURE(start);
    check(start);
  }
}

}  // namespace

TEST_CASE("what is missing is asked for when it had time to come by itself") {
  from_every_start([](std::uint16_t start) {
    Stream stream{start};
    stream.receive(0, 3, kStart);
    CHECK(!stream.nacks.next_timeout());
    stream.receive(6, kStart);
    REQUIRE(stream.nacks.next_timeout() == kStart + 5ms);
    CHECK(stream.poll(kStart + 4ms).empty());
    CHECK(stream.poll(kStart + 5ms) == Numbers{4, 5});
    CHECK(stream.nacks.counters().packets == 2);
  });
}

TEST_CASE("what was only overtaken is never asked for") {
  from_every_start([](std::uint16_t start) {
    Stream stream{start};
    stream.receive(0, kStart);
    stream.receive(2, kStart);
    stream.receive(1, kStart + 2ms);
    CHECK(!stream.nacks.next_timeout());
    CHECK(stream.poll(kStart + 10ms).empty());
    CHECK(stream.nacks.counters().recovered == 0);
  });
}

TEST_CASE("it is asked for again when the answer should have been here, no sooner") {
  Stream stream{65'534};
  stream.receive(0, kStart);
  stream.receive(2, kStart);
  REQUIRE(stream.poll(kStart + 5ms) == Numbers{1});
  CHECK(stream.poll(kStart + 5ms).empty());
  CHECK(stream.nacks.next_timeout() == kStart + 5ms + kRetry);
  CHECK(stream.poll(kStart + 5ms + kRetry - 1ms).empty());
  CHECK(stream.poll(kStart + 5ms + kRetry) == Numbers{1});
  CHECK(stream.nacks.counters().packets == 1);
  CHECK(stream.nacks.counters().requests == 2);

  SUBCASE("the interval has a floor and a ceiling, whatever the round trip is said to be") {
    const Instant at = kStart + 5ms + 2 * kRetry;
    REQUIRE(stream.poll(at, 0ms) == Numbers{1});
    CHECK(stream.nacks.next_timeout() == at + NackGenerator::kMinRetry);
    REQUIRE(stream.poll(at + NackGenerator::kMinRetry, 1h) == Numbers{1});
    CHECK(stream.nacks.next_timeout() == at + NackGenerator::kMinRetry + NackGenerator::kMaxRetry);
  }
}

TEST_CASE("what comes, late or by RTX, is not asked for any more") {
  from_every_start([](std::uint16_t start) {
    Stream stream{start};
    stream.receive(0, kStart);
    stream.receive(5, kStart);
    REQUIRE(stream.poll(kStart + 5ms) == Numbers{1, 2, 3, 4});
    stream.receive(2, kStart + 50ms);
    stream.nacks.on_repaired(stream.number(4));
    stream.receive(2, kStart + 51ms);  // a duplicate says nothing new
    CHECK(stream.poll(kStart + 5ms + kRetry) == Numbers{1, 3});
    CHECK(stream.nacks.counters().recovered == 2);
    stream.nacks.on_repaired(stream.number(1));
    stream.nacks.on_repaired(stream.number(3));
    CHECK(stream.nacks.missing() == 0);
    CHECK(!stream.nacks.next_timeout());
  });
}

TEST_CASE("what does not come is given up, and then the stream is broken") {
  from_every_start([](std::uint16_t start) {
    Stream stream{start, {.max_attempts = 3}};
    stream.receive(0, kStart);
    stream.receive(2, kStart);
    for (int attempt = 0; attempt < 3; ++attempt) {
      REQUIRE(stream.poll(kStart + 5ms + attempt * kRetry) == Numbers{1});
      CHECK(!stream.nacks.take_break());
    }
    CHECK(stream.poll(kStart + 5ms + 3 * kRetry).empty());
    CHECK(stream.nacks.take_break());
    CHECK(!stream.nacks.take_break());  // once
    CHECK(stream.nacks.missing() == 0);
    CHECK(!stream.nacks.next_timeout());
    CHECK(stream.nacks.counters().given_up == 1);
  });
}

TEST_CASE("what is too old is given up, though it was not asked for often") {
  Stream stream{0, {.max_age = 100ms}};
  stream.receive(0, kStart);
  stream.receive(2, kStart);
  REQUIRE(stream.poll(kStart + 5ms, 400ms) == Numbers{1});
  CHECK(stream.nacks.next_timeout() == kStart + 100ms);
  CHECK(stream.poll(kStart + 100ms).empty());
  CHECK(stream.nacks.take_break());
}

TEST_CASE("a loss that a key frame has made up for breaks nothing") {
  from_every_start([](std::uint16_t start) {
    Stream stream{start, {.max_attempts = 1}};
    stream.receive(0, kStart);
    stream.receive(2, kStart);
    stream.receive(3, kStart);
    stream.nacks.on_keyframe(stream.number(3));
    REQUIRE(stream.poll(kStart + 5ms) == Numbers{1});  // a recording may still want it
    stream.poll(kStart + 5ms + kRetry);
    CHECK(stream.nacks.counters().given_up == 1);
    CHECK(!stream.nacks.take_break());
  });
}

TEST_CASE("a loss after the key frame breaks the stream, however long ago the key frame was") {
  from_every_start([](std::uint16_t start) {
    constexpr int kLong = 100'000;
    Stream stream{start, {.max_attempts = 1}};
    stream.receive(0, 1, kStart);
    stream.nacks.on_keyframe(stream.number(1));
    stream.receive(2, kLong, kStart + 1min);
    stream.receive(kLong + 2, kStart + 1min);
    CHECK(stream.poll(kStart + 1min + 5ms) == Numbers{static_cast<std::int16_t>(kLong + 1)});
    stream.poll(kStart + 1min + 5ms + kRetry);
    CHECK(stream.nacks.take_break());
  });
}

TEST_CASE("more than the list holds is not asked for: the stream is broken") {
  from_every_start([](std::uint16_t start) {
    Stream stream{start};
    stream.receive(0, kStart);
    const int most = static_cast<int>(NackGenerator::kMaxMissing);
    stream.receive(most + 1, kStart);
    CHECK(stream.nacks.missing() == NackGenerator::kMaxMissing);
    CHECK(!stream.nacks.take_break());
    stream.receive(most + 3, kStart);
    CHECK(stream.nacks.missing() == 0);
    CHECK(stream.nacks.take_break());
    CHECK(stream.nacks.counters().overflows == 1);
    CHECK(!stream.nacks.next_timeout());

    stream.receive(most + 5, kStart);  // it goes on from there
    CHECK(stream.poll(kStart + 5ms) == Numbers{most + 4});
  });
}

TEST_CASE("a new numbering forgets what was missing of the old one") {
  from_every_start([](std::uint16_t start) {
    Stream stream{start};
    stream.receive(0, kStart);
    stream.receive(3, kStart);
    stream.receive(20'000, kStart);  // a jump that nothing confirms asks for nothing
    CHECK(stream.nacks.missing() == 2);
    stream.receive(20'001, kStart);
    CHECK(stream.nacks.missing() == 0);
    CHECK(!stream.nacks.take_break());
    stream.receive(20'003, kStart);
    CHECK(stream.poll(kStart + 5ms) == Numbers{20'002});
  });
}

TEST_CASE("a small list for the answer is filled as often as it takes") {
  Stream stream{100};
  stream.receive(0, kStart);
  stream.receive(6, kStart);
  std::array<RtpSequence, 2> out;
  for (const int first : {1, 3}) {
    REQUIRE(stream.nacks.poll(kStart + 5ms, kRoundTrip, out) == 2);
    CHECK(out[0] == stream.number(first));
    CHECK(stream.nacks.next_timeout() == kStart + 5ms);
  }
  CHECK(stream.nacks.poll(kStart + 5ms, kRoundTrip, out) == 1);
  CHECK(stream.nacks.poll(kStart + 5ms, kRoundTrip, out) == 0);
}

TEST_CASE("the first packet of a stream asks for nothing before it") {
  Stream stream{5000};
  stream.receive(0, kStart);
  CHECK(!stream.nacks.next_timeout());
  stream.nacks.reset();
  stream.receive(3, kStart);
  CHECK(!stream.nacks.next_timeout());
  CHECK(stream.poll(kStart + 1s).empty());
}

}  // namespace sluice::test
