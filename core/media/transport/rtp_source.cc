#include "core/media/transport/rtp_source.h"

#include <algorithm>

#include "core/media/transport/fan_out.h"
#include "core/media/transport/rtp_consumer.h"

namespace sluice {

RtpSource::~RtpSource() {
  fan_out_.forget(*this);
  for (RtpConsumer* consumer : consumers_) consumer->source_gone();
}

void RtpSource::add(RtpConsumer& consumer) { consumers_.push_back(&consumer); }

void RtpSource::remove(RtpConsumer& consumer) noexcept { std::erase(consumers_, &consumer); }

void RtpSource::deliver(const RoutedPacket& packet, Instant now) noexcept {
  if (!consumers_.empty()) fan_out_.add(*this, packet, now);
}

void RtpSource::hand_out(std::span<const RoutedPacket* const> packets, Instant now) noexcept {
  // Consumers, their transports and keys lie far apart, and are cold after the pause between two frames. What the next
  // ones need is fetched while this one is served.
  const std::size_t count = consumers_.size();
  for (std::size_t i = 0; i < count; ++i) {
    if (i + 3 < count) consumers_[i + 3]->prefetch();
    if (i + 2 < count) consumers_[i + 2]->output().prefetch_near();
    if (i + 1 < count) consumers_[i + 1]->output().prefetch_far();
    for (const RoutedPacket* packet : packets) consumers_[i]->forward(*packet, now);
  }
}

void RtpSource::interrupt() noexcept {
  for (RtpConsumer* consumer : consumers_) consumer->interrupt();
}

}  // namespace sluice
