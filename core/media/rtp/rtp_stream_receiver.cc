#include "core/media/rtp/rtp_stream_receiver.h"

#include <algorithm>

#include "core/media/rtp/sequence_number.h"

namespace sluice {
namespace {

/// A step of the transit time that no network makes: the sender's timestamps were restarted.
constexpr std::uint32_t kMaxTransitStepSeconds = 5;
constexpr std::int64_t kMinCumulativeLost = -0x80'0000;  ///< what the 24 bits of a report block hold
constexpr std::int64_t kMaxCumulativeLost = 0x7f'ffff;

}  // namespace

PacketOrder RtpStreamReceiver::on_packet(const ReceivedPacket& packet, Instant now) noexcept {
  const PacketOrder order = classify(packet.sequence);
  if (order == PacketOrder::jumped) {
    ++totals_.jumped;
    return order;
  }
  // RFC 3550 section 6.4.1: late packets and duplicates count as received, so that the loss may be negative.
  ++received_;
  ++totals_.packets;
  totals_.octets += packet.payload_size;
  if (order == PacketOrder::late) ++totals_.late;
  if (order == PacketOrder::duplicate) ++totals_.duplicates;
  if (order == PacketOrder::restarted) ++totals_.restarts;
  if (order == PacketOrder::duplicate) return order;
  update_jitter(packet.timestamp, now);
  // For the report it has come; for everybody else it has been here.
  const bool repaired = order == PacketOrder::late && repaired_.contains(packet.sequence);
  return repaired ? PacketOrder::duplicate : order;
}

PacketOrder RtpStreamReceiver::on_repaired(RtpSequence sequence) noexcept {
  const auto behind = static_cast<std::uint16_t>(highest_.value() - sequence.value());
  if (!started_ || behind >= kMaxMisorder) return PacketOrder::jumped;
  if (history_.contains(sequence) || repaired_.contains(sequence)) return PacketOrder::duplicate;
  repaired_.insert(sequence);
  ++totals_.repaired;
  return PacketOrder::late;
}

// RFC 3550 appendix A.1.
PacketOrder RtpStreamReceiver::classify(RtpSequence sequence) noexcept {
  if (!started_) {
    start(sequence);
    return PacketOrder::in_order;
  }
  const auto ahead = static_cast<std::uint16_t>(sequence.value() - highest_.value());
  const auto behind = static_cast<std::uint16_t>(highest_.value() - sequence.value());
  if (behind < kMaxMisorder) {
    if (history_.contains(sequence)) return PacketOrder::duplicate;
    history_.insert(sequence);
    return PacketOrder::late;
  }
  if (ahead < kMaxDropout) return move_forward(sequence, ahead);
  return handle_jump(sequence);
}

PacketOrder RtpStreamReceiver::move_forward(RtpSequence sequence, std::uint16_t ahead) noexcept {
  if (sequence < highest_) cycles_ += 0x1'0000;
  history_.forget(advance(highest_, 1), ahead);
  repaired_.forget(advance(highest_, 1), ahead);
  history_.insert(sequence);
  highest_ = sequence;
  after_jump_.reset();
  return ahead == 1 ? PacketOrder::in_order : PacketOrder::after_gap;
}

PacketOrder RtpStreamReceiver::handle_jump(RtpSequence sequence) noexcept {
  if (after_jump_ != sequence) {
    after_jump_ = advance(sequence, 1);
    return PacketOrder::jumped;
  }
  start(sequence);
  return PacketOrder::restarted;
}

void RtpStreamReceiver::start(RtpSequence sequence) noexcept {
  started_ = true;
  highest_ = sequence;
  base_ = sequence.value();
  cycles_ = 0;
  after_jump_.reset();
  history_.clear();
  repaired_.clear();
  history_.insert(sequence);
  received_ = 0;
  expected_at_report_ = 0;
  received_at_report_ = 0;
  jitter_epoch_.reset();
}

// RFC 3550 appendix A.8, the estimate kept times 16. Transit times are differences of two clocks with unrelated
// origins, and wrap; only how they change means anything.
void RtpStreamReceiver::update_jitter(RtpTimestamp timestamp, Instant now) noexcept {
  const bool first = !jitter_epoch_.has_value();
  if (first) jitter_epoch_ = now;
  const auto arrival = static_cast<std::uint32_t>(to_rtp_ticks(now - *jitter_epoch_, clock_rate_));
  const std::uint32_t transit = arrival - timestamp.value();
  const auto step = static_cast<std::int32_t>(transit - transit_);
  transit_ = transit;
  if (first) return;

  const std::uint64_t size = step < 0 ? -std::int64_t{step} : std::int64_t{step};
  if (size > std::uint64_t{clock_rate_} * kMaxTransitStepSeconds) return;
  jitter_x16_ += size;
  jitter_x16_ -= std::min(jitter_x16_, (jitter_x16_ - size + 8) >> 4);
}

std::uint32_t RtpStreamReceiver::expected() const noexcept { return started_ ? extended_highest() - base_ + 1 : 0; }

void RtpStreamReceiver::on_sender_report(const SenderInfo& info, Instant now) noexcept {
  sender_report_ = SenderReportArrival{.info = info, .at = now};
}

// RFC 3550 appendix A.3.
std::optional<ReportBlock> RtpStreamReceiver::make_report_block(Instant now) noexcept {
  if (!started_ || received_ == received_at_report_) return std::nullopt;

  const std::int64_t expected_now = std::int64_t{expected()} - expected_at_report_;
  const std::int64_t received_now = std::int64_t{received_} - received_at_report_;
  const std::int64_t lost_now = expected_now - received_now;
  expected_at_report_ = expected();
  received_at_report_ = received_;

  ReportBlock block;
  block.ssrc = ssrc_;
  if (expected_now > 0 && lost_now > 0) {
    block.fraction_lost = static_cast<std::uint8_t>(std::min<std::int64_t>(lost_now * 256 / expected_now, 255));
  }
  block.cumulative_lost = static_cast<std::int32_t>(
      std::clamp(std::int64_t{expected()} - received_, kMinCumulativeLost, kMaxCumulativeLost));
  block.extended_highest_sequence = extended_highest();
  block.jitter = static_cast<std::uint32_t>(jitter_x16_ >> 4);
  if (sender_report_) {
    block.last_sender_report = compact(sender_report_->info.ntp);
    block.delay_since_last_sender_report = to_compact_ntp(now - sender_report_->at);
  }
  return block;
}

ReceiverStats RtpStreamReceiver::stats() const noexcept {
  ReceiverStats stats = totals_;
  stats.lost = std::int64_t{expected()} - received_;
  stats.jitter = static_cast<std::uint32_t>(jitter_x16_ >> 4);
  return stats;
}

}  // namespace sluice
