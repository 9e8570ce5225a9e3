#include "generated_stream.h"

#include <algorithm>
#include <array>

namespace sluice::bench {
namespace {

constexpr std::size_t kHeaderBytes = 12;

}  // namespace

GeneratedStream::GeneratedStream(const StreamShape& shape, std::size_t queue_bytes, Instant begin)
    : shape_{shape}, queue_{std::make_shared<TapQueue>(queue_bytes)}, arrival_{begin} {}

void GeneratedStream::arrive_until(Instant moment) {
  while (arrival_ <= moment) {
    const bool last = packet_of_frame_ + 1 == shape_.packets_of_frame;
    const MutableBytes room = queue_->begin();
    if (room.empty()) {
      queue_->count_dropped();
    } else {
      write_packet(room, packet_of_frame_ == 0, last);
      queue_->end(kHeaderBytes + shape_.packet_bytes, arrival_, std::nullopt);
    }
    ++sequence_;
    ++packet_of_frame_;
    if (!last) continue;
    packet_of_frame_ = 0;
    ++frame_;
    timestamp_ += shape_.ticks;
    arrival_ += shape_.frame_interval;
  }
}

/// RFC 3550 section 5.1, RFC 7741 section 4.2 and RFC 6386 section 9.1; the rest of a payload is never looked at.
void GeneratedStream::write_packet(MutableBytes room, bool first, bool last) {
  const bool video = shape_.key_frame_interval > 0;
  std::fill_n(room.begin(), kHeaderBytes + shape_.packet_bytes, std::uint8_t{0x55});
  room[0] = 0x80;
  room[1] = static_cast<std::uint8_t>(shape_.payload_type | (video && last ? 0x80 : 0));
  room[2] = static_cast<std::uint8_t>(sequence_ >> 8);
  room[3] = static_cast<std::uint8_t>(sequence_);
  for (std::size_t i = 0; i < 4; ++i) room[4 + i] = static_cast<std::uint8_t>(timestamp_ >> (24 - 8 * i));
  auto* const payload = room.data() + kHeaderBytes;
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
