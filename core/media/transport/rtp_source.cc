#include "core/media/transport/rtp_source.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "core/media/transport/fan_out.h"
#include "core/media/transport/rtp_consumer.h"

namespace sluice {

namespace {

constexpr Duration kReleaseInterval = std::chrono::seconds{1};

}  // namespace

RtpSource::~RtpSource() {
  fan_out_.forget(*this);
  for (RtpConsumer* consumer : consumers_) consumer->source_gone();
}

void RtpSource::add(RtpConsumer& consumer) {
  enlist(consumer);
  if (!consumer.may_ask_again() || askers_++ > 0) return;
  histories_.assign(encodings_,
                    PacketHistory{kind_ == MediaKind::video ? PacketHistory::kVideo : PacketHistory::kAudio});
}

void RtpSource::remove(RtpConsumer& consumer) noexcept {
  const bool asker = strike(consumer) && consumer.may_ask_again();
  if (asker && --askers_ == 0) histories_ = {};
}

void RtpSource::enlist(RtpConsumer& consumer) {
  const std::size_t position = consumer.insists() ? insisting_++ : consumers_.size();
  consumers_.insert(consumers_.begin() + static_cast<std::ptrdiff_t>(position), &consumer);
  count_takers();
}

bool RtpSource::strike(RtpConsumer& consumer) noexcept {
  const auto found = std::ranges::find(consumers_, &consumer);
  if (found == consumers_.end()) return false;
  if (static_cast<std::size_t>(found - consumers_.begin()) < insisting_) --insisting_;
  consumers_.erase(found);
  count_takers();
  return true;
}

void RtpSource::insistence_changed(RtpConsumer& consumer, Instant now) {
  strike(consumer);
  enlist(consumer);
  if (!held_back_) return;
  consumer.interrupt();
  if (consumer.insists()) consumer.output_ready(now);
}

void RtpSource::hold_back(bool held, Instant now) noexcept {
  if (held_back_ == held) return;
  held_back_ = held;
  count_takers();
  if (held && takers_ == 0) forget_packets();
  for (std::size_t i = insisting_; i < consumers_.size(); ++i) {
    consumers_[i]->interrupt();
    if (!held) consumers_[i]->output_ready(now);
  }
}

void RtpSource::keep(const RoutedPacket& packet, Instant now) noexcept {
  if (packet.encoding >= histories_.size()) return;
  histories_[packet.encoding].store(
      packet.rtp.bytes(), packet.rtp.sequence(),
      {.layers = packet.layers, .clock_rate = packet.clock_rate, .payload_type = packet.payload_type}, now);
  release_idle(now);
}

std::optional<RoutedPacket> RtpSource::find_packet(std::uint8_t encoding, RtpSequence sequence,
                                                   Instant now) const noexcept {
  if (encoding >= histories_.size()) return std::nullopt;
  const auto found = histories_[encoding].find(sequence, now);
  const auto rtp = found ? RtpPacketView::parse(found->packet) : RtpError::truncated;
  if (!rtp) return std::nullopt;
  RoutedPacket packet{.rtp = *rtp,
                      .encoding = encoding,
                      .payload_type = found->label.payload_type,
                      .clock_rate = found->label.clock_rate,
                      .layers = found->label.layers,
                      .sender_clock = sender_clock(encoding)};
  packet.take_extensions(mapping());
  return packet;
}

void RtpSource::set_run(std::uint8_t encoding, std::uint8_t run) noexcept {
  if (std::exchange(runs_[encoding % runs_.size()], run) == run) return;
  set_sender_clock(encoding, std::nullopt);
  if (encoding < histories_.size()) histories_[encoding].clear();
}

void RtpSource::release_idle(Instant now) noexcept {
  if (now < next_release_) return;
  next_release_ = now + kReleaseInterval;
  for (PacketHistory& history : histories_) history.release_if_idle(now);
}

void RtpSource::forget_packets() noexcept {
  for (PacketHistory& history : histories_) history.release();
  if (rates_ != nullptr) rates_->clear();
}

void RtpSource::deliver(const RoutedPacket& packet, Instant now) noexcept {
  if (takers_ == 0) return;
  const bool media = !packet.rtp.payload().empty();
  if (media && !histories_.empty()) keep(packet, now);
  if (media && rates_ != nullptr) measure(packet, now);
  fan_out_.add(*this, packet, now);
}

void RtpSource::hand_out(std::span<const RoutedPacket* const> packets, Instant now) noexcept {
  // Consumers, their transports and keys lie far apart, and are cold after the pause between two frames. What the next
  // ones need is fetched while this one is served.
  const std::size_t count = takers_;
  for (std::size_t i = 0; i < count; ++i) {
    if (i + 3 < count) consumers_[i + 3]->prefetch();
    if (i + 2 < count) consumers_[i + 2]->output().prefetch_near();
    if (i + 1 < count) consumers_[i + 1]->output().prefetch_far();
    for (const RoutedPacket* packet : packets) consumers_[i]->forward(*packet, now);
  }
}

std::span<const LayerRate> RtpSource::layer_rates(Instant now) {
  if (rates_ == nullptr) rates_ = std::make_unique<LayerRates>();
  return rates_->rates(now);
}

void RtpSource::measure(const RoutedPacket& packet, Instant now) noexcept {
  const bool simulcast = encodings_ > 1;
  const LayerPosition position{.spatial = simulcast ? packet.encoding : packet.layers.spatial,
                               .temporal = packet.layers.temporal};
  const bool upwards = !simulcast && packet.layers.used_by_upper_spatial;
  rates_->on_packet(position, upwards ? LayerUse::upwards : LayerUse::own, packet.rtp.bytes().size(), now);
}

void RtpSource::interrupt() noexcept {
  for (RtpConsumer* consumer : consumers_) consumer->interrupt();
}

}  // namespace sluice
