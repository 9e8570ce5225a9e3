#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "core/base/byte_reader.h"
#include "sluice/taps.h"
#include "sluice/time.h"

namespace sluice {

/// Packets on their way out of a worker to the thread that reads a tap: a ring of bytes with records of any length, one
/// writer and one reader, no locks, and no allocation after construction. A full queue drops what comes.
///
///     | record | RTP packet, up to the next unit | record | ... | skip: up to the ring's end |
///
/// A record never wraps, so that its packet can be read where it lies.
class TapQueue final : public TapReader {
 public:
  static constexpr std::size_t kMinBytes = std::size_t{16} << 10;
  static constexpr std::size_t kMaxBytes = std::size_t{16} << 20;
  /// No datagram that a worker receives is longer.
  static constexpr std::size_t kMaxPacket = 1600;

  /// @param bytes  Brought into the bounds.
  explicit TapQueue(std::size_t bytes);
  TapQueue(const TapQueue&) = delete;
  TapQueue& operator=(const TapQueue&) = delete;
  ~TapQueue() override = default;

  // The writer's thread.

  /// Room for a packet of kMaxPacket bytes, until end(); empty: there is none.
  [[nodiscard]] MutableBytes begin() noexcept;
  /// The reader gets the packet of `size` bytes that stands in the room. Without this call there was none.
  void end(std::size_t size, Instant arrival, const std::optional<TappedClock>& clock) noexcept;
  void count_dropped() noexcept {
    dropped_.store(dropped_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }
  /// At least half of it is free.
  [[nodiscard]] bool half_empty() const noexcept;

  // The reader's thread.

  [[nodiscard]] std::optional<TappedPacket> next() override;

  /// Any thread.
  [[nodiscard]] std::uint64_t dropped() const noexcept override { return dropped_.load(std::memory_order_relaxed); }
  [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }
  /// What waits for the reader, or is held by it, at about this time.
  [[nodiscard]] std::size_t queued_bytes() const noexcept {
    const Position head = head_.load(std::memory_order_relaxed);  // first: the tail never is behind it
    const Position tail = tail_.load(std::memory_order_relaxed);
    return tail <= head ? 0 : std::min(static_cast<std::size_t>(tail - head), capacity_);
  }

 private:
  using Position = std::uint64_t;  // in bytes, ever written; its place is the rest modulo the capacity

  [[nodiscard]] std::uint8_t* place_of(Position position) const noexcept { return ring_.get() + position % capacity_; }
  [[nodiscard]] std::size_t left_of_ring(Position position) const noexcept { return capacity_ - position % capacity_; }

  const std::size_t capacity_;
  const std::unique_ptr<std::uint8_t[]> ring_;
  // Apart, so that the two threads do not share a cache line.
  alignas(64) std::atomic<Position> head_{0};  // what the reader still holds begins here
  Position next_ = 0;                          // the reader's: of the record to read next
  alignas(64) std::atomic<Position> tail_{0};  // what is written ends here
  Position record_ = 0;                        // the writer's: of the record that begin() has made room for
  std::atomic<std::uint64_t> dropped_{0};
};

}  // namespace sluice
