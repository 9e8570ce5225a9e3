#include "core/media/transport/sequence_rewriter.h"

#include <doctest/doctest.h>

namespace sluice {
namespace {

using namespace std::chrono_literals;
using Numbers = SequenceRewriter::Numbers;
constexpr Instant t0{};
constexpr std::uint32_t kClock = 90'000;

Numbers numbers(std::uint32_t sequence, std::uint32_t timestamp) {
  return {RtpSequence{static_cast<std::uint16_t>(sequence)}, RtpTimestamp{timestamp}};
}

}  // namespace

TEST_CASE("the numbering starts where it was told and keeps the source's gaps and reordering") {
  for (const std::uint32_t start : {0U, 1U, 4095U, 4096U, 4097U, 32767U, 32768U, 65534U, 65535U}) {
    for (const std::uint32_t source : {0U, 1U, 32767U, 32768U, 65533U, 65535U}) {
      CAPTURE(start);
      CAPTURE(source);
      SequenceRewriter rewriter{numbers(start, 1000)};
      CHECK(rewriter.rewrite(numbers(source, 50), kClock, true, t0) == numbers(start, 1000));
      CHECK(rewriter.rewrite(numbers(source + 3, 60), kClock, true, t0) == numbers(start + 3, 1010));
      CHECK(rewriter.rewrite(numbers(source + 1, 50), kClock, true, t0) == numbers(start + 1, 1000));
    }
  }
}

TEST_CASE("after a pause no number is missing, and the source's clock has gone on") {
  SequenceRewriter rewriter{numbers(10, 0)};
  static_cast<void>(rewriter.rewrite(numbers(100, 9000), kClock, true, t0));
  rewriter.begin_run();
  CHECK(rewriter.rewrite(numbers(5000, 99'000), kClock, true, t0 + 1s) == numbers(11, 90'000));
  CHECK_FALSE(rewriter.rewrite(numbers(4999, 98'000), kClock, true, t0 + 1s).has_value());
}

TEST_CASE("another source continues numbering and time") {
  SequenceRewriter rewriter{numbers(65535, 1000)};
  static_cast<void>(rewriter.rewrite(numbers(7, 70), kClock, true, t0));
  rewriter.begin_run();
  CHECK(rewriter.rewrite(numbers(40'000, 4'000'000'000), kClock, false, t0 + 100ms) == numbers(0, 10'000));
  CHECK(rewriter.rewrite(numbers(40'001, 4'000'003'000), kClock, false, t0 + 133ms) == numbers(1, 13'000));
  rewriter.begin_run();
  CHECK(rewriter.rewrite(numbers(1, 1), kClock, false, t0 + 133ms) == numbers(2, 13'001));
}

TEST_CASE("a run may go around the circle many times") {
  SequenceRewriter rewriter{numbers(500, 0)};
  for (std::uint32_t i = 0; i < 200'000; ++i) {
    REQUIRE(rewriter.rewrite(numbers(i, i), kClock, true, t0) == numbers(500 + i, i));
  }
}

}  // namespace sluice
