#include "tests/load/paced_stream.h"

#include <array>
#include <chrono>

#include "core/media/rtp/header_extension_values.h"
#include "core/media/rtp/sequence_number.h"
#include "tests/load/test_payload.h"

namespace sluice::load {
namespace {

using namespace std::chrono_literals;

constexpr Duration kGiveUpLag = 1s;
constexpr std::uint32_t kVideoClock = 90'000;
constexpr std::uint32_t kAudioClock = 48'000;

std::int64_t monotonic_ns() noexcept { return std::chrono::steady_clock::now().time_since_epoch() / 1ns; }

}  // namespace

PacedStream::PacedStream(const OutgoingStream& order) : order_{order}, payload_(order.shape.payload_size) {
  write_filler(payload_, order_.source->id());
}

std::uint32_t PacedStream::clock_rate() const noexcept {
  return order_.source->kind() == MediaKind::video ? kVideoClock : kAudioClock;
}

void PacedStream::send_due(simulation::RtcPeer& peer, const MeasuredWindow& window, Instant now) {
  const Duration interval = Duration{1s} / order_.shape.bursts_per_second;
  if (now > next_burst_ + kGiveUpLag) next_burst_ = now;
  for (; next_burst_ <= now; next_burst_ += interval) send_burst(peer, window);
}

void PacedStream::send_burst(simulation::RtcPeer& peer, const MeasuredWindow& window) {
  const std::uint32_t count = order_.shape.packets_in_burst(bursts_++);
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::int64_t sent = monotonic_ns();
    write_stamp(payload_, {.source = order_.source->id(), .number = packets_, .sent_ns = sent});
    // Noted before it leaves: another thread may receive it at once.
    order_.source->note_sent(packets_, sent, window);
    if (!send_packet(peer, i == 0, i + 1 == count)) ++refused_;
    ++packets_;
  }
  wants_key_frame_ = false;
  picture_ = static_cast<std::uint16_t>((picture_ + 1) & 0x7fff);
  timestamp_ = advance(timestamp_, clock_rate() / order_.shape.bursts_per_second);
}

bool PacedStream::send_packet(simulation::RtcPeer& peer, bool first, bool last) {
  const bool video = order_.source->kind() == MediaKind::video;
  if (video) {
    write_vp8_header(payload_, {.picture_id = picture_, .key_frame = wants_key_frame_, .first_of_frame = first});
  } else {
    write_opus_header(payload_);
  }
  std::array<ExtensionElement, 2> extensions;
  std::size_t count = 0;
  if (order_.mid && order_.mid_extension != 0) {
    extensions[count++] = {.id = order_.mid_extension, .data = element_data(*order_.mid)};
  }
  if (order_.rid && order_.rid_extension != 0) {
    extensions[count++] = {.id = order_.rid_extension, .data = element_data(*order_.rid)};
  }
  const RtpHeader header{.marker = video && last,
                         .payload_type = order_.payload_type,
                         .sequence = RtpSequence{static_cast<std::uint16_t>(packets_)},
                         .timestamp = timestamp_,
                         .ssrc = order_.ssrc};
  return peer.send_rtp(header, std::span{extensions}.first(count), payload_);
}

void PacedStream::add_sender_report(RtcpBuilder& compound, WallTime wall, Instant now) const {
  if (packets_ == 0) return;
  const Duration interval = Duration{1s} / order_.shape.bursts_per_second;
  const std::int64_t ahead = to_rtp_ticks(now - (next_burst_ - interval), clock_rate()) -
                             static_cast<std::int64_t>(clock_rate() / order_.shape.bursts_per_second);
  static_cast<void>(
      compound.add_sender_report(order_.ssrc, {.ntp = to_ntp(wall),
                                               .rtp_timestamp = advance(timestamp_, ahead),
                                               .packets = static_cast<std::uint32_t>(packets_),
                                               .octets = static_cast<std::uint32_t>(packets_ * payload_.size())}));
}

}  // namespace sluice::load
