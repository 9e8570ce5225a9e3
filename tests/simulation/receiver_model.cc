#include "tests/simulation/receiver_model.h"

#include <algorithm>

#include "core/media/rtp/header_extension_values.h"
#include "core/media/rtp/rtx.h"

namespace sluice::simulation {
namespace {

constexpr std::uint32_t kVideoClockRate = 90'000;
constexpr std::uint32_t kAudioClockRate = 48'000;

void earliest(std::optional<Instant>& so_far, std::optional<Instant> candidate) {
  if (candidate && (!so_far || *candidate < *so_far)) so_far = candidate;
}

}  // namespace

double ReceiverModel::Stream::completeness() const noexcept {
  if (arrivals.empty()) return 0;
  const auto span = arrivals.rbegin()->first - arrivals.begin()->first + 1;
  return static_cast<double>(arrivals.size()) / static_cast<double>(span);
}

ReceiverModel::ReceiverModel(const Config& config) : config_{config} {
  for (const StreamSpec& spec : config_.streams) {
    streams_.emplace(spec.ssrc,
                     Stream{spec, config_.nack, spec.kind == MediaKind::video ? kVideoClockRate : kAudioClockRate});
  }
}

void ReceiverModel::on_rtp(const RtpPacketView& packet, Instant now) {
  bytes_ += packet.bytes().size();
  if (packet.payload().empty()) ++padding_packets_;
  if (!next_report_) next_report_ = now + kReportInterval;
  if (const auto element = packet.extension(config_.transport_sequence_id); element) {
    if (const auto number = read_transport_sequence(*element)) feedback_.on_packet(*number, now);
  }
  if (const auto found = streams_.find(packet.ssrc()); found != streams_.end()) {
    Stream& stream = found->second;
    stream.reception.on_packet(
        {.sequence = packet.sequence(), .timestamp = packet.timestamp(), .payload_size = packet.payload().size()}, now);
    take(stream, packet, now);
  } else if (Stream* repaired = repaired_by(packet.ssrc())) {
    take_rtx(*repaired, packet, now);
  }
}

ReceiverModel::Stream* ReceiverModel::repaired_by(Ssrc rtx_ssrc) noexcept {
  for (auto& [ssrc, stream] : streams_) {
    if (stream.spec.rtx_ssrc == rtx_ssrc) return &stream;
  }
  return nullptr;
}

void ReceiverModel::take_rtx(Stream& stream, const RtpPacketView& packet, Instant now) {
  std::vector<std::uint8_t> bytes{packet.bytes().begin(), packet.bytes().end()};
  const auto original = restore_from_rtx(bytes, {.ssrc = stream.spec.ssrc, .payload_type = stream.spec.payload_type});
  const auto view = original ? RtpPacketView::parse(*original) : RtpError::bad_rtx;
  if (!view) return;  // a probe
  ++stream.repaired;
  take(stream, *view, now);
}

void ReceiverModel::take(Stream& stream, const RtpPacketView& packet, Instant now) {
  const std::int64_t position = stream.unwrapper.unwrap(packet.sequence());
  if (!stream.arrivals.emplace(position, now).second) {
    ++stream.duplicates;
    return;
  }
  if (const auto stamp = read_stamp(packet.payload())) stream.sent.emplace(position, stamp->sent);
  if (stream.spec.nack) stream.missing.on_packet(position, now);
  if (stream.spec.kind != MediaKind::video) return;
  stream.picture.on_packet(position, packet, now);
  // What a key frame has replaced is of no use any more.
  stream.missing.forget_before(stream.picture.next_position());
}

void ReceiverModel::on_sender_report(Ssrc ssrc, const SenderInfo& info, Instant now) {
  if (const auto found = streams_.find(ssrc); found != streams_.end())
    found->second.reception.on_sender_report(info, now);
}

bool ReceiverModel::poll_rtcp(RtcpBuilder& out, Instant now) {
  const auto feedback_due = feedback_.next_timeout();
  if (feedback_due && now >= *feedback_due && !streams_.empty()) {
    if (feedback_.write(out, config_.own_ssrc, streams_.begin()->first)) return true;
  }
  for (auto& [ssrc, stream] : streams_) {
    add_nacks(stream, out, now);
    add_pli(stream, out, now);
  }
  if (next_report_ && now >= *next_report_) add_report(out, now);
  return !out.empty();
}

void ReceiverModel::add_nacks(Stream& stream, RtcpBuilder& out, Instant now) const {
  std::vector<RtpSequence> lost;
  for (const std::int64_t position : stream.missing.take_due(now)) {
    lost.emplace_back(static_cast<std::uint16_t>(position));
  }
  if (!lost.empty()) static_cast<void>(out.add_nack(config_.own_ssrc, stream.spec.ssrc, lost));
}

std::optional<Instant> ReceiverModel::pli_due(const Stream& stream) const noexcept {
  const auto stuck = stream.picture.stuck_since();
  if (!stuck) return std::nullopt;
  return std::max(*stuck + config_.picture_timeout, stream.next_pli.value_or(Instant::min()));
}

void ReceiverModel::add_pli(Stream& stream, RtcpBuilder& out, Instant now) const {
  const auto due = pli_due(stream);
  if (!due || now < *due) return;
  stream.next_pli = now + config_.picture_timeout;
  ++stream.plis;
  static_cast<void>(out.add_pli(config_.own_ssrc, stream.spec.ssrc));
}

void ReceiverModel::add_report(RtcpBuilder& out, Instant now) {
  next_report_ = now + kReportInterval;
  std::vector<ReportBlock> blocks;
  for (auto& [ssrc, stream] : streams_) {
    if (const auto block = stream.reception.make_report_block(now)) blocks.push_back(*block);
  }
  static_cast<void>(out.add_receiver_report(config_.own_ssrc, blocks));
}

std::optional<Instant> ReceiverModel::next_timeout() const {
  std::optional<Instant> next = feedback_.next_timeout();
  earliest(next, next_report_);
  for (const auto& [ssrc, stream] : streams_) {
    earliest(next, stream.missing.next_timeout());
    earliest(next, pli_due(stream));
  }
  return next;
}

}  // namespace sluice::simulation
