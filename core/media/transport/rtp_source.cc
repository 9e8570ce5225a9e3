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
  for (RtpConsumer* consumer : consumers_) {
    for (const RoutedPacket* packet : packets) consumer->forward(*packet, now);
  }
}

void RtpSource::interrupt() noexcept {
  for (RtpConsumer* consumer : consumers_) consumer->interrupt();
}

}  // namespace sluice
