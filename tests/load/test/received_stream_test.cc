#include "tests/load/received_stream.h"

#include <doctest/doctest.h>

#include <array>

namespace sluice::load {
namespace {

using Arrival = ReceivedStream::Arrival;
using Lesson = ReceivedStream::Lesson;

// Where RTP sequence numbers wrap, and around the half circle.
constexpr std::array<std::uint16_t, 7> kStarts{0, 1, 32'766, 32'767, 32'768, 65'500, 65'535};

RtpSequence at(std::uint16_t start, int steps) { return advance(RtpSequence{start}, steps); }

}  // namespace

TEST_CASE("in-order packets are fresh, whatever the first number") {
  for (const std::uint16_t start : kStarts) {
    ReceivedStream stream{Ssrc{1}, 16};
    for (int i = 0; i < 200; ++i) CHECK(stream.note(at(start, i)).arrival == Arrival::fresh);
    CHECK(stream.received() == 200);
    CHECK(stream.span() == 200);
    CHECK(stream.duplicates() == 0);
  }
}

TEST_CASE("a missing packet widens the span, and a late one fills it") {
  for (const std::uint16_t start : kStarts) {
    ReceivedStream stream{Ssrc{1}, 16};
    stream.note(at(start, 0));
    stream.note(at(start, 3));
    CHECK(stream.span() == 4);
    CHECK(stream.received() == 2);
    CHECK(stream.note(at(start, 1)).arrival == Arrival::fresh);
    CHECK(stream.note(at(start, 1)).arrival == Arrival::duplicate);
    CHECK(stream.note(at(start, 3)).arrival == Arrival::duplicate);
    CHECK(stream.received() == 3);
    CHECK(stream.duplicates() == 2);
  }
}

TEST_CASE("a packet before the first counts, too") {
  ReceivedStream stream{Ssrc{1}, 16};
  stream.note(RtpSequence{10});
  CHECK(stream.note(RtpSequence{9}).arrival == Arrival::fresh);
  CHECK(stream.span() == 2);
}

TEST_CASE("a jump past the window forgets what was in it") {
  ReceivedStream stream{Ssrc{1}, 16};
  stream.note(RtpSequence{0});
  stream.note(RtpSequence{1000});
  CHECK(stream.note(RtpSequence{999}).arrival == Arrival::fresh);
  CHECK(stream.span() == 1001);
}

TEST_CASE("numbers are translated once a packet was read") {
  for (const std::uint16_t start : kStarts) {
    ReceivedStream stream{Ssrc{1}, 16};
    const auto first = stream.note(at(start, 0));
    CHECK(!stream.source_number(first.position));
    CHECK(stream.learn({.source = 3, .number = 77}, first.position) == Lesson::first);
    CHECK(stream.source() == 3U);
    for (int i = 1; i < 100'000; ++i) {
      const auto packet = stream.note(at(start, i));
      if (i % 9'999 == 0) CHECK(stream.source_number(packet.position) == 77U + static_cast<unsigned>(i));
    }
  }
}

TEST_CASE("what was sent before number 0 was never sent") {
  ReceivedStream stream{Ssrc{1}, 16};
  const auto packet = stream.note(RtpSequence{10});
  stream.learn({.source = 0, .number = 2}, packet.position);
  CHECK(!stream.source_number(stream.note(RtpSequence{7}).position));
}

TEST_CASE("a lesson that differs is told, and holds") {
  ReceivedStream stream{Ssrc{1}, 16};
  const auto first = stream.note(RtpSequence{10});
  stream.learn({.source = 0, .number = 0}, first.position);
  const auto second = stream.note(RtpSequence{11});
  CHECK(stream.learn({.source = 0, .number = 1}, second.position) == Lesson::confirmed);
  const auto third = stream.note(RtpSequence{12});
  CHECK(stream.learn({.source = 1, .number = 50}, third.position) == Lesson::contradicts);
  CHECK(stream.source_number(third.position + 1) == 51U);
}

TEST_CASE("one packet of so many is decrypted, and all until something was learnt") {
  ReceivedStream stream{Ssrc{1}, 4};
  for (int i = 0; i < 3; ++i) {
    stream.note(RtpSequence{static_cast<std::uint16_t>(i)});
    CHECK(stream.wants_decryption());
  }
  stream.learn({.source = 0, .number = 2}, 2);
  int decrypted = 0;
  for (std::uint16_t i = 3; i < 43; ++i) {
    stream.note(RtpSequence{i});
    decrypted += stream.wants_decryption() ? 1 : 0;
  }
  CHECK(decrypted == 10);
}

}  // namespace sluice::load
