#include "core/media/rtcp/rtcp_builder.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "core/media/rtcp/rtcp_reports.h"
#include "tests/unit/core/media/rtp/wrap_around_starts.h"

namespace sluice {
namespace {

constexpr Ssrc kUs{1};
constexpr Ssrc kPublisher{0x0a0b0c0d};

bool same(Bytes a, const std::vector<std::uint8_t>& b) { return std::equal(a.begin(), a.end(), b.begin(), b.end()); }

ReportBlock sample_report() {
  return {.ssrc = kPublisher,
          .fraction_lost = 64,
          .cumulative_lost = -2,
          .extended_highest_sequence = 0x2ffff,
          .jitter = 49,
          .last_sender_report = CompactNtp{0xb705'2000},
          .delay_since_last_sender_report = CompactNtp{0x0005'4000}};
}

std::vector<int> lost_in(Bytes nack) {
  std::vector<int> lost;
  const auto feedback = Feedback::parse(next_rtcp_block(nack).value());
  REQUIRE(feedback.has_value());
  for (const NackItem item : nack_items(*feedback)) {
    for_each_lost(item, [&lost](RtpSequence sequence) { lost.push_back(sequence.value()); });
  }
  return lost;
}

TEST_CASE("a full compound reads back as it was written") {
  const SenderInfo info{
      .ntp = NtpTime{0xb44d'b705'2000'0000}, .rtp_timestamp = RtpTimestamp{160}, .packets = 100, .octets = 16'000};
  const std::array reports{sample_report(), ReportBlock{.ssrc = Ssrc{9}, .cumulative_lost = 0x7f'ffff}};
  const std::array sources{kUs, Ssrc{2}};
  std::array<std::uint8_t, 256> buffer{};
  RtcpBuilder builder{buffer};
  CHECK(builder.empty());
  REQUIRE(builder.add_sender_report(kUs, info, reports).has_value());
  REQUIRE(builder.add_cname(kUs, "sluice").has_value());
  REQUIRE(builder.add_receiver_report(kUs, reports).has_value());
  REQUIRE(builder.add_bye(sources, "done").has_value());

  const auto compound = RtcpCompound::parse(builder.bytes());
  REQUIRE(compound.has_value());
  auto block = compound->begin();
  const auto sr = SenderReport::parse(*block);
  REQUIRE(sr.has_value());
  CHECK(sr->sender == kUs);
  CHECK(sr->info == info);
  CHECK(sr->reports[0] == reports[0]);
  CHECK(sr->reports[1] == reports[1]);
  const auto sdes = SourceDescription::parse(*++block);
  REQUIRE(sdes.has_value());
  CHECK(sdes->chunks()[0].source == kUs);
  CHECK(sdes->chunks()[0].cname == "sluice");
  const auto rr = ReceiverReport::parse(*++block);
  REQUIRE(rr.has_value());
  CHECK(rr->reports[1] == reports[1]);
  const auto bye = Goodbye::parse(*++block);
  REQUIRE(bye.has_value());
  CHECK(bye->sources[1] == Ssrc{2});
  CHECK(bye->reason == "done");
  CHECK(++block == compound->end());
}

TEST_CASE("PLI and FIR are written octet by octet as their RFCs draw them") {
  std::array<std::uint8_t, 64> buffer{};
  RtcpBuilder pli{buffer};
  REQUIRE(pli.add_pli(kUs, kPublisher).has_value());
  CHECK(same(pli.bytes(), {0x81, 206, 0, 2, 0, 0, 0, 1, 0x0a, 0x0b, 0x0c, 0x0d}));

  RtcpBuilder fir{buffer};
  REQUIRE(fir.add_fir(kUs, {.ssrc = kPublisher, .sequence = 9}).has_value());
  CHECK(same(fir.bytes(), {0x84, 206, 0, 4, 0, 0, 0, 1, 0, 0, 0, 0, 0x0a, 0x0b, 0x0c, 0x0d, 9, 0, 0, 0}));
}

TEST_CASE("a CNAME of any length ends with a zero and fills its words") {
  for (std::size_t length = 0; length <= 255; ++length) {
    CAPTURE(length);
    const std::string cname(length, 'c');
    std::array<std::uint8_t, 280> buffer{};
    buffer.fill(0xff);
    RtcpBuilder builder{buffer};
    REQUIRE(builder.add_cname(kUs, cname).has_value());
    CHECK(builder.size() % 4 == 0);
    CHECK(builder.bytes().back() == 0);
    const auto sdes = SourceDescription::parse(next_rtcp_block(builder.bytes()).value());
    REQUIRE(sdes.has_value());
    CHECK(sdes->chunks()[0].cname == cname);
  }
}

TEST_CASE("a NACK packs neighbours into one entry, from any start") {
  for (const std::uint16_t start : test::kWrapAroundStarts) {
    CAPTURE(start);
    std::vector<RtpSequence> lost;
    std::vector<int> expected;
    for (const int offset : {0, 1, 16, 17, 40}) {  // 0, 1 and 16 share an entry; 17 and 40 stand alone
      lost.push_back(advance(RtpSequence{start}, offset));
      expected.push_back(lost.back().value());
    }
    std::array<std::uint8_t, 64> buffer{};
    RtcpBuilder builder{buffer};
    CHECK(builder.add_nack(kUs, kPublisher, lost).value() == lost.size());
    CHECK(builder.size() == 12 + 3 * 4);
    CHECK(lost_in(builder.bytes()) == expected);
  }
}

TEST_CASE("a NACK says how much of the list went in, so that the rest can follow") {
  const std::array lost{RtpSequence{10}, RtpSequence{100}, RtpSequence{101}, RtpSequence{1000}};
  std::array<std::uint8_t, 12 + 2 * 4 + 3> buffer{};
  RtcpBuilder builder{buffer};
  CHECK(builder.add_nack(kUs, kPublisher, lost).value() == 3);
  CHECK(lost_in(builder.bytes()) == std::vector<int>{10, 100, 101});

  CHECK(RtcpBuilder{MutableBytes{buffer}.first(15)}.add_nack(kUs, kPublisher, lost).error() == RtcpError::buffer_full);
  CHECK(builder.add_nack(kUs, kPublisher, {}).error() == RtcpError::too_many);
}

TEST_CASE("a list that is out of order or repeats itself is still reported whole") {
  const std::array lost{RtpSequence{5}, RtpSequence{5}, RtpSequence{3}, RtpSequence{4}};
  std::array<std::uint8_t, 64> buffer{};
  RtcpBuilder builder{buffer};
  CHECK(builder.add_nack(kUs, kPublisher, lost).value() == 4);
  CHECK(lost_in(builder.bytes()) == std::vector<int>{5, 3, 4});
}

TEST_CASE("a block that does not fit leaves the compound as it was") {
  std::array<std::uint8_t, 8 + 11> buffer{};
  RtcpBuilder builder{buffer};
  REQUIRE(builder.add_receiver_report(kUs).has_value());
  CHECK(builder.add_pli(kUs, kPublisher).error() == RtcpError::buffer_full);
  CHECK(builder.add_cname(kUs, "long enough").error() == RtcpError::buffer_full);
  CHECK(builder.add_sender_report(kUs, {}).error() == RtcpError::buffer_full);
  CHECK(same(builder.bytes(), {0x80, 201, 0, 1, 0, 0, 0, 1}));
  CHECK(RtcpBuilder{{}}.add_pli(kUs, kPublisher).error() == RtcpError::buffer_full);
}

TEST_CASE("lists longer than the count field are refused") {
  std::vector<std::uint8_t> buffer(4096);
  RtcpBuilder builder{buffer};
  CHECK(builder.add_receiver_report(kUs, std::vector<ReportBlock>(32)).error() == RtcpError::too_many);
  CHECK(builder.add_sender_report(kUs, {}, std::vector<ReportBlock>(32)).error() == RtcpError::too_many);
  CHECK(builder.add_bye(std::vector<Ssrc>(32)).error() == RtcpError::too_many);
  CHECK(builder.add_bye({}, std::string(256, 'x')).error() == RtcpError::too_many);
  CHECK(builder.add_cname(kUs, std::string(256, 'x')).error() == RtcpError::too_many);
  CHECK(builder.empty());
  CHECK(builder.add_receiver_report(kUs, std::vector<ReportBlock>(31)).has_value());
}

}  // namespace
}  // namespace sluice
