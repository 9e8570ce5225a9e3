#include "core/media/rtp/rtp_stream_sender.h"

#include <doctest/doctest.h>

#include <chrono>

namespace sluice {
namespace {

using namespace std::chrono_literals;

constexpr Ssrc kOurs{7};
constexpr Instant kStart{};
/// 10 November 1995, 11:33:25.125 UTC: the instant of RFC 3550 figure 2.
constexpr WallTime kFigure2{816'003'205'125ms};

TEST_CASE("wall clock becomes NTP as in figure 2 of RFC 3550") {
  CHECK(to_ntp(kFigure2) == NtpTime{0xb44d'b705'2000'0000});
  CHECK(compact(to_ntp(kFigure2)) == CompactNtp{0xb705'2000});
  CHECK(to_ntp(WallTime{}) == NtpTime{kNtpEpochOffset << 32});
}

TEST_CASE("compact spans keep to their ends") {
  CHECK(to_compact_ntp(5'250ms) == CompactNtp{0x0005'4000});
  CHECK(to_compact_ntp(-1s) == CompactNtp{0});
  CHECK(to_compact_ntp(24h) == CompactNtp{0xffff'ffff});
  CHECK(to_duration(CompactNtp{0x0005'4000}) == 5'250ms);
}

TEST_CASE("RTP ticks of a long span do not overflow, and round down on both sides of zero") {
  CHECK(to_rtp_ticks(24h * 365 * 100, 90'000) == std::int64_t{90'000} * 3'600 * 24 * 365 * 100);
  CHECK(to_rtp_ticks(1'500ms, 48'000) == 72'000);
  CHECK(to_rtp_ticks(-500ms, 90'000) == -45'000);
}

TEST_CASE("there is nothing to report before the first packet") {
  RtpStreamSender sender{kOurs, 90'000};
  CHECK(!sender.make_sender_info(kStart, kFigure2).has_value());
}

TEST_CASE("sender info counts payload and extrapolates the timestamp from the frame sent last") {
  RtpStreamSender sender{kOurs, 90'000};
  sender.on_packet_sent(RtpTimestamp{0xffff'fff0 - 2'970}, 1'200, kStart);
  sender.on_packet_sent(RtpTimestamp{0xffff'fff0}, 1'200, kStart + 33ms);
  sender.on_packet_sent(RtpTimestamp{0xffff'fff0}, 300, kStart + 40ms);  // same frame, paced later
  sender.on_packet_sent(RtpTimestamp{0xffff'f000}, 0, kStart + 41ms);    // a late packet of an older one

  const auto info = sender.make_sender_info(kStart + 133ms, kFigure2);
  REQUIRE(info.has_value());
  CHECK(info->ntp == NtpTime{0xb44d'b705'2000'0000});
  CHECK(info->rtp_timestamp == RtpTimestamp{9'000 - 0x10});  // 100 ms on, across the wrap
  CHECK(info->packets == 4);
  CHECK(info->octets == 2'700);
}

TEST_CASE("timestamps that start again move the extrapolation with them") {
  RtpStreamSender sender{kOurs, 90'000};
  sender.on_packet_sent(RtpTimestamp{2'000'000}, 1, kStart);
  sender.on_packet_sent(RtpTimestamp{1'000}, 1, kStart + 1s);
  CHECK(sender.make_sender_info(kStart + 1s, kFigure2)->rtp_timestamp == RtpTimestamp{1'000});
}

TEST_CASE("a stream that goes on with another codec is extrapolated by that one's clock") {
  RtpStreamSender sender{kOurs, 48'000};
  sender.on_packet_sent(RtpTimestamp{1'000}, 1, kStart);
  sender.set_clock_rate(8'000);
  sender.on_packet_sent(RtpTimestamp{2'000}, 1, kStart + 20ms);
  CHECK(sender.make_sender_info(kStart + 120ms, kFigure2)->rtp_timestamp == RtpTimestamp{2'800});
}

TEST_CASE("the round trip is that of figure 2 of RFC 3550") {
  RtpStreamSender sender{kOurs, 8'000};
  sender.on_packet_sent(RtpTimestamp{0}, 160, kStart);
  static_cast<void>(sender.make_sender_info(kStart, kFigure2));
  ReportBlock block;
  block.ssrc = kOurs;
  block.last_sender_report = CompactNtp{0xb705'2000};
  block.delay_since_last_sender_report = CompactNtp{0x0005'4000};
  const Instant arrival = kStart + 11'375ms;  // A = 0xb710:8000, 11.375 s after the SR

  SUBCASE("when the block answers our report") {
    sender.on_report_block(block, arrival);
    CHECK(sender.round_trip_time() == 6'125ms);
    CHECK(sender.last_report()->block == block);
  }
  SUBCASE("whatever the wall clock did meanwhile") {
    static_cast<void>(sender.make_sender_info(kStart + 5s, kFigure2 - 24h));
    sender.on_report_block(block, arrival);
    CHECK(sender.round_trip_time() == 6'125ms);
  }
  SUBCASE("and unknown when the block answers none") {
    block.last_sender_report = CompactNtp{0};
    sender.on_report_block(block, arrival);
    CHECK(!sender.round_trip_time().has_value());
    CHECK(sender.last_report().has_value());
  }
  SUBCASE("and unknown when the block names a report that we did not send") {
    block.last_sender_report = CompactNtp{0xb705'2001};
    sender.on_report_block(block, arrival);
    CHECK(!sender.round_trip_time().has_value());
  }
  SUBCASE("and not below zero when the peer claims to have waited longer than it took") {
    block.delay_since_last_sender_report = CompactNtp{0xffff'ffff};
    sender.on_report_block(block, arrival);
    CHECK(sender.round_trip_time() == Duration::zero());
  }
  SUBCASE("and not touched by a block about somebody else") {
    block.ssrc = Ssrc{8};
    sender.on_report_block(block, arrival);
    CHECK(!sender.last_report().has_value());
  }
  SUBCASE("and unknown once our report is forgotten") {
    for (std::size_t i = 1; i <= RtpStreamSender::kRememberedReports; ++i) {
      static_cast<void>(sender.make_sender_info(kStart + i * 1s, kFigure2 + i * 1s));
    }
    sender.on_report_block(block, arrival);
    CHECK(!sender.round_trip_time().has_value());
  }
}

}  // namespace
}  // namespace sluice
