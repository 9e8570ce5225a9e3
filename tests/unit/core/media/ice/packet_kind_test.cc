#include "core/media/ice/packet_kind.h"

#include <doctest/doctest.h>

#include <array>

namespace sluice {
namespace {

PacketKind kind_of(int first, int second) {
  const std::array<std::uint8_t, 2> datagram{static_cast<std::uint8_t>(first), static_cast<std::uint8_t>(second)};
  return classify(datagram);
}

TEST_CASE("each of the 256 first bytes has the kind that RFC 7983 section 7 gives it") {
  struct Range {
    int from, to;
    PacketKind kind;
  };
  constexpr std::array<Range, 8> kRanges{{{0, 3, PacketKind::stun},
                                          {4, 15, PacketKind::unknown},
                                          {16, 19, PacketKind::zrtp},
                                          {20, 63, PacketKind::dtls},
                                          {64, 79, PacketKind::turn_channel},
                                          {80, 127, PacketKind::unknown},
                                          {128, 191, PacketKind::rtp},
                                          {192, 255, PacketKind::unknown}}};
  int seen = 0;
  for (const Range& range : kRanges) {
    for (int first = range.from; first <= range.to; ++first, ++seen) {
      CAPTURE(first);
      CHECK(kind_of(first, 96) == range.kind);
    }
  }
  CHECK(seen == 256);
}

TEST_CASE("RTCP is told from RTP by packet types 192 to 223, RFC 5761 section 4") {
  for (int second = 0; second < 256; ++second) {
    CAPTURE(second);
    CHECK(kind_of(0x80, second) == (second >= 192 && second <= 223 ? PacketKind::rtcp : PacketKind::rtp));
  }
  CHECK(kind_of(0x81, 200) == PacketKind::rtcp);        // a sender report with one report block
  CHECK(kind_of(0x90, 0x80 | 111) == PacketKind::rtp);  // marker bit, payload type 111, header extension
}

TEST_CASE("a datagram too short to tell is unknown") {
  CHECK(classify({}) == PacketKind::unknown);
  const std::array<std::uint8_t, 1> lonely{0x80};
  CHECK(classify(lonely) == PacketKind::unknown);
}

}  // namespace
}  // namespace sluice
