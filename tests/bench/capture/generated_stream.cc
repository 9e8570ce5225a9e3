#include "generated_stream.h"

#include <algorithm>
#include <array>

namespace sluice::bench {
namespace {

constexpr std::size_t kHeaderBytes = 12;

}  // namespace

GeneratedStream::GeneratedStream(const StreamShape& shape, Instant begin)
    : shape_{shape}, arrival_{begin}, until_{begin}, packet_(kHeaderBytes + shape.packet_bytes, 0x55) {}

std::optional<TappedPacket> GeneratedStream::next() {
  if (arrival_ > until_) return std::nullopt;
  const Instant arrival = arrival_;
  const bool last = packet_of_frame_ + 1 == shape_.packets_of_frame;
  begin_packet(packet_of_frame_ == 0, last);
  ++packet_of_frame_;
  if (last) {
    packet_of_frame_ = 0;
    ++frame_;
    timestamp_ += shape_.ticks;
    arrival_ += shape_.frame_interval;
  }
  return TappedPacket{.rtp = packet_, .arrival = arrival};
}

/// RFC 3550 section 5.1, RFC 7741 section 4.2 and RFC 6386 section 9.1; the rest of a payload is never looked at.
void GeneratedStream::begin_packet(bool first, bool last) {
  const bool video = shape_.key_frame_interval > 0;
  packet_[0] = 0x80;
  packet_[1] = static_cast<std::uint8_t>(shape_.payload_type | (video && last ? 0x80 : 0));
  packet_[2] = static_cast<std::uint8_t>(sequence_ >> 8);
  packet_[3] = static_cast<std::uint8_t>(sequence_++);
  for (std::size_t i = 0; i < 4; ++i) packet_[4 + i] = static_cast<std::uint8_t>(timestamp_ >> (24 - 8 * i));
  auto* const payload = packet_.data() + kHeaderBytes;
  if (!video) {
    payload[0] = 0x78;  // RFC 6716 section 3.1: 20 ms, one frame
    return;
  }
  payload[0] = first ? 0x10 : 0x00;
  if (!first) return;
  const bool key_frame = frame_ % shape_.key_frame_interval == 0;
  constexpr std::array<std::uint8_t, 10> kKeyFrame{0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a, 0x00, 0x05, 0xd0, 0x02};
  payload[1] = key_frame ? kKeyFrame[0] : kKeyFrame[0] | 1;
  std::copy(kKeyFrame.begin() + 1, kKeyFrame.end(), payload + 2);
}

}  // namespace sluice::bench
