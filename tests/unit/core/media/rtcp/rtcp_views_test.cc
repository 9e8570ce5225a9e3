#include <doctest/doctest.h>

#include <array>
#include <string>
#include <vector>

#include "core/media/rtcp/rtcp_feedback.h"
#include "core/media/rtcp/rtcp_reports.h"

namespace sluice {
namespace {

using Packet = std::vector<std::uint8_t>;

RtcpBlock block_of(const Packet& bytes) {
  const auto block = next_rtcp_block(bytes);
  REQUIRE(block.has_value());
  return *block;
}

constexpr std::array<std::uint8_t, 24> kReportBlock{
    0x00, 0x00, 0x00, 0x05,  // SSRC 5
    0x40, 0xff, 0xff, 0xfe,  // fraction 64/256, cumulative -2
    0x00, 0x02, 0xff, 0xff,  // two wraps, sequence 65535
    0x00, 0x00, 0x00, 0x31,  // jitter 49
    0xb7, 0x05, 0x20, 0x00,  // LSR
    0x00, 0x05, 0x40, 0x00,  // DLSR
};

TEST_CASE("a sender report is read field by field") {
  Packet bytes{0x81, 200,  0x00, 0x0c,                          // V = 2, RC = 1; 13 words
               0x00, 0x00, 0x00, 0x07,                          // SSRC of the sender
               0xb4, 0x4d, 0xb7, 0x05, 0x20, 0x00, 0x00, 0x00,  // NTP of RFC 3550 figure 2
               0x00, 0x01, 0x00, 0xa0,                          // RTP timestamp
               0x00, 0x00, 0x00, 0x64,                          // 100 packets
               0x00, 0x00, 0x3e, 0x80};                         // 16000 octets
  bytes.insert(bytes.end(), kReportBlock.begin(), kReportBlock.end());
  const auto report = SenderReport::parse(block_of(bytes));
  REQUIRE(report.has_value());
  CHECK(report->sender == Ssrc{7});
  CHECK(report->info == SenderInfo{.ntp = NtpTime{0xb44d'b705'2000'0000},
                                   .rtp_timestamp = RtpTimestamp{0x0001'00a0},
                                   .packets = 100,
                                   .octets = 16'000});
  REQUIRE(report->reports.size() == 1);
  const ReportBlock block = report->reports[0];
  CHECK(block.ssrc == Ssrc{5});
  CHECK(block.fraction_lost == 64);
  CHECK(block.cumulative_lost == -2);
  CHECK(block.extended_highest_sequence == 0x2ffff);
  CHECK(block.jitter == 49);
  CHECK(block.last_sender_report == CompactNtp{0xb705'2000});
  CHECK(block.delay_since_last_sender_report == CompactNtp{0x0005'4000});
}

TEST_CASE("a receiver report may carry a profile's extension after its blocks") {
  Packet bytes{0x81, 201, 0x00, 0x08, 0x00, 0x00, 0x00, 0x07};
  bytes.insert(bytes.end(), kReportBlock.begin(), kReportBlock.end());
  bytes.insert(bytes.end(), {1, 2, 3, 4});
  const auto report = ReceiverReport::parse(block_of(bytes));
  REQUIRE(report.has_value());
  CHECK(report->sender == Ssrc{7});
  CHECK(report->reports.size() == 1);
  CHECK(report->reports[0].jitter == 49);
}

TEST_CASE("an SDES packet gives the CNAME of each chunk") {
  const Packet bytes{
      0x83, 202, 0x00, 0x08,                                        // three chunks
      0,    0,   0,    1,    0x01, 3, 'a', 'b',  'c', 0,   0,   0,  // CNAME, padded to a word
      0,    0,   0,    2,    0x02, 1, 'n', 0x01, 2,   'x', 'y', 0,  // NAME, CNAME; the end is the padding
      0,    0,   0,    3,    0x00, 0, 0,   0};                      // no items
  const auto sdes = SourceDescription::parse(block_of(bytes));
  REQUIRE(sdes.has_value());
  REQUIRE(sdes->chunks().size() == 3);
  CHECK(sdes->chunks()[0].source == Ssrc{1});
  CHECK(sdes->chunks()[0].cname == "abc");
  CHECK(sdes->chunks()[1].source == Ssrc{2});
  CHECK(sdes->chunks()[1].cname == "xy");
  CHECK(sdes->chunks()[2].source == Ssrc{3});
  CHECK(sdes->chunks()[2].cname.empty());
}

TEST_CASE("a BYE names its sources, and may say why") {
  const Packet plain{0x82, 203, 0x00, 0x02, 0, 0, 0, 1, 0, 0, 0, 2};
  const auto bye = Goodbye::parse(block_of(plain));
  REQUIRE(bye.has_value());
  CHECK(bye->sources.size() == 2);
  CHECK(bye->sources[1] == Ssrc{2});
  CHECK(bye->reason.empty());

  const Packet reasoned{0x81, 203, 0x00, 0x03, 0, 0, 0, 1, 4, 'd', 'o', 'n', 'e', 0, 0, 0};
  CHECK(Goodbye::parse(block_of(reasoned))->reason == "done");
  CHECK(Goodbye::parse(block_of({0x80, 203, 0x00, 0x00}))->sources.empty());
}

TEST_CASE("a NACK lists packets by number and bit mask, across the wrap") {
  const Packet bytes{0x81, 205,  0x00, 0x04, 0, 0, 0, 1, 0, 0, 0, 2,  // RTPFB, FMT 1
                     0xff, 0xfe, 0x80, 0x03,                          // 65534; bits 0, 1 and 15
                     0x00, 0x64, 0x00, 0x00};                         // 100 alone
  const auto feedback = Feedback::parse(block_of(bytes));
  REQUIRE(feedback.has_value());
  CHECK(feedback->kind == FeedbackKind::nack);
  CHECK(feedback->sender == Ssrc{1});
  CHECK(feedback->media == Ssrc{2});
  std::vector<int> lost;
  for (const NackItem item : nack_items(*feedback)) {
    for_each_lost(item, [&lost](RtpSequence sequence) { lost.push_back(sequence.value()); });
  }
  CHECK(lost == std::vector<int>{65534, 65535, 0, 14, 100});
}

TEST_CASE("a FIR names its sources in the entries") {
  const Packet bytes{0x84, 206, 0x00, 0x06, 0, 0, 0, 1, 0, 0, 0, 0,  //
                     0,    0,   0,    7,    9, 0, 0, 0,              // SSRC 7, command 9
                     0,    0,   0,    8,    1, 0, 0, 0};
  const auto feedback = Feedback::parse(block_of(bytes));
  REQUIRE(feedback.has_value());
  CHECK(feedback->kind == FeedbackKind::fir);
  REQUIRE(fir_entries(*feedback).size() == 2);
  CHECK(fir_entries(*feedback)[0] == FirEntry{.ssrc = Ssrc{7}, .sequence = 9});
  CHECK(fir_entries(*feedback)[1] == FirEntry{.ssrc = Ssrc{8}, .sequence = 1});
}

TEST_CASE("kinds of feedback are recognised by type and format, others carried as unknown") {
  struct Case {
    std::string what;
    Packet bytes;
    FeedbackKind kind;
  };
  const std::array cases{
      Case{"PLI", {0x81, 206, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2}, FeedbackKind::pli},
      Case{"transport-cc", {0x8f, 205, 0, 3, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4}, FeedbackKind::transport_cc},
      Case{"REMB",
           {0x8f, 206, 0, 5, 0, 0, 0, 1, 0, 0, 0, 0, 'R', 'E', 'M', 'B', 1, 0, 0, 0, 0, 0, 0, 2},
           FeedbackKind::remb},
      Case{"other application layer feedback",
           {0x8f, 206, 0, 4, 0, 0, 0, 1, 0, 0, 0, 0, 'G', 'O', 'O', 'G', 1, 0, 0, 0},
           FeedbackKind::unknown},
      Case{"SLI", {0x82, 206, 0, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0}, FeedbackKind::unknown},
      Case{"TMMBR", {0x83, 205, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2}, FeedbackKind::unknown},
  };
  for (const Case& each : cases) {
    CAPTURE(each.what);
    const auto feedback = Feedback::parse(block_of(each.bytes));
    REQUIRE(feedback.has_value());
    CHECK(feedback->kind == each.kind);
    CHECK(feedback->format == (each.bytes[0] & 0x1f));
  }
}

template <class View>
RtcpError error_of(const Packet& bytes) {
  const auto view = View::parse(block_of(bytes));
  REQUIRE(!view.has_value());
  return view.error();
}

TEST_CASE("blocks that promise more than they hold are refused with the reason") {
  CHECK(error_of<SenderReport>({0x80, 200, 0, 5, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}) ==
        RtcpError::truncated);
  CHECK(error_of<SenderReport>({0x80, 200, 0, 0}) == RtcpError::truncated);
  CHECK(error_of<SenderReport>({0x80, 201, 0, 0}) == RtcpError::wrong_type);
  CHECK(error_of<ReceiverReport>({0x80, 201, 0, 0}) == RtcpError::truncated);
  CHECK(error_of<ReceiverReport>({0x81, 201, 0, 1, 0, 0, 0, 1}) == RtcpError::bad_count);
  CHECK(error_of<ReceiverReport>({0x9f, 201, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0}) == RtcpError::bad_count);
  CHECK(error_of<ReceiverReport>({0x80, 200, 0, 0}) == RtcpError::wrong_type);

  CHECK(error_of<SourceDescription>({0x81, 202, 0, 0}) == RtcpError::bad_count);
  CHECK(error_of<SourceDescription>({0x81, 202, 0, 1, 0, 0, 0, 1}) == RtcpError::bad_text);  // no end of items
  CHECK(error_of<SourceDescription>({0x81, 202, 0, 2, 0, 0, 0, 1, 1, 2, 'a', 'b'}) == RtcpError::bad_text);
  CHECK(error_of<SourceDescription>({0x81, 202, 0, 2, 0, 0, 0, 1, 1, 255, 'a', 0}) == RtcpError::bad_text);
  CHECK(error_of<SourceDescription>({0x82, 202, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0}) == RtcpError::bad_count);
  CHECK(error_of<SourceDescription>({0x81, 203, 0, 0}) == RtcpError::wrong_type);

  CHECK(error_of<Goodbye>({0x81, 203, 0, 0}) == RtcpError::bad_count);
  CHECK(error_of<Goodbye>({0x81, 203, 0, 2, 0, 0, 0, 1, 4, 'a', 'b', 'c'}) == RtcpError::bad_text);
  CHECK(error_of<Goodbye>({0x80, 202, 0, 0}) == RtcpError::wrong_type);

  CHECK(error_of<Feedback>({0x81, 206, 0, 1, 0, 0, 0, 1}) == RtcpError::truncated);
  CHECK(error_of<Feedback>({0x81, 205, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2}) == RtcpError::bad_count);  // NACK of nothing
  CHECK(error_of<Feedback>({0x84, 206, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0}) == RtcpError::bad_count);  // FIR of nobody
  CHECK(error_of<Feedback>({0x84, 206, 0, 3, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 7}) == RtcpError::bad_count);
  CHECK(error_of<Feedback>({0x80, 201, 0, 0}) == RtcpError::wrong_type);
}

}  // namespace
}  // namespace sluice
