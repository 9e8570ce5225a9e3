#include "core/media/transport/sequence_rewriter.h"

#include <doctest/doctest.h>

#include <chrono>

#include "tests/unit/core/media/rtp/wrap_around_starts.h"

namespace sluice {
namespace {

using namespace std::chrono_literals;
using test::kWrapAroundStarts;
using Clock = SequenceRewriter::Clock;
using Numbers = SequenceRewriter::Numbers;
constexpr Instant t0{};
constexpr std::uint32_t kClock = 90'000;
constexpr LayerPosition kBase{0, 0};

RtpSequence sequence(std::uint32_t value) { return RtpSequence{static_cast<std::uint16_t>(value)}; }

Numbers numbers(std::uint32_t sequence, std::uint32_t timestamp) {
  return {RtpSequence{static_cast<std::uint16_t>(sequence)}, RtpTimestamp{timestamp}};
}

Numbers sent(SequenceRewriter& rewriter, Numbers in, Instant now = t0, std::uint8_t encoding = 0) {
  return rewriter.next({.numbers = in, .clock_rate = kClock, .encoding = encoding}, now).apply(in);
}

void drop(SequenceRewriter& rewriter, std::uint32_t source) { rewriter.drop(0, sequence(source), {}); }

std::optional<Numbers> late(const SequenceRewriter& rewriter, Numbers in) {
  REQUIRE(rewriter.is_behind(0, in.sequence));
  const SequenceRewriter::Run* run = rewriter.find(0, in.sequence);
  return run == nullptr ? std::nullopt : std::optional{run->apply(in)};
}

}  // namespace

TEST_CASE("the numbering starts where it was told and keeps the source's gaps and reordering") {
  for (const std::uint16_t start : kWrapAroundStarts) {
    for (const std::uint16_t source : kWrapAroundStarts) {
      CAPTURE(start);
      CAPTURE(source);
      SequenceRewriter rewriter{numbers(start, 1000)};
      CHECK(sent(rewriter, numbers(source, 50)) == numbers(start, 1000));
      CHECK(sent(rewriter, numbers(source + 3U, 60)) == numbers(start + 3U, 1010));
      CHECK(late(rewriter, numbers(source + 1U, 50)) == numbers(start + 1U, 1000));
    }
  }
}

TEST_CASE("what is left out leaves no gap, what is lost does, and what comes late gets the number that was kept") {
  for (const std::uint16_t source : kWrapAroundStarts) {
    CAPTURE(source);
    SequenceRewriter rewriter{numbers(100, 0)};
    CHECK(sent(rewriter, numbers(source, 0)) == numbers(100, 0));
    drop(rewriter, source + 1U);
    drop(rewriter, source + 2U);
    CHECK(sent(rewriter, numbers(source + 3U, 3)) == numbers(101, 3));
    drop(rewriter, source + 5U);                                        // 4 is lost,
    CHECK(sent(rewriter, numbers(source + 7U, 7)) == numbers(104, 7));  // and so is 6
    CHECK(late(rewriter, numbers(source + 4U, 4)) == numbers(102, 4));
    CHECK(late(rewriter, numbers(source + 6U, 6)) == numbers(103, 6));
    CHECK_FALSE(late(rewriter, numbers(source + 2U, 2)));
    CHECK_FALSE(late(rewriter, numbers(source + 5U, 5)));
    CHECK_FALSE(late(rewriter, numbers(source - 1U, 0)));
    CHECK(sent(rewriter, numbers(source + 8U, 8)) == numbers(105, 8));
  }
}

TEST_CASE("a number that waits for a late packet is not given away when a run ends in between") {
  SequenceRewriter rewriter{numbers(10, 0)};
  CHECK(sent(rewriter, numbers(1, 0)) == numbers(10, 0));
  drop(rewriter, 3);  // 2 is lost
  rewriter.begin_run(Clock::continues);
  CHECK(sent(rewriter, numbers(9, 0)) == numbers(12, 0));
  CHECK(late(rewriter, numbers(2, 0)) == numbers(11, 0));
}

TEST_CASE("after a pause no number is missing, and the source's clock has gone on") {
  SequenceRewriter rewriter{numbers(10, 0)};
  CHECK(sent(rewriter, numbers(100, 9000)) == numbers(10, 0));
  rewriter.begin_run(Clock::continues);
  CHECK(sent(rewriter, numbers(5000, 99'000), t0 + 1s) == numbers(11, 90'000));
  CHECK_FALSE(late(rewriter, numbers(4999, 98'000)));
}

TEST_CASE("another source continues numbering and time") {
  SequenceRewriter rewriter{numbers(65535, 1000)};
  CHECK(sent(rewriter, numbers(7, 70)) == numbers(65535, 1000));
  rewriter.begin_run(Clock::another);
  CHECK(sent(rewriter, numbers(40'000, 4'000'000'000), t0 + 100ms) == numbers(0, 10'000));
  CHECK(sent(rewriter, numbers(40'001, 4'000'003'000), t0 + 133ms) == numbers(1, 13'000));
  rewriter.begin_run(Clock::another);
  CHECK(sent(rewriter, numbers(1, 1), t0 + 133ms) == numbers(2, 13'001));
}

TEST_CASE("between encodings sender reports tell how their clocks lie to each other") {
  // One moment, two clocks: the new one is 1'000'000 ahead. The packet took 40 ms longer than the one before.
  const SenderClock old_clock{.ntp = NtpTime{std::uint64_t{3'900'000'000} << 32}, .rtp = RtpTimestamp{4'294'967'000}};
  const SenderClock new_clock{.ntp = NtpTime{std::uint64_t{3'900'000'001} << 32}, .rtp = RtpTimestamp{1'089'704}};
  const std::uint32_t ahead = ticks_ahead(old_clock, new_clock, kClock);
  CHECK(static_cast<std::int32_t>(ahead) == -1'000'000);

  SequenceRewriter rewriter{numbers(0, 5000)};
  CHECK(sent(rewriter, numbers(7, 9000)) == numbers(0, 5000));
  SUBCASE("the picture is that of its time, whatever time it took to come") {
    rewriter.change_encoding(ahead);
    CHECK(sent(rewriter, numbers(70, 1'012'000), t0 + 73ms, 1) == numbers(1, 8000));
  }
  SUBCASE("a moment that was sent already gets the next tick, and the picture after it its own time") {
    rewriter.change_encoding(ahead);
    CHECK(sent(rewriter, numbers(70, 1'009'000), t0 + 20ms, 1) == numbers(1, 5001));
    CHECK(sent(rewriter, numbers(71, 1'009'000), t0 + 20ms, 1) == numbers(2, 5001));
    CHECK(sent(rewriter, numbers(72, 1'012'000), t0 + 53ms, 1) == numbers(3, 8000));
    CHECK(rewriter.origin_of(sequence(2))->run.apply(numbers(71, 1'009'000)) == numbers(2, 5001));
    CHECK(rewriter.origin_of(sequence(3))->run.apply(numbers(72, 1'012'000)) == numbers(3, 8000));
  }
  SUBCASE("reports that contradict the time that has passed are not believed") {
    rewriter.change_encoding(ahead + 400'000);
    CHECK(sent(rewriter, numbers(70, 1'012'000), t0 + 100ms, 1) == numbers(1, 14'000));
  }
}

TEST_CASE("a run may go around the circle many times") {
  SequenceRewriter rewriter{numbers(500, 0)};
  for (std::uint32_t i = 0; i < 200'000; ++i) REQUIRE(sent(rewriter, numbers(i, i)) == numbers(500 + i, i));
}

TEST_CASE("every number that went out leads back to what went out under it") {
  for (const std::uint16_t source : kWrapAroundStarts) {
    CAPTURE(source);
    SequenceRewriter rewriter{numbers(65'500, 0)};
    std::uint16_t out = 65'500;
    for (std::uint32_t i = 0; i < 120; ++i) {
      if (i % 3 == 1) {
        drop(rewriter, source + i);
        continue;
      }
      REQUIRE(sent(rewriter, numbers(source + i, i)).sequence == RtpSequence{out});
      ++out;
    }
    CHECK_FALSE(rewriter.origin_of(RtpSequence{out}));
    for (std::uint16_t back = 1; back <= 80; ++back) {
      const std::uint32_t index = 80U - back;  // of those that were sent
      const auto origin = rewriter.origin_of(RtpSequence{static_cast<std::uint16_t>(out - back)});
      REQUIRE(origin);
      CHECK(origin->sequence == sequence(source + index / 2 * 3 + index % 2 * 2));
    }
    CHECK_FALSE(rewriter.origin_of(RtpSequence{65'499}));
  }
}

TEST_CASE("more runs than are remembered push out the oldest") {
  SequenceRewriter rewriter{numbers(0, 0)};
  for (std::uint32_t i = 0; i < 200; ++i) {
    static_cast<void>(sent(rewriter, numbers(2 * i, 0)));
    drop(rewriter, 2 * i + 1);
  }
  CHECK(rewriter.origin_of(sequence(199))->sequence == sequence(398));
  CHECK(rewriter.origin_of(sequence(200 - SequenceRewriter::kRuns)));
  CHECK_FALSE(rewriter.origin_of(sequence(199 - SequenceRewriter::kRuns)));
  CHECK_FALSE(rewriter.find(0, sequence(0)));
}

TEST_CASE("what was remembered of a source that is gone leads nowhere") {
  SequenceRewriter rewriter{numbers(0, 0)};
  static_cast<void>(sent(rewriter, numbers(0, 0)));
  drop(rewriter, 1);
  static_cast<void>(sent(rewriter, numbers(2, 0)));
  SUBCASE("all of it") { rewriter.forget(); }
  SUBCASE("an encoding") { rewriter.forget(0); }
  rewriter.begin_run(Clock::another);
  CHECK_FALSE(rewriter.origin_of(sequence(0)));
  CHECK_FALSE(rewriter.origin_of(sequence(1)));
  static_cast<void>(sent(rewriter, numbers(7, 0)));
  CHECK_FALSE(rewriter.origin_of(sequence(1)));
  CHECK(rewriter.origin_of(sequence(2))->sequence == sequence(7));
}

TEST_CASE("the position of its time is remembered with each run") {
  SequenceRewriter rewriter{numbers(0, 0)};
  static_cast<void>(sent(rewriter, numbers(0, 0)));
  static_cast<void>(rewriter.next({.numbers = numbers(2, 0), .clock_rate = kClock, .position = kBase}, t0));
  CHECK(rewriter.find(0, sequence(0))->position == kEveryLayer);
  CHECK(rewriter.find(0, sequence(1))->position == kBase);
  CHECK(rewriter.find(0, sequence(1))->apply(numbers(1, 0)) == numbers(1, 0));
}

}  // namespace sluice
