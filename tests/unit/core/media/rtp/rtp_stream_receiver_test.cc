#include "core/media/rtp/rtp_stream_receiver.h"

#include <doctest/doctest.h>

#include <chrono>

#include "core/media/rtp/sequence_number.h"
#include "tests/unit/core/media/rtp/wrap_around_starts.h"

namespace sluice {
namespace {

using namespace std::chrono_literals;

constexpr Ssrc kSource{7};
constexpr std::uint32_t kClockRate = 8000;

/// Feeds packets that are perfectly paced: number n is due at n times 20 ms.
class Stream {
 public:
  explicit Stream(std::uint16_t start) : start_{start} {}

  PacketOrder receive(std::int64_t number, Duration delay = {}) {
    now_ = Instant{} + number * 20ms + delay;
    return receiver_.on_packet({.sequence = advance(start_, number),
                                .timestamp = advance(RtpTimestamp{0xffff'ff00}, number * 160),
                                .payload_size = 100},
                               now_);
  }
  ReportBlock report() {
    auto block = receiver_.make_report_block(now_);
    REQUIRE(block.has_value());
    return *block;
  }
  RtpStreamReceiver& receiver() { return receiver_; }

 private:
  RtpSequence start_;
  Instant now_;
  RtpStreamReceiver receiver_{kSource, kClockRate};
};

TEST_CASE("a perfect stream reports no loss and no jitter, from any start") {
  for (const std::uint16_t start : test::kWrapAroundStarts) {
    CAPTURE(start);
    Stream stream{start};
    for (int number = 0; number < 70'000; ++number) {
      if (stream.receive(number) != PacketOrder::in_order) FAIL("packet ", number);
    }
    const ReportBlock block = stream.report();
    CHECK(block.ssrc == kSource);
    CHECK(block.fraction_lost == 0);
    CHECK(block.cumulative_lost == 0);
    CHECK(block.extended_highest_sequence == start + 69'999u);
    CHECK(block.jitter == 0);
    CHECK(block.last_sender_report == CompactNtp{0});
    CHECK(stream.receiver().stats().octets == 7'000'000);
  }
}

TEST_CASE("loss is counted over each interval and over all, from any start") {
  for (const std::uint16_t start : test::kWrapAroundStarts) {
    CAPTURE(start);
    Stream stream{start};
    stream.receive(0);
    CHECK(stream.receive(4) == PacketOrder::after_gap);  // 3 of 5 lost
    ReportBlock block = stream.report();
    CHECK(block.fraction_lost == 3 * 256 / 5);
    CHECK(block.cumulative_lost == 3);
    CHECK(block.extended_highest_sequence == start + 4u);

    for (int number = 5; number < 10; ++number) stream.receive(number);
    block = stream.report();
    CHECK(block.fraction_lost == 0);  // nothing lost in this interval
    CHECK(block.cumulative_lost == 3);
  }
}

TEST_CASE("a late packet fills its gap, a second copy is a duplicate, from any start") {
  for (const std::uint16_t start : test::kWrapAroundStarts) {
    CAPTURE(start);
    Stream stream{start};
    stream.receive(0);
    CHECK(stream.receive(3) == PacketOrder::after_gap);
    CHECK(stream.receive(3) == PacketOrder::duplicate);
    CHECK(stream.receive(1) == PacketOrder::late);
    CHECK(stream.receive(1) == PacketOrder::duplicate);
    CHECK(stream.receive(2) == PacketOrder::late);
    CHECK(stream.receive(0) == PacketOrder::duplicate);
    CHECK(stream.receive(4) == PacketOrder::in_order);

    const ReceiverStats stats = stream.receiver().stats();
    CHECK(stats.packets == 8);
    CHECK(stats.late == 2);
    CHECK(stats.duplicates == 3);
    CHECK(stats.lost == -3);  // RFC 3550 section 6.4.1: duplicates make it negative
    const ReportBlock block = stream.report();
    CHECK(block.cumulative_lost == -3);
    CHECK(block.fraction_lost == 0);
  }
}

TEST_CASE("the memory for duplicates moves along with the newest packet") {
  Stream stream{65'500};
  stream.receive(0);
  CHECK(stream.receive(RtpStreamReceiver::kMaxMisorder) == PacketOrder::after_gap);  // shares its bit with number 0
  CHECK(stream.receive(1) == PacketOrder::late);
  CHECK(stream.receive(1) == PacketOrder::duplicate);
  CHECK(stream.receive(2'999) == PacketOrder::after_gap);  // farther than the memory reaches
  CHECK(stream.receive(2'998) == PacketOrder::late);
}

TEST_CASE("a jump counts only when the next packet follows it") {
  Stream stream{100};
  stream.receive(0);
  stream.receive(1);
  CHECK(stream.receive(20'000) == PacketOrder::jumped);
  CHECK(stream.receive(2) == PacketOrder::in_order);  // a stray packet: the stream goes on
  CHECK(stream.receive(30'000) == PacketOrder::jumped);
  CHECK(stream.receive(40'000) == PacketOrder::jumped);
  CHECK(stream.receive(40'002) == PacketOrder::jumped);
  CHECK(stream.report().extended_highest_sequence == 102);
}

TEST_CASE("two packets in sequence after a jump start the counters afresh") {
  Stream stream{100};
  stream.receive(0);
  stream.receive(5);
  CHECK(stream.receive(50'000) == PacketOrder::jumped);
  CHECK(stream.receive(50'001) == PacketOrder::restarted);
  CHECK(stream.receive(50'002) == PacketOrder::in_order);
  CHECK(stream.receiver().stats().restarts == 1);
  const ReportBlock block = stream.report();
  CHECK(block.extended_highest_sequence == 50'102);
  CHECK(block.cumulative_lost == 0);
  CHECK(block.fraction_lost == 0);
}

TEST_CASE("a gap of MAX_DROPOUT is a jump, one less is a gap") {
  Stream gap{0};
  gap.receive(0);
  CHECK(gap.receive(RtpStreamReceiver::kMaxDropout - 1) == PacketOrder::after_gap);
  Stream jump{0};
  jump.receive(0);
  CHECK(jump.receive(RtpStreamReceiver::kMaxDropout) == PacketOrder::jumped);
}

TEST_CASE("jitter follows appendix A.8 step by step") {
  Stream stream{0};
  stream.receive(0);
  stream.receive(1, 10ms);  // D = 80 ticks: J = 0 + 80/16 = 5
  CHECK(stream.receiver().stats().jitter == 5);
  stream.receive(2, 10ms);  // D = 0: J x 16 = 80 - (80 + 8) / 16 = 75
  CHECK(stream.receiver().stats().jitter == 4);
  stream.receive(3);  // D = -80: J x 16 = 75 + 80 - (75 + 8) / 16 = 150
  CHECK(stream.receiver().stats().jitter == 9);
  stream.receive(3, 15ms);  // a duplicate tells nothing of the path's pace
  CHECK(stream.receiver().stats().jitter == 9);
}

TEST_CASE("a new start of the timestamps is no jitter") {
  RtpStreamReceiver receiver{kSource, kClockRate};
  receiver.on_packet({.sequence = RtpSequence{1}, .timestamp = RtpTimestamp{1'000}}, Instant{});
  receiver.on_packet({.sequence = RtpSequence{2}, .timestamp = RtpTimestamp{0x9000'0000}}, Instant{} + 20ms);
  CHECK(receiver.stats().jitter == 0);
  receiver.on_packet({.sequence = RtpSequence{3}, .timestamp = RtpTimestamp{0x9000'00a0}}, Instant{} + 40ms);
  CHECK(receiver.stats().jitter == 0);
}

TEST_CASE("a silent source is not reported on") {
  Stream stream{0};
  CHECK(!stream.receiver().make_report_block(Instant{}).has_value());
  stream.receive(0);
  CHECK(stream.receiver().make_report_block(Instant{} + 1s).has_value());
  CHECK(!stream.receiver().make_report_block(Instant{} + 2s).has_value());
}

TEST_CASE("a report tells which sender report came last, and how long ago") {
  Stream stream{0};
  const SenderInfo info{.ntp = NtpTime{0xb44d'b705'2000'0000}, .rtp_timestamp = RtpTimestamp{160}};
  stream.receiver().on_sender_report(info, Instant{});
  stream.receive(0);
  const auto block = stream.receiver().make_report_block(Instant{} + 5'250ms);
  REQUIRE(block.has_value());
  CHECK(block->last_sender_report == CompactNtp{0xb705'2000});              // RFC 3550 figure 2
  CHECK(block->delay_since_last_sender_report == CompactNtp{0x0005'4000});  // 5.250 s
  CHECK(stream.receiver().last_sender_report()->info == info);
}

TEST_CASE("total loss of an interval saturates the fraction instead of wrapping to none") {
  Stream stream{0};
  stream.receive(0);
  static_cast<void>(stream.report());
  stream.receive(2'900);  // 2899 of 2900 lost: 255.9 / 256
  CHECK(stream.report().fraction_lost == 255);
}

TEST_CASE("what RTX repaired is lost to the report, and a duplicate when the original comes after all") {
  for (const std::uint16_t start : test::kWrapAroundStarts) {
    CAPTURE(start);
    Stream stream{start};
    for (const int number : {0, 1, 4, 5}) stream.receive(number);
    CHECK(stream.receiver().on_repaired(advance(RtpSequence{start}, 2)) == PacketOrder::late);
    CHECK(stream.receiver().on_repaired(advance(RtpSequence{start}, 2)) == PacketOrder::duplicate);
    CHECK(stream.receiver().on_repaired(advance(RtpSequence{start}, 4)) == PacketOrder::duplicate);
    CHECK(stream.receiver().stats().repaired == 1);
    CHECK(stream.receiver().stats().lost == 2);

    CHECK(stream.receive(2, 80ms) == PacketOrder::duplicate);
    CHECK(stream.receive(3, 60ms) == PacketOrder::late);
    CHECK(stream.receiver().stats().lost == 0);
    CHECK(stream.receiver().stats().late == 2);
    CHECK(stream.receiver().stats().duplicates == 0);
  }
}

TEST_CASE("RTX of what was never received, or long ago, repairs nothing") {
  for (const std::uint16_t start : test::kWrapAroundStarts) {
    CAPTURE(start);
    Stream stream{start};
    CHECK(stream.receiver().on_repaired(RtpSequence{start}) == PacketOrder::jumped);
    stream.receive(0);
    CHECK(stream.receiver().on_repaired(advance(RtpSequence{start}, 1)) == PacketOrder::jumped);
    stream.receive(2);
    CHECK(stream.receiver().on_repaired(advance(RtpSequence{start}, 1)) == PacketOrder::late);
    // The place of number 1 is another one's now.
    stream.receive(RtpStreamReceiver::kMaxMisorder + 2);
    CHECK(stream.receiver().on_repaired(advance(RtpSequence{start}, 1)) == PacketOrder::jumped);
    CHECK(stream.receiver().on_repaired(advance(RtpSequence{start}, RtpStreamReceiver::kMaxMisorder + 1)) ==
          PacketOrder::late);
  }
}

}  // namespace
}  // namespace sluice
