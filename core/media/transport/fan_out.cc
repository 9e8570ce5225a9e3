#include "core/media/transport/fan_out.h"

#include <utility>

#include "core/media/transport/equal_sizes.h"
#include "core/media/transport/rtp_source.h"

namespace sluice {

void FanOut::add(RtpSource& source, const RoutedPacket& packet, Instant now) noexcept {
  if (depth_ == 0) {
    const RoutedPacket* const one = &packet;
    return source.hand_out({&one, 1}, now);
  }
  if (packets_.size() == kMaxPackets) hand_out(now);
  packets_.push_back({&source, packet});
}

void FanOut::hand_out(Instant now) noexcept {
  for (std::size_t i = 0; i < packets_.size(); ++i) {
    RtpSource* source = packets_[i].source;
    if (source == nullptr) continue;
    const std::span<RoutedPacket* const> packets = take_all_of(source, i);
    if (source->kind() == MediaKind::video) equalise_sizes(packets);
    source->hand_out({packets.data(), packets.size()}, now);
  }
  packets_.clear();
}

std::span<RoutedPacket* const> FanOut::take_all_of(RtpSource* source, std::size_t first) noexcept {
  std::size_t count = 0;
  for (std::size_t i = first; i < packets_.size(); ++i) {
    if (packets_[i].source != source) continue;
    packets_[i].source = nullptr;
    of_source_[count++] = &packets_[i].packet;
  }
  return {of_source_.data(), count};
}

void FanOut::forget(const RtpSource& source) noexcept {
  for (Waiting& waiting : packets_) {
    if (waiting.source == &source) waiting.source = nullptr;
  }
}

}  // namespace sluice
