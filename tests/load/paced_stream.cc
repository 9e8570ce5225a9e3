#include "tests/load/paced_stream.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "core/media/rtp/header_extension_values.h"
#include "core/media/rtp/sequence_number.h"
#include "tests/load/test_payload.h"

namespace sluice::load {
namespace {

using namespace std::chrono_literals;

constexpr Duration kGiveUpLag = 1s;
constexpr std::size_t kLongestRecorded = 1400;
constexpr std::uint32_t kVideoClock = 90'000;
constexpr std::uint32_t kAudioClock = 48'000;

std::int64_t monotonic_ns() noexcept { return std::chrono::steady_clock::now().time_since_epoch() / 1ns; }

}  // namespace

PacedStream::PacedStream(const OutgoingStream& order)
    : order_{order}, payload_(order.recording != nullptr ? kLongestRecorded : order.shape.payload_size) {
  write_filler(payload_, order_.source->id());
}

std::uint32_t PacedStream::clock_rate() const noexcept {
  return order_.source->kind() == MediaKind::video ? kVideoClock : kAudioClock;
}

Duration PacedStream::interval() const noexcept {
  if (order_.recording == nullptr) return Duration{1s} / order_.shape.bursts_per_second;
  const auto& frames = order_.recording->frames;
  return frames[(frame_ + frames.size() - 1) % frames.size()].until_next;
}

void PacedStream::send_due(simulation::RtcPeer& peer, const MeasuredWindow& window, Instant now) {
  if (now > next_burst_ + kGiveUpLag) next_burst_ = now;
  while (next_burst_ <= now) {
    order_.recording != nullptr ? send_frame(peer, window) : send_burst(peer, window);
    next_burst_ += interval();
    timestamp_ = advance(timestamp_, to_rtp_ticks(interval(), clock_rate()));
  }
}

void PacedStream::send_burst(simulation::RtcPeer& peer, const MeasuredWindow& window) {
  const bool video = order_.source->kind() == MediaKind::video;
  const std::uint32_t count = order_.shape.packets_in_burst(bursts_++);
  for (std::uint32_t i = 0; i < count; ++i) {
    write_header(i == 0);
    send_packet(peer, window, payload_, video && i + 1 == count);
  }
  wants_key_frame_ = false;
  picture_ = static_cast<std::uint16_t>((picture_ + 1) & 0x7fff);
}

// A recording begins with a key frame, or nobody could have watched it.
void PacedStream::send_frame(simulation::RtcPeer& peer, const MeasuredWindow& window) {
  if (std::exchange(wants_key_frame_, false)) frame_ = 0;
  for (const Recording::Packet& packet : order_.recording->frames[frame_].packets) {
    const MutableBytes payload = MutableBytes{payload_}.first(std::min(packet.payload.size(), payload_.size()));
    std::copy_n(packet.payload.begin(), payload.size(), payload.begin());
    send_packet(peer, window, payload, packet.marker);
  }
  frame_ = (frame_ + 1) % order_.recording->frames.size();
}

void PacedStream::write_header(bool first) {
  if (order_.source->kind() == MediaKind::audio) return write_opus_header(payload_);
  write_vp8_header(payload_, {.picture_id = picture_, .key_frame = wants_key_frame_, .first_of_frame = first});
}

void PacedStream::send_packet(simulation::RtcPeer& peer, const MeasuredWindow& window, MutableBytes payload,
                              bool marker) {
  std::array<ExtensionElement, 2> extensions;
  std::size_t count = 0;
  if (order_.mid && order_.mid_extension != 0) {
    extensions[count++] = {.id = order_.mid_extension, .data = element_data(*order_.mid)};
  }
  if (order_.rid && order_.rid_extension != 0) {
    extensions[count++] = {.id = order_.rid_extension, .data = element_data(*order_.rid)};
  }
  const RtpHeader header{.marker = marker,
                         .payload_type = order_.payload_type,
                         .sequence = RtpSequence{static_cast<std::uint16_t>(packets_)},
                         .timestamp = timestamp_,
                         .ssrc = order_.ssrc};
  const std::int64_t sent = monotonic_ns();
  write_stamp(payload, {.source = order_.source->id(), .number = packets_, .sent_ns = sent});
  // Noted before it leaves: another thread may receive it at once.
  order_.source->note_sent(packets_, sent, window);
  if (!peer.send_rtp(header, std::span{extensions}.first(count), payload)) ++refused_;
  ++packets_;
  octets_ += payload.size();
}

// The timestamp of now: that of the next burst, less what is left until then.
void PacedStream::add_sender_report(RtcpBuilder& compound, WallTime wall, Instant now) const {
  if (packets_ == 0) return;
  static_cast<void>(compound.add_sender_report(
      order_.ssrc, {.ntp = to_ntp(wall),
                    .rtp_timestamp = advance(timestamp_, to_rtp_ticks(now - next_burst_, clock_rate())),
                    .packets = static_cast<std::uint32_t>(packets_),
                    .octets = static_cast<std::uint32_t>(octets_)}));
}

}  // namespace sluice::load
