#include "packet_buffer.h"

#include <algorithm>
#include <utility>

namespace sluice::media {

void PacketBuffer::insert(const RtpPacket& packet, Instant arrival) {
  const std::int64_t number = numbers_.peek(packet.sequence);
  if (is_jump(number)) {
    insert_stray(packet, arrival);
    return;
  }
  if (stray_) ++counters_.late;
  stray_.reset();
  numbers_.unwrap(packet.sequence);
  keep(number, packet, arrival);
  make_room();
}

std::optional<OrderedPacket> PacketBuffer::next(Instant now) {
  if (waiting_.empty()) return std::nullopt;
  if (waiting_.begin()->first != *expected_) {
    const bool full = waiting_.size() > limits_.max_packets || bytes_ > limits_.max_bytes;
    if (!full && !gap_is_old(now)) return std::nullopt;
    give_up_gap();
  }
  return release_first();
}

void PacketBuffer::reset() {
  const Counters counted = counters_;
  *this = PacketBuffer{limits_};
  counters_ = counted;
}

bool PacketBuffer::is_jump(std::int64_t number) const noexcept {
  const auto newest = numbers_.newest();
  return newest && (number - *newest > kMaxJump || *newest - number > kMaxJump);
}

// The first packet far off may be a stray; its successor proves that the stream has gone there.
void PacketBuffer::insert_stray(const RtpPacket& packet, Instant arrival) {
  const bool proven = stray_ && static_cast<std::uint16_t>(stray_->sequence + 1) == packet.sequence;
  if (proven) {
    jump_to(*std::exchange(stray_, std::nullopt));
    insert(packet, arrival);
    return;
  }
  if (stray_) ++counters_.late;
  stray_ = Stray{.sequence = packet.sequence,
                 .timestamp = packet.timestamp,
                 .marker = packet.marker,
                 .arrival = arrival,
                 .payload = {packet.payload.begin(), packet.payload.end()},
                 .turn = packet.turn};
}

// Always forwards, so that what waits is given out before.
void PacketBuffer::jump_to(const Stray& stray) {
  std::int64_t number = numbers_.peek(stray.sequence);
  if (number < *numbers_.newest()) number += std::int64_t{1} << 16;
  numbers_.jump_to(number);
  keep(number, {.timestamp = stray.timestamp, .marker = stray.marker, .payload = stray.payload, .turn = stray.turn},
       stray.arrival);
}

void PacketBuffer::keep(std::int64_t number, const RtpPacket& packet, Instant arrival) {
  const std::int64_t timestamp = timestamps_.unwrap(packet.timestamp);
  if (!expected_ || (!begun_ && number < *expected_)) expected_ = number;
  if (number < *expected_ || waiting_.contains(number)) {
    ++counters_.late;
    return;
  }
  bytes_ += packet.payload.size();
  waiting_.emplace_hint(waiting_.end(), number,
                        OrderedPacket{.payload = {packet.payload.begin(), packet.payload.end()},
                                      .timestamp = timestamp,
                                      .arrival = arrival,
                                      .marker = packet.marker,
                                      .turn = packet.turn});
}

// For a caller that takes nothing out.
void PacketBuffer::make_room() {
  while (waiting_.size() > 2 * limits_.max_packets || bytes_ > 2 * limits_.max_bytes) {
    if (waiting_.begin()->first != *expected_) give_up_gap();
    static_cast<void>(release_first());
    ++counters_.lost;
    gap_before_next_ = true;
  }
}

void PacketBuffer::give_up_gap() {
  const std::int64_t missing = waiting_.begin()->first - *expected_;
  counters_.lost += missing > kMaxJump ? 1 : static_cast<std::uint64_t>(missing);  // of a jump nobody knows how many
  expected_ = waiting_.begin()->first;
  gap_before_next_ = true;
}

bool PacketBuffer::gap_is_old(Instant now) {
  if (waiting_.begin()->first - *expected_ > kMaxJump) return true;
  if (!gap_seen_) {
    const auto earlier = [](const auto& a, const auto& b) { return a.second.arrival < b.second.arrival; };
    gap_seen_ = std::ranges::min_element(waiting_, earlier)->second.arrival;
  }
  return now - *gap_seen_ >= limits_.patience;
}

OrderedPacket PacketBuffer::release_first() {
  auto first = waiting_.extract(waiting_.begin());
  OrderedPacket packet = std::move(first.mapped());
  packet.after_gap = std::exchange(gap_before_next_, false);
  bytes_ -= packet.payload.size();
  expected_ = first.key() + 1;
  begun_ = true;
  gap_seen_.reset();
  return packet;
}

}  // namespace sluice::media
