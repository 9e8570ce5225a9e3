#include "core/media/recovery/packet_history.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <type_traits>
#include <utility>

#include "core/base/copy_bytes.h"

namespace sluice {

namespace {

/// A ring that holds so many times the age is larger than the stream needs.
constexpr int kTooLarge = 4;

}  // namespace

PacketHistory::Record PacketHistory::record_at(std::uint64_t position) const noexcept {
  static_assert(std::is_trivially_copyable_v<Record>);
  Record record;
  std::memcpy(&record, ring_.data() + position % ring_.size(), sizeof record);
  return record;
}

// A record never wraps around the ring's end: where it does not fit any more, the next lap begins.
void PacketHistory::store(Bytes packet, RtpSequence sequence, const Label& label, Instant now) {
  if (packet.size() > kMaxPacket) return;
  if (ring_.empty()) begin_lap(now);
  const std::size_t size = sizeof(Record) + packet.size();
  const std::size_t left = ring_.size() - head_ % ring_.size();
  if (size > left) {
    head_ += left;
    begin_lap(now);
  }
  const Record record{
      .at = now, .label = label, .sequence = sequence, .size = static_cast<std::uint16_t>(packet.size())};
  std::uint8_t* const place = ring_.data() + head_ % ring_.size();
  std::memcpy(place, &record, sizeof record);
  copy_bytes(packet, MutableBytes{place + sizeof record, packet.size()});
  entry(sequence) = head_;
  head_ += size;
  newest_at_ = now;
}

std::optional<PacketHistory::Found> PacketHistory::find(RtpSequence sequence, Instant now) const noexcept {
  if (index_.empty()) return std::nullopt;
  const std::uint64_t position = index_[sequence.value() % index_.size()];
  if (!holds(position)) return std::nullopt;
  const Record record = record_at(position);
  if (record.sequence != sequence || now - record.at > limits_.max_age) return std::nullopt;
  const Bytes packet{ring_.data() + position % ring_.size() + sizeof record, record.size};
  return Found{.packet = packet, .label = record.label};
}

// At the beginning of a lap the ring holds just the last one: how long that took is the age that it can hold.
void PacketHistory::begin_lap(Instant now) {
  if (ring_.empty()) {
    resize(limits_.min_bytes);
    lap_began_ = now;
    return;
  }
  const Duration held = now - lap_began_;
  if (held < limits_.max_age && ring_.size() < limits_.max_bytes) {
    resize(ring_.size() * 2);
    if (head_ % ring_.size() != 0) return;  // the lap goes on behind what was copied
  } else if (held > kTooLarge * limits_.max_age && ring_.size() > limits_.min_bytes) {
    resize(ring_.size() / 2);
  }
  lap_began_ = now;
}

// Sizes are powers of two, and head_ is a multiple of the old one: what stays is one piece before and after.
void PacketHistory::resize(std::size_t capacity) {
  const std::vector<std::uint8_t> old_ring = std::exchange(ring_, std::vector<std::uint8_t>(capacity));
  const std::vector<std::uint64_t> old_index =
      std::exchange(index_, std::vector<std::uint64_t>(capacity / kBytesPerEntry, kNowhere));
  if (old_ring.empty() || head_ == 0) return;

  assert(head_ % old_ring.size() == 0);
  const std::size_t kept = std::min(old_ring.size(), capacity);
  const std::uint64_t begin = head_ - kept;
  std::memcpy(ring_.data() + begin % capacity, old_ring.data() + begin % old_ring.size(), kept);
  for (const std::uint64_t position : old_index) {
    if (position < begin || position >= head_) continue;
    std::uint64_t& newest = entry(record_at(position).sequence);
    if (newest == kNowhere || newest < position) newest = position;
  }
}

void PacketHistory::clear() noexcept { std::ranges::fill(index_, kNowhere); }

void PacketHistory::release_if_idle(Instant now) noexcept {
  if (!ring_.empty() && now - newest_at_ >= kIdle) release();
}

void PacketHistory::release() noexcept {
  ring_ = {};
  index_ = {};
  head_ = 0;
}

}  // namespace sluice
