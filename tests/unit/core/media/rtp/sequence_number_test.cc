#include "core/media/rtp/sequence_number.h"

#include <doctest/doctest.h>

#include "tests/unit/core/media/rtp/wrap_around_starts.h"

namespace sluice {
namespace {

TEST_CASE("distance and advance undo each other around every wrap") {
  for (const std::uint16_t start : test::kWrapAroundStarts) {
    const RtpSequence from{start};
    for (const int steps : {-32768, -32767, -100, -1, 0, 1, 2, 100, 32766, 32767}) {
      CAPTURE(start);
      CAPTURE(steps);
      CHECK(distance(from, advance(from, steps)) == steps);
    }
  }
  CHECK(distance(RtpSequence{65535}, RtpSequence{0}) == 1);
  CHECK(distance(RtpSequence{0}, RtpSequence{65535}) == -1);
}

TEST_CASE("of two different numbers exactly one is newer, even half a circle apart") {
  for (const std::uint16_t start : test::kWrapAroundStarts) {
    const RtpSequence from{start};
    CHECK(!is_newer(from, from));
    for (const int steps : {1, 2, 100, 32767}) {
      CHECK(is_newer(advance(from, steps), from));
      CHECK(!is_newer(from, advance(from, steps)));
    }
    const RtpSequence opposite = advance(from, 32768);
    CHECK(is_newer(from, opposite) != is_newer(opposite, from));
  }
}

TEST_CASE("timestamps wrap at 32 bits by the same rules") {
  CHECK(distance(RtpTimestamp{0xffff'ffff}, RtpTimestamp{0}) == 1);
  CHECK(distance(RtpTimestamp{0}, RtpTimestamp{0x8000'0000}) == -2'147'483'647 - 1);
  CHECK(advance(RtpTimestamp{0xffff'fff0}, 0x20) == RtpTimestamp{0x10});
  CHECK(advance(RtpTimestamp{0x10}, -0x20) == RtpTimestamp{0xffff'fff0});
  CHECK(is_newer(RtpTimestamp{5}, RtpTimestamp{0xffff'fff0}));
  CHECK(is_newer(RtpTimestamp{0x8000'0000}, RtpTimestamp{0}));
  CHECK(!is_newer(RtpTimestamp{0}, RtpTimestamp{0x8000'0000}));
}

TEST_CASE("an unwrapper counts through three wraps from any start") {
  for (const std::uint16_t start : test::kWrapAroundStarts) {
    SequenceUnwrapper unwrapper;
    for (std::int64_t step = 0; step < 200'000; ++step) {
      const std::int64_t position = unwrapper.unwrap(advance(RtpSequence{start}, step));
      if (position != start + step) FAIL("start ", start, " step ", step, " became ", position);
    }
  }
}

TEST_CASE("an unwrapper places late numbers behind the newest without moving back") {
  for (const std::uint16_t start : test::kWrapAroundStarts) {
    SequenceUnwrapper unwrapper;
    const RtpSequence first{start};
    CHECK(unwrapper.unwrap(first) == start);
    CHECK(unwrapper.unwrap(advance(first, 10)) == start + 10);
    CHECK(unwrapper.unwrap(advance(first, -3)) == start - 3);  // below zero when the stream began at the wrap
    CHECK(unwrapper.newest() == advance(first, 10));
    CHECK(unwrapper.peek(advance(first, 11)) == start + 11);
    CHECK(unwrapper.newest() == advance(first, 10));
  }
}

TEST_CASE("a timestamp unwrapper follows 32 bits") {
  TimestampUnwrapper unwrapper;
  CHECK(unwrapper.unwrap(RtpTimestamp{0xffff'ff00}) == 0xffff'ff00);
  CHECK(unwrapper.unwrap(RtpTimestamp{0x100}) == 0x1'0000'0100);
  unwrapper.reset();
  CHECK(unwrapper.unwrap(RtpTimestamp{0x100}) == 0x100);
}

}  // namespace
}  // namespace sluice
