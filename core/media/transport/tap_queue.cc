#include "core/media/transport/tap_queue.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <type_traits>

namespace sluice {

namespace {

/// What stands before each packet.
struct Record {
  enum class Kind : std::uint8_t { packet, packet_with_clock, skip };

  Instant arrival;
  TappedClock clock;
  std::uint16_t size = 0;  // of the packet
  Kind kind = Kind::skip;
};
static_assert(std::is_trivially_copyable_v<Record>);

// Records begin at multiples of it: wherever the ring's end is near, a skip fits.
constexpr std::size_t kUnit = 32;
static_assert(sizeof(Record) <= kUnit);

constexpr std::size_t in_units(std::size_t bytes) noexcept { return (bytes + kUnit - 1) / kUnit * kUnit; }

constexpr std::size_t length_of(std::size_t packet) noexcept { return in_units(sizeof(Record) + packet); }

constexpr std::size_t kMaxRecord = length_of(TapQueue::kMaxPacket);
static_assert(TapQueue::kMinBytes > 2 * kMaxRecord);  // an empty queue takes a packet wherever it begins

void put(const Record& record, std::uint8_t* at) noexcept { std::memcpy(at, &record, sizeof record); }

Record record_at(const std::uint8_t* at) noexcept {
  Record record;
  std::memcpy(&record, at, sizeof record);
  return record;
}

}  // namespace

// The memory is not cleared: what has not been written yet takes no pages.
TapQueue::TapQueue(std::size_t bytes)
    : capacity_{in_units(std::clamp(bytes, kMinBytes, kMaxBytes))},
      ring_{std::make_unique_for_overwrite<std::uint8_t[]>(capacity_)} {}

MutableBytes TapQueue::begin() noexcept {
  const Position tail = tail_.load(std::memory_order_relaxed);
  const Position head = head_.load(std::memory_order_acquire);
  const std::size_t left = left_of_ring(tail);
  record_ = left < kMaxRecord ? tail + left : tail;
  if (record_ + kMaxRecord - head > capacity_) return {};
  return {place_of(record_) + sizeof(Record), kMaxPacket};
}

void TapQueue::end(std::size_t size, Instant arrival, const std::optional<TappedClock>& clock) noexcept {
  assert(size <= kMaxPacket);
  const Position tail = tail_.load(std::memory_order_relaxed);
  if (record_ != tail) put({}, place_of(tail));
  put({.arrival = arrival,
       .clock = clock.value_or(TappedClock{}),
       .size = static_cast<std::uint16_t>(size),
       .kind = clock ? Record::Kind::packet_with_clock : Record::Kind::packet},
      place_of(record_));
  tail_.store(record_ + length_of(size), std::memory_order_release);
}

bool TapQueue::half_empty() const noexcept {
  return tail_.load(std::memory_order_relaxed) - head_.load(std::memory_order_acquire) <= capacity_ / 2;
}

std::optional<TappedPacket> TapQueue::next() {
  head_.store(next_, std::memory_order_release);  // the packet of the last call is given back
  if (tail_.load(std::memory_order_acquire) == next_) return std::nullopt;
  Record record = record_at(place_of(next_));
  if (record.kind == Record::Kind::skip) {
    next_ += left_of_ring(next_);
    record = record_at(place_of(next_));  // a skip is written together with the record after it
  }
  const std::uint8_t* packet = place_of(next_) + sizeof(Record);
  next_ += length_of(record.size);
  TappedPacket out{.rtp = {packet, record.size}, .arrival = record.arrival};
  if (record.kind == Record::Kind::packet_with_clock) out.clock = record.clock;
  return out;
}

}  // namespace sluice
