// The RTCP of a transport: what it reports and asks, and what it hears.

#include <algorithm>
#include <array>

#include "core/base/copy_bytes.h"
#include "core/media/rtcp/rtcp_builder.h"
#include "core/media/rtcp/rtcp_extended_report.h"
#include "core/media/rtcp/rtcp_feedback.h"
#include "core/media/rtcp/rtcp_packet.h"
#include "core/media/rtcp/rtcp_reports.h"
#include "core/media/transport/media_transport.h"

namespace sluice {

namespace {

/// Compounds stay well under the path's MTU, with room for the SRTCP trailer.
constexpr std::size_t kMaxCompound = 1200;

using CompoundBuffer = std::array<std::uint8_t, kMaxCompound>;

}  // namespace

void MediaTransport::send_rtcp(Bytes compound) noexcept {
  if (compound.empty() || !srtp_sender_ || path_state_ != PathState::ready) return;
  const MutableBytes buffer = path_.acquire();
  copy_bytes(compound, buffer);
  const auto size = srtp_sender_->protect_rtcp(buffer, compound.size());
  path_.commit(size.value_or(std::size_t{0}));
  if (!size) return;
  ++counters_.packets_sent;
  counters_.bytes_sent += *size;
}

// Every packet of the transport counts, whatever its stream: also what only probes the path.
void MediaTransport::note_arrival(const RtpPacketView& packet, Instant now) noexcept {
  if (arrivals_ == nullptr) return;
  const auto element = packet.extension(transport_sequence_id_);
  const auto sequence = element ? read_transport_sequence(*element) : std::nullopt;
  if (!sequence) return;
  const bool idle = !arrivals_->next_timeout();
  arrivals_->on_packet(*sequence, now);
  if (idle) observer_.on_deadline_changed(spec_.key);
}

void MediaTransport::send_transport_feedback(Instant now) noexcept {
  const auto due = arrivals_ == nullptr ? std::nullopt : arrivals_->next_timeout();
  if (!due || now < *due) return;
  const Ssrc media = producers_.empty() || !producers_.front()->streams().front().receiver
                         ? Ssrc{}
                         : producers_.front()->streams().front().receiver->ssrc();
  CompoundBuffer buffer;
  RtcpBuilder compound{buffer};
  while (arrivals_->write(compound, spec_.rtcp_ssrc, media)) {
    send_rtcp(compound.bytes());
    compound = RtcpBuilder{buffer};
  }
}

// RFC 5506: a NACK or a PLI that waits for the next report is a picture that stays frozen.
void MediaTransport::send_requests(Instant now) noexcept {
  CompoundBuffer buffer;
  RtcpBuilder compound{buffer};
  const auto make_room = [&](std::size_t bytes) {
    if (kMaxCompound - compound.size() >= bytes) return;
    send_rtcp(compound.bytes());
    compound = RtcpBuilder{buffer};
  };
  for (const auto& producer : producers_) {
    do {
      make_room(RtpProducer::kMaxNackBytes);
    } while (producer->write_nack(compound, spec_.rtcp_ssrc, now));
    make_room(RtpProducer::kMaxKeyframeRequests);
    producer->write_keyframe_requests(compound, spec_.rtcp_ssrc, now);
  }
  send_rtcp(compound.bytes());
}

// With a reference time, whose answer tells the round trip: RFC 3611 section 4.4.
void MediaTransport::send_receiver_report(Instant now, WallTime wall) noexcept {
  report_blocks_.clear();
  for (const auto& producer : producers_) {
    if (report_blocks_.size() + producer->streams().size() > kMaxRtcpCount) flush_report_blocks();
    producer->append_report_blocks(report_blocks_, now);
  }
  if (report_blocks_.empty()) return;
  CompoundBuffer buffer;
  RtcpBuilder compound{buffer};
  const NtpTime time = to_ntp(wall);
  static_cast<void>(compound.add_receiver_report(spec_.rtcp_ssrc, report_blocks_));
  if (compound.add_reference_time(spec_.rtcp_ssrc, time)) round_trip_.on_sent(time, now);
  send_rtcp(compound.bytes());
}

void MediaTransport::flush_report_blocks() noexcept {
  if (report_blocks_.empty()) return;
  CompoundBuffer buffer;
  RtcpBuilder compound{buffer};
  if (compound.add_receiver_report(spec_.rtcp_ssrc, report_blocks_)) send_rtcp(compound.bytes());
  report_blocks_.clear();
}

void MediaTransport::send_sender_reports(Instant now, WallTime wall) noexcept {
  CompoundBuffer buffer;
  RtcpBuilder compound{buffer};
  for (const auto& consumer : consumers_) {
    const auto info = consumer->sender().make_sender_info(now, wall);
    if (!info) continue;
    // A report and its CNAME travel together: 28 octets and an SDES of at most 268.
    constexpr std::size_t kLongestPair = 300;
    if (kMaxCompound - compound.size() < kLongestPair) {
      send_rtcp(compound.bytes());
      compound = RtcpBuilder{buffer};
    }
    static_cast<void>(compound.add_sender_report(consumer->ssrc(), *info));
    static_cast<void>(compound.add_cname(consumer->ssrc(), consumer->cname()));
  }
  send_rtcp(compound.bytes());
}

void MediaTransport::handle_rtcp(MutableBytes datagram, Instant now) noexcept {
  ++counters_.packets_received;
  counters_.bytes_received += datagram.size();
  if (!srtp_receiver_) {
    ++counters_.dropped_before_dtls;
    return;
  }
  const auto size = srtp_receiver_->unprotect_rtcp(datagram);
  if (!size) return count_refused(size.error());
  const auto compound = RtcpCompound::parse(datagram.first(*size));
  if (!compound) {
    ++counters_.dropped_malformed;
    return;
  }
  asked_for_ = 0;
  for (const RtcpBlock& block : *compound) handle_block(block, now);
}

void MediaTransport::handle_block(const RtcpBlock& block, Instant now) noexcept {
  switch (block.type) {
    case RtcpType::sender_report:
      if (const auto report = SenderReport::parse(block)) {
        for (const auto& producer : producers_) producer->handle_sender_report(report->sender, report->info, now);
        handle_report_blocks(report->reports, now);
      }
      return;
    case RtcpType::receiver_report:
      if (const auto report = ReceiverReport::parse(block)) handle_report_blocks(report->reports, now);
      return;
    case RtcpType::bye:
      if (const auto goodbye = Goodbye::parse(block)) {
        for (const Ssrc source : goodbye->sources) {
          for (const auto& producer : producers_) producer->handle_bye(source, now);
        }
      }
      return;
    case RtcpType::transport_feedback:
    case RtcpType::payload_feedback:
      return handle_feedback(block, now);
    case RtcpType::extended_report:
      return handle_extended_report(block, now);
    case RtcpType::sdes:
    case RtcpType::app:
      return;
  }
}

void MediaTransport::handle_extended_report(const RtcpBlock& block, Instant now) noexcept {
  const auto report = ExtendedReport::parse(block);
  if (!report) return;
  for (const DelaySinceLastRr& answer : report->delays) {
    if (answer.ssrc == spec_.rtcp_ssrc) round_trip_.on_answer(answer.last_rr, answer.delay_since, now);
  }
  tell_round_trip();
}

void MediaTransport::tell_round_trip() noexcept {
  for (const auto& producer : producers_) producer->set_round_trip(round_trip_.value());
}

void MediaTransport::handle_report_blocks(const ReportBlockList& reports, Instant now) noexcept {
  std::uint8_t worst = 0;
  std::optional<Duration> round_trip;
  for (const ReportBlock& report : reports) {
    RtpConsumer* consumer = consumer_of(report.ssrc);
    if (consumer == nullptr) continue;
    consumer->sender().on_report_block(report, now);
    worst = std::max(worst, report.fraction_lost);
    round_trip = consumer->sender().round_trip_time();
  }
  if (!round_trip) return;
  round_trip_.on_sample(*round_trip);
  tell_round_trip();
  if (control_ == nullptr) return;
  control_->handle_report(worst / 256.0, *round_trip, now);
  update_sending(now);
}

void MediaTransport::handle_feedback(const RtcpBlock& block, Instant now) noexcept {
  const auto feedback = Feedback::parse(block);
  if (!feedback) {
    ++counters_.dropped_malformed;
    return;
  }
  switch (feedback->kind) {
    case FeedbackKind::pli:
      return request_keyframe(feedback->media, now);
    case FeedbackKind::fir:
      for (const FirEntry& entry : fir_entries(*feedback)) request_keyframe(entry.ssrc, now);
      return;
    case FeedbackKind::nack:
      return retransmit(*feedback, now);
    case FeedbackKind::transport_cc:
    case FeedbackKind::remb:
      return handle_bandwidth(*feedback, now);
    case FeedbackKind::unknown:
      ++counters_.feedback_ignored;
      return;
  }
}

void MediaTransport::request_keyframe(Ssrc consumer_ssrc, Instant now) noexcept {
  if (RtpConsumer* consumer = consumer_of(consumer_ssrc)) consumer->request_keyframe(now);
}

}  // namespace sluice
