// What a transport sends under congestion control: when packets leave, what fills a probe, and each consumer's share.

#include <algorithm>

#include "core/base/copy_bytes.h"
#include "core/media/bwe/remb_reader.h"
#include "core/media/rtp/rtp_packet.h"
#include "core/media/transport/media_transport.h"
#include "core/media/transport/rtp_source.h"

namespace sluice {

namespace {

/// An extension element of `packet`, to be written anew; empty where it is not there.
MutableBytes element_of(MutableBytes packet, std::uint8_t id) noexcept {
  const auto view = RtpPacketView::parse(packet);
  const auto element = view && id != ortc::kNoExtension ? view->extension(id) : std::nullopt;
  if (!element) return {};
  return packet.subspan(static_cast<std::size_t>(element->data() - packet.data()), element->size());
}

bool wants_share(const RtpConsumer& consumer) noexcept {
  return consumer.kind() == MediaKind::video && !consumer.paused() && consumer.source() != nullptr &&
         !consumer.held_back();
}

AllocationResult share_of(const RtpConsumer& consumer) noexcept {
  return consumer.share().value_or(AllocationResult{});
}

bool is_new(const RtpConsumer& consumer) noexcept {
  const AllocationResult share = share_of(consumer);
  return !share.layer && share.reason == AllocationReason::source;
}

}  // namespace

// All media of one transport shares its path and its numbers: what one consumer negotiated holds for it (RFC 8843).
void MediaTransport::learn_send_control(const ortc::ConsumerMapping& mapping, Instant now) {
  const auto number = mapping.extension_map.id_of(HeaderExtension::transport_sequence_number);
  if (!mapping.feedback.transport_cc && !mapping.feedback.remb) return;
  if (number) sent_sequence_id_ = *number;
  if (const auto time = mapping.extension_map.id_of(HeaderExtension::abs_send_time)) sent_time_id_ = *time;
  if (control_ == nullptr) control_ = std::make_unique<SendControl>(send_shared_, now);
}

bool MediaTransport::hold_back(Bytes packet, PacePriority priority, Instant now) noexcept {
  const bool first = !control_->holds_packets();
  const bool held = control_->push(priority, packet, now);
  cancel_rtp();
  if (first && held) observer_.on_deadline_changed(spec_.key);
  return held;
}

// What has waited gets the numbers of the moment at which it leaves.
void MediaTransport::release_held(Instant now) noexcept {
  if (!srtp_sender_ || path_state_ != PathState::ready) return control_->clear();
  while (const auto packet = control_->poll(now)) {
    const auto view = RtpPacketView::parse(*packet);
    if (!view || !senders_.contains(view->ssrc())) continue;  // its consumer was removed meanwhile
    const MutableBytes buffer = path_.acquire();
    copy_bytes(*packet, buffer);
    const auto number = renumber(buffer.first(packet->size()), now);
    const auto size = srtp_sender_->protect_rtp(buffer, packet->size());
    if (keeps_copies_ && size) keep_copy(buffer.first(*size), now);
    path_.commit(size.value_or(std::size_t{0}));
    if (!size) continue;
    count_sent(*size);
    control_->on_released(number, *size, now);
  }
  fill_probe(now);
}

std::optional<TransportSequence> MediaTransport::renumber(MutableBytes packet, Instant now) noexcept {
  const MutableBytes time = element_of(packet, sent_time_id_);
  const auto sent_at = write_abs_send_time(to_abs_send_time(now));
  if (time.size() == sent_at.size()) copy_bytes(sent_at, time);
  const MutableBytes number = element_of(packet, sent_sequence_id_);
  const TransportSequence next{transport_sequence_};
  const auto written = write_transport_sequence(next);
  if (number.size() != written.size()) return std::nullopt;
  copy_bytes(written, number);
  ++transport_sequence_;
  return next;
}

std::optional<SendControl::Stats> MediaTransport::send_stats() const noexcept {
  return control_ == nullptr ? std::nullopt : std::optional{control_->stats()};
}

// RFC 4588 section 4: what comes twice, or says nothing, harms nobody. Without RTX a probe makes do with media.
void MediaTransport::fill_probe(Instant now) noexcept {
  for (std::size_t due = control_->padding_due(now); due > 0; due = control_->padding_due(now)) {
    const bool filled = std::ranges::any_of(
        consumers_, [&](const auto& consumer) { return wants_share(*consumer) && consumer->send_padding(due, now); });
    if (!filled) return;
  }
}

void MediaTransport::share_bandwidth(Instant now) {
  std::vector<AllocationRequest>& requests = control_->new_requests();
  for (const auto& consumer : consumers_) {
    if (!wants_share(*consumer)) continue;
    requests.push_back({.priority = consumer->priority(),
                        .layers = consumer->source()->layer_rates(now),
                        .limit = consumer->preferred(),
                        .current = share_of(*consumer).layer,
                        .is_new = is_new(*consumer)});
  }
  const std::span<const AllocationResult> results = control_->share(now);
  std::size_t next = 0;
  for (const auto& consumer : consumers_) {
    if (wants_share(*consumer)) consumer->set_share(results[next++]);
  }
}

void MediaTransport::handle_bandwidth(const Feedback& feedback, Instant now) {
  if (control_ == nullptr) {
    ++counters_.feedback_ignored;
    return;
  }
  if (feedback.kind == FeedbackKind::transport_cc) {
    control_->handle_transport_feedback(feedback.fci, now);
  } else if (const auto rate = read_remb(feedback.fci)) {
    control_->handle_remb(*rate, now);
  }
  update_sending(now);
}

void MediaTransport::share_again(Instant now) {
  if (control_ == nullptr) return;
  control_->share_soon(now);
  observer_.on_deadline_changed(spec_.key);
}

// After anything that may have changed the estimate, and when something is due.
void MediaTransport::update_sending(Instant now) {
  if (control_ == nullptr) return;
  if (control_->share_due(now)) share_bandwidth(now);
  release_held(now);
  observer_.on_deadline_changed(spec_.key);
}

}  // namespace sluice
