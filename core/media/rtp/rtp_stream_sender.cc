#include "core/media/rtp/rtp_stream_sender.h"

#include <algorithm>

#include "core/media/rtp/sequence_number.h"

namespace sluice {
namespace {

/// A timestamp older than this is no reordered packet but a new start of the clock.
constexpr std::int64_t kClockRestartSeconds = 10;

}  // namespace

bool RtpStreamSender::begins_frame(RtpTimestamp timestamp) const noexcept {
  if (!anchor_) return true;
  const std::int64_t step = distance(anchor_->timestamp, timestamp);
  return step > 0 || step < -kClockRestartSeconds * std::int64_t{clock_rate_};
}

void RtpStreamSender::on_packet_sent(RtpTimestamp timestamp, std::size_t payload_size, Instant now) noexcept {
  ++packets_;
  octets_ += payload_size;
  // The packets of a frame share its timestamp but leave one after the other: the first one is nearest to it.
  if (begins_frame(timestamp)) anchor_ = Anchor{.timestamp = timestamp, .at = now};
}

std::optional<SenderInfo> RtpStreamSender::make_sender_info(Instant now, WallTime wall) noexcept {
  if (!anchor_) return std::nullopt;
  const NtpTime ntp = to_ntp(wall);
  reports_[report_count_ % kRememberedReports] = SentReport{.ntp = compact(ntp), .at = now};
  ++report_count_;
  return SenderInfo{.ntp = ntp,
                    .rtp_timestamp = advance(anchor_->timestamp, to_rtp_ticks(now - anchor_->at, clock_rate_)),
                    .packets = static_cast<std::uint32_t>(packets_),
                    .octets = static_cast<std::uint32_t>(octets_)};
}

const RtpStreamSender::SentReport* RtpStreamSender::find_report(CompactNtp ntp) const noexcept {
  const auto* const end = reports_.begin() + std::min(report_count_, kRememberedReports);
  const auto* const found =
      std::find_if(reports_.begin(), end, [ntp](const SentReport& report) { return report.ntp == ntp; });
  return found == end ? nullptr : found;
}

// RFC 3550 section 6.4.1 computes the round trip as A - LSR - DLSR on the wall clock. We look LSR up among the reports
// that we sent, and measure on the monotonic clock: a step of the wall clock does no harm, an invented LSR finds
// nothing.
void RtpStreamSender::on_report_block(const ReportBlock& block, Instant now) noexcept {
  if (block.ssrc != ssrc_) return;
  last_report_ = ReceptionReport{.block = block, .at = now};
  if (block.last_sender_report == CompactNtp{0}) return;  // it has no SR of ours yet
  const SentReport* const answered = find_report(block.last_sender_report);
  if (answered == nullptr) return;
  const Duration round_trip = now - answered->at - to_duration(block.delay_since_last_sender_report);
  round_trip_time_ = std::max(round_trip, Duration::zero());
}

}  // namespace sluice
