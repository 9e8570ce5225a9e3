#include "core/media/rtcp/rtcp_extended_report.h"

#include <doctest/doctest.h>

#include <array>
#include <vector>

#include "core/media/rtcp/rtcp_builder.h"

namespace sluice::test {
namespace {

Result<ExtendedReport, RtcpError> parse(const std::vector<std::uint8_t>& packet) {
  return ExtendedReport::parse(next_rtcp_block(packet).value());
}

}  // namespace

TEST_CASE("a receiver reference time is written as RFC 3611 section 4.4 has it") {
  std::array<std::uint8_t, 64> buffer;
  RtcpBuilder builder{buffer};
  REQUIRE(builder.add_reference_time(Ssrc{0x01020304}, NtpTime{0x1112131415161718}));
  const std::vector<std::uint8_t> wanted{
      0x80, 207,  0,    4,                             // V=2, XR, five words
      0x01, 0x02, 0x03, 0x04,                          // SSRC
      4,    0,    0,    2,                             // RRTR
      0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18,  // NTP time
  };
  CHECK(std::vector<std::uint8_t>(builder.bytes().begin(), builder.bytes().end()) == wanted);
  const auto report = parse(wanted);
  REQUIRE(report);
  CHECK(report->sender == Ssrc{0x01020304});
  CHECK(report->reference_time == NtpTime{0x1112131415161718});
  CHECK(report->delays.empty());
}

TEST_CASE("delays since the last receiver report are read, among blocks of other kinds") {
  const std::vector<std::uint8_t> packet{
      0x80, 207, 0, 12,                                                  //
      0,    0,   0, 9,                                                   //
      1,    7,   0, 1,  0xde, 0xad, 0xbe, 0xef,                          // loss RLE: skipped
      5,    0,   0, 6,                                                   // DLRR of two
      0,    0,   0, 1,  0x00, 0x00, 0x12, 0x34, 0x00, 0x01, 0x00, 0x00,  //
      0,    0,   0, 2,  0x55, 0x55, 0x55, 0x55, 0x00, 0x00, 0x80, 0x00,  //
      4,    0,   0, 1,  0x01, 0x02, 0x03, 0x04,                          // RRTR of a wrong size
  };
  const auto report = parse(packet);  // borrows its bytes
  REQUIRE(report);
  REQUIRE(report->delays.size() == 2);
  CHECK(report->delays[0] == DelaySinceLastRr{Ssrc{1}, CompactNtp{0x1234}, CompactNtp{0x1'0000}});
  CHECK(report->delays[1] == DelaySinceLastRr{Ssrc{2}, CompactNtp{0x5555'5555}, CompactNtp{0x8000}});
  CHECK(!report->reference_time);
}

TEST_CASE("a block that runs past the packet, and another packet type, are refused") {
  CHECK(parse({0x80, 207, 0, 0}).error() == RtcpError::truncated);
  CHECK(parse({0x80, 207, 0, 2, 0, 0, 0, 9, 5, 0, 0, 3}).error() == RtcpError::truncated);
  CHECK(parse({0x80, 201, 0, 1, 0, 0, 0, 9}).error() == RtcpError::wrong_type);
  CHECK(parse({0x80, 207, 0, 1, 0, 0, 0, 9}).has_value());
}

}  // namespace sluice::test
