#include "core/media/transport/rtp_consumer.h"

#include <algorithm>
#include <utility>

#include "core/base/prefetch.h"
#include "core/media/transport/outgoing_packet.h"
#include "core/media/transport/rtp_source.h"

namespace sluice {

namespace {

/// RFC 3550 section 5.1: one octet counts them.
constexpr std::size_t kMaxPadding = 255;
constexpr Duration kMediaRateWindow = std::chrono::milliseconds{500};

}  // namespace

RtpConsumer::RtpConsumer(Spec spec, RtpOutput& output)
    : spec_{std::move(spec)},
      output_{output},
      rewriter_{spec_.first},
      sender_{spec_.mapping.streams.front().ssrc, spec_.clock_rate},
      rtx_sequence_{spec_.first.sequence} {
  OutgoingPacket::prepare(spec_.mapping);
  set_preferred(spec_.preferred);
}

RtpConsumer::~RtpConsumer() {
  if (source_ != nullptr) source_->remove(*this);
}

void RtpConsumer::detach() noexcept {
  if (source_ != nullptr) std::exchange(source_, nullptr)->remove(*this);
  rewriter_.begin_run(SequenceRewriter::Clock::another);
  rewriter_.forget();
  selector_.reset(1);
}

void RtpConsumer::attach(RtpSource& source, Instant now) noexcept {
  detach();
  source_ = &source;
  media_rate_.sample(sender_.octets(), now);
  selector_.reset(source.encodings());
  source.add(*this);
  ask_source(now);
}

void RtpConsumer::prefetch() const noexcept {
  sluice::prefetch(&spec_);
  sluice::prefetch(&spec_.mapping.codecs[ortc::kFirstDynamicPayloadType], kCacheLine);
  sluice::prefetch(spec_.mapping.extensions.data());
  sluice::prefetch(&spec_.mapping.extension_map, sizeof spec_.mapping.extension_map);
  sluice::prefetch(&selector_, sizeof selector_ + sizeof rewriter_ + sizeof sender_);
}

void RtpConsumer::forward(const RoutedPacket& packet, Instant now) noexcept {
  if (spec_.paused) return;
  follow_run(packet);
  const RtpSequence sequence = packet.rtp.sequence();
  const bool negotiated = spec_.mapping.codecs[packet.payload_type].payload_type != ortc::kNoPayloadType;
  if (rewriter_.is_behind(packet.encoding, sequence)) {
    if (negotiated) forward_late(packet, now);
    return;
  }
  const bool starts = selector_.needs_keyframe();
  if (!negotiated || packet.rtp.payload().empty() || !chooses(packet, now)) {
    return rewriter_.drop(packet.encoding, sequence, packet.layers.pictures);
  }
  if (!send_next(packet, now) && starts) selector_.restart();
}

bool RtpConsumer::send_next(const RoutedPacket& packet, Instant now) noexcept {
  const MutableBytes buffer = output_.begin_rtp();
  if (buffer.empty()) return false;
  const bool video = spec_.kind == MediaKind::video;
  const SequenceRewriter::Run& run = rewriter_.next({.numbers = {packet.rtp.sequence(), packet.rtp.timestamp()},
                                                     .clock_rate = packet.clock_rate,
                                                     .encoding = packet.encoding,
                                                     .position = video ? selector_.position() : kEveryLayer,
                                                     .pictures = packet.layers.pictures},
                                                    now);
  OutgoingPacket out{spec_.mapping, output_, now};
  if (!output_.end_rtp(out.write(buffer, packet, run), video ? PacePriority::video : PacePriority::audio, now)) {
    return false;
  }
  if (packet.clock_rate != sender_.clock_rate()) sender_.set_clock_rate(packet.clock_rate);
  count(packet, run, now);
  return true;
}

void RtpConsumer::count(const RoutedPacket& packet, const SequenceRewriter::Run& run, Instant now) noexcept {
  const auto numbers = run.apply({packet.rtp.sequence(), packet.rtp.timestamp()});
  sender_.on_packet_sent(numbers.timestamp, OutgoingPacket::payload_of(spec_.mapping, packet).size(), now);
}

// Its number was kept for it. What was chosen at its time goes for it now; where it is not wanted, padding takes its
// number, as the receiver would ask for it again and again.
void RtpConsumer::forward_late(const RoutedPacket& packet, Instant now) noexcept {
  const SequenceRewriter::Run* run = rewriter_.find(packet.encoding, packet.rtp.sequence());
  if (run == nullptr) return;
  const MutableBytes buffer = output_.begin_rtp();
  if (buffer.empty()) return;
  OutgoingPacket out{spec_.mapping, output_, now};
  const bool wanted = !packet.rtp.payload().empty() && LayerSelector::fits(packet.layers, run->position);
  const std::size_t size = wanted ? out.write(buffer, packet, *run) : out.write_filler(buffer, packet, *run);
  const auto priority = spec_.kind == MediaKind::audio ? PacePriority::audio : PacePriority::video;
  if (output_.end_rtp(size, priority, now) && wanted) count(packet, *run, now);
}

DataRate RtpConsumer::media_rate(Instant now) noexcept {
  media_rate_.sample_at_most_every(kMediaRateWindow, sender_.octets(), now);
  return media_rate_.rate();
}

bool RtpConsumer::retransmit(RtpSequence sequence, Duration round_trip, Instant now) {
  if (!spec_.mapping.feedback.nack || source_ == nullptr || spec_.paused) return false;
  const bool sent = rtx_ssrc() ? retransmit_as_rtx(sequence, round_trip, now) : resend(sequence, round_trip, now);
  if (sent) ++retransmitted_;
  return sent;
}

bool RtpConsumer::resend(RtpSequence sequence, Duration round_trip, Instant now) {
  if (copies_ == nullptr) copies_ = std::make_unique<SentCopies>(spec_.kind, now);
  const auto datagram = copies_->find(sequence, now);
  if (!datagram) return false;
  const RetransmissionGuard::Request request{.sequence = sequence, .bytes = datagram->size()};
  if (!guard_.allow(request, {.round_trip = round_trip, .media = media_rate(now)}, now)) return false;
  return output_.resend(*datagram, now);
}

void RtpConsumer::keep_copy(Bytes datagram, RtpSequence sequence, Instant now) {
  if (copies_ != nullptr) copies_->store(datagram, sequence, now);
}

void RtpConsumer::release_copies(Instant now) noexcept {
  if (copies_ != nullptr && copies_->unasked(now)) copies_.reset();
}

bool RtpConsumer::retransmit_as_rtx(RtpSequence sequence, Duration round_trip, Instant now) {
  const auto origin = rewriter_.origin_of(sequence);
  if (!origin) return false;
  // A receiver goes on with the key frame of the other encoding; what it lacks before that only delays it.
  if (!selector_.sends(origin->run.encoding)) return false;
  const auto packet = source_->find_packet(origin->run.encoding, origin->sequence, now);
  if (!packet) return false;
  const ortc::ConsumerMapping::Codec& codec = spec_.mapping.codecs[packet->payload_type];
  if (codec.rtx_payload_type == ortc::kNoPayloadType) return false;
  const auto wanted = LayerSelector::fits(packet->layers, origin->run.position) ? OutgoingPacket::Content::media
                                                                                : OutgoingPacket::Content::nothing;
  const RetransmissionGuard::Request request{.sequence = sequence, .bytes = packet->rtp.bytes().size()};
  if (!guard_.allow(request, {.round_trip = round_trip, .media = media_rate(now)}, now)) return false;
  const MutableBytes buffer = output_.begin_rtp();
  if (buffer.empty()) return false;

  OutgoingPacket out{spec_.mapping, output_, now};
  const std::size_t size = out.write_rtx(buffer, *packet, origin->run, rtx_sequence_, wanted);
  if (!output_.end_rtp(size, PacePriority::retransmission, now)) return false;
  rtx_sequence_ = advance(rtx_sequence_, 1);
  return true;
}

bool RtpConsumer::send_padding(std::size_t bytes, Instant now) noexcept {
  const auto timestamp = sender_.newest_timestamp();
  if (!rtx_ssrc() || !timestamp) return false;
  const auto codec = std::ranges::find_if(spec_.mapping.codecs, [](const ortc::ConsumerMapping::Codec& candidate) {
    return candidate.rtx_payload_type != ortc::kNoPayloadType;
  });
  if (codec == spec_.mapping.codecs.end()) return false;
  const MutableBytes buffer = output_.begin_rtp();
  if (buffer.empty()) return false;

  OutgoingPacket out{spec_.mapping, output_, now};
  const RtxHeader rtx{
      .ssrc = *rtx_ssrc(), .payload_type = PayloadType{codec->rtx_payload_type}, .sequence = rtx_sequence_};
  const auto padding = static_cast<std::uint8_t>(std::clamp<std::size_t>(bytes, 1, kMaxPadding));
  if (!output_.end_rtp(out.write_padding(buffer, rtx, *timestamp, padding), PacePriority::padding, now)) return false;
  rtx_sequence_ = advance(rtx_sequence_, 1);
  return true;
}

// The sender of an encoding has started over, with other numbers and another clock; maybe while nothing came here.
void RtpConsumer::follow_run(const RoutedPacket& packet) noexcept {
  if (std::exchange(runs_[packet.encoding % runs_.size()], packet.run) == packet.run) return;
  rewriter_.forget(packet.encoding);
  if (!selector_.sends(packet.encoding)) return;
  rewriter_.begin_run(SequenceRewriter::Clock::another);
  if (spec_.kind == MediaKind::video) selector_.restart();
}

bool RtpConsumer::chooses(const RoutedPacket& packet, Instant now) noexcept {
  if (spec_.kind == MediaKind::audio) return true;
  const std::uint8_t before = selector_.encoding();
  const LayerSelector::Choice choice = selector_.choose(packet.encoding, packet.layers, packet.rtp.timestamp(), now);
  if (choice.keyframe_of && source_ != nullptr) source_->request_keyframe(*choice.keyframe_of, now);
  if (choice.begins_encoding) change_encoding(before, packet);
  return choice.forward;
}

void RtpConsumer::change_encoding(std::uint8_t before, const RoutedPacket& packet) noexcept {
  const auto old_clock = source_ == nullptr ? std::nullopt : source_->sender_clock(before);
  if (!old_clock || !packet.sender_clock) return rewriter_.change_encoding(std::nullopt);
  rewriter_.change_encoding(ticks_ahead(*old_clock, *packet.sender_clock, packet.clock_rate));
}

// Of a source that sends nothing yet, or again, the least is taken until its rates are known.
void RtpConsumer::set_share(const AllocationResult& share) noexcept {
  const bool unknown = !share.layer && share.reason == AllocationReason::source;
  const auto target = unknown ? LayerPosition{.spatial = 0, .temporal = kEveryLayer.temporal} : share.layer;
  const bool changed = !share_ || share_->layer != share.layer || share_->reason != share.reason;
  share_ = share;
  if (changed) set_target(target);
}

void RtpConsumer::set_target(std::optional<LayerPosition> target) noexcept {
  selector_.set_target(target);
  if (!target) rewriter_.begin_run(SequenceRewriter::Clock::continues);
}

void RtpConsumer::set_preferred(std::optional<LayerPosition> most) noexcept {
  spec_.preferred = most;
  selector_.set_limit(most.value_or(kEveryLayer));
}

void RtpConsumer::interrupt() noexcept {
  rewriter_.begin_run(SequenceRewriter::Clock::continues);
  selector_.restart();
}

void RtpConsumer::break_off() noexcept {
  rewriter_.skip_number();
  interrupt();
}

// What the source has heard may be of a later numbering than the packets that wait for the end of the batch.
std::optional<SenderClock> RtpConsumer::sender_clock() const noexcept {
  const std::uint8_t encoding = rewriter_.encoding();
  if (source_ == nullptr || source_->run_of(encoding) != runs_[encoding % runs_.size()]) return std::nullopt;
  auto clock = source_->sender_clock(encoding);
  if (clock) clock->rtp = RtpTimestamp{clock->rtp.value() + rewriter_.clock_offset()};
  return clock;
}

void RtpConsumer::set_paused(bool paused, Instant now) noexcept {
  if (spec_.paused == paused) return;
  spec_.paused = paused;
  interrupt();
  ask_source(now);
}

void RtpConsumer::set_insists(bool insists, Instant now) {
  if (spec_.insists == insists) return;
  spec_.insists = insists;
  if (source_ != nullptr) source_->insistence_changed(*this, now);
}

bool RtpConsumer::held_back() const noexcept { return source_ != nullptr && source_->held_back() && !spec_.insists; }

void RtpConsumer::request_keyframe(Instant now) noexcept {
  ++keyframe_requests_;
  ask_source(now);
}

void RtpConsumer::output_ready(Instant now) noexcept {
  if (selector_.needs_keyframe()) ask_source(now);
}

// Of what would not be sent, no key frame is needed.
void RtpConsumer::ask_source(Instant now) noexcept {
  if (source_ == nullptr || spec_.kind == MediaKind::audio || spec_.paused || held_back()) return;
  source_->request_keyframe(selector_.encoding_to_ask(now), now);
}

}  // namespace sluice
