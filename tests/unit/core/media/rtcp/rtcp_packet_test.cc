#include "core/media/rtcp/rtcp_packet.h"

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <vector>

namespace sluice {
namespace {

using Packet = std::vector<std::uint8_t>;

TEST_CASE("a compound is walked block by block") {
  const Packet bytes{0x80, 201, 0x00, 0x01, 0, 0, 0, 1,                        // RR, no blocks
                     0x81, 202, 0x00, 0x02, 0, 0, 0, 1, 0x01, 0x00, 0,   0,    // SDES
                     0x81, 206, 0x00, 0x02, 0, 0, 0, 1, 0,    0,    0,   2,    // PLI
                     0xa0, 204, 0x00, 0x03, 0, 0, 0, 1, 'n',  'a',  'm', 'e',  // APP, padded
                     0x00, 0,   0,    4};
  const auto compound = RtcpCompound::parse(bytes);
  REQUIRE(compound.has_value());
  struct Seen {
    RtcpType type;
    int count;
    std::size_t body;
    bool operator==(const Seen&) const = default;
  };
  std::vector<Seen> seen;
  for (const RtcpBlock& block : *compound) seen.push_back({block.type, block.count, block.body.size()});
  CHECK(seen == std::vector<Seen>{{RtcpType::receiver_report, 0, 4},
                                  {RtcpType::sdes, 1, 8},
                                  {RtcpType::payload_feedback, 1, 8},
                                  {RtcpType::app, 0, 8}});
}

TEST_CASE("reduced-size packets and unknown types are accepted, RFC 5506") {
  CHECK(RtcpCompound::parse(Packet{0x81, 206, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2}).has_value());
  CHECK(RtcpCompound::parse(Packet{0x80, 222, 0, 0}).has_value());
}

TEST_CASE("malformed compounds are refused with the reason") {
  struct Case {
    std::string what;
    Packet bytes;
    RtcpError error;
  };
  const std::array cases{
      Case{"nothing", {}, RtcpError::truncated},
      Case{"half a header", {0x80, 201}, RtcpError::truncated},
      Case{"a length past the end", {0x80, 201, 0, 2, 0, 0, 0, 1}, RtcpError::truncated},
      Case{"the longest length", {0x80, 201, 0xff, 0xff, 0, 0, 0, 1}, RtcpError::truncated},
      Case{"octets after the last packet", {0x80, 201, 0, 1, 0, 0, 0, 1, 0x80}, RtcpError::truncated},
      Case{"version 1", {0x40, 201, 0, 1, 0, 0, 0, 1}, RtcpError::bad_version},
      Case{"version 3 in the second packet", {0x80, 201, 0, 0, 0xc0, 201, 0, 0}, RtcpError::bad_version},
      Case{"padding without a body", {0xa0, 201, 0, 0}, RtcpError::bad_padding},
      Case{"padding of 0", {0xa0, 201, 0, 1, 0, 0, 0, 0}, RtcpError::bad_padding},
      Case{"padding longer than the body", {0xa0, 201, 0, 1, 0, 0, 0, 8}, RtcpError::bad_padding},
  };
  for (const Case& each : cases) {
    CAPTURE(each.what);
    const auto compound = RtcpCompound::parse(each.bytes);
    REQUIRE(!compound.has_value());
    CHECK(compound.error() == each.error);
  }
}

TEST_CASE("feedback that browsers pad to a whole word is read, also where it is not the last packet") {
  const Packet bytes{0xaf, 205, 0, 5, 0, 0, 0, 1, 0,    0, 0,  2,  // transport-wide feedback
                     0,    9,   0, 1, 0, 0, 1, 7, 0x20, 1, 40, 1,  // one packet, a delta, padding of 1
                     0xaf, 205, 0, 5, 0, 0, 0, 1, 0,    0, 0,  2,  //
                     0,    10,  0, 1, 0, 0, 1, 8, 0x00, 1, 0,  2,  // one packet missing, padding of 2
                     0xaf, 205, 0, 6, 0, 0, 0, 1, 0,    0, 0,  2,  //
                     0,    11,  0, 2, 0, 0, 1, 9, 0x20, 2, 40, 0, 0, 0, 0, 3};
  const auto compound = RtcpCompound::parse(bytes);
  REQUIRE(compound.has_value());
  std::vector<std::size_t> bodies;
  for (const RtcpBlock& block : *compound) bodies.push_back(block.body.size());
  CHECK(bodies == std::vector<std::size_t>{19, 18, 21});
}

TEST_CASE("RTCP is told from RTP by its second octet, RFC 5761") {
  CHECK(is_rtcp(Packet{0x80, 200}));
  CHECK(is_rtcp(Packet{0x80, 207}));
  CHECK(!is_rtcp(Packet{0x80, 96}));
  CHECK(!is_rtcp(Packet{0x80, 0x80 | 96}));  // marker and payload type 96
  CHECK(!is_rtcp(Packet{0x80, 0x80 | 111}));
  CHECK(!is_rtcp(Packet{0x80}));
}

}  // namespace
}  // namespace sluice
