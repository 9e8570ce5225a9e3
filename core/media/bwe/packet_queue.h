#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "core/base/byte_reader.h"
#include "sluice/time.h"

namespace sluice {

/// Packets in the order of their arrival, copied into blocks of memory: grows with what waits, and gives most of it
/// back as it empties. Knows no bound of its own: who pushes has one.
/// @note Worker thread only. Allocates a block for every dozen packets that wait, none while few do.
class PacketQueue {
 public:
  /// No datagram of ours is longer.
  static constexpr std::size_t kMaxPacket = 1600;
  /// Empty blocks that are kept for what comes next.
  static constexpr std::size_t kMaxSpare = 4;

  PacketQueue() = default;
  PacketQueue(const PacketQueue&) = delete;
  PacketQueue& operator=(const PacketQueue&) = delete;
  ~PacketQueue();

  /// False: longer than kMaxPacket, or there is no memory.
  bool push(Bytes packet, Instant now) noexcept;
  /// The oldest; borrowed until the next call of push(), pop() or clear(). Not of an empty queue.
  MutableBytes pop() noexcept;
  /// Since when the oldest waits. Not of an empty queue.
  [[nodiscard]] Instant waiting_since() const noexcept;
  void clear() noexcept;

  [[nodiscard]] bool empty() const noexcept { return packets_ == 0; }
  [[nodiscard]] std::size_t packets() const noexcept { return packets_; }
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

 private:
  // Stands before each packet in its block.
  struct Entry {
    Instant since{};
    std::size_t size = 0;
  };
  // With its two other members and the allocator's own 16 KiB.
  static constexpr std::size_t kBlockBytes = 16 * 1024 - 48;
  struct Block {
    std::unique_ptr<Block> next;
    std::size_t end = 0;  // of what was written
    std::array<std::uint8_t, kBlockBytes> bytes;
  };

  [[nodiscard]] bool append_block() noexcept;
  void drop_head() noexcept;
  [[nodiscard]] Entry entry_at(const Block& block, std::size_t position) const noexcept;

  std::unique_ptr<Block> head_;
  Block* tail_ = nullptr;
  std::size_t read_ = 0;  // position in the head
  std::unique_ptr<Block> spare_;
  std::size_t spares_ = 0;
  std::size_t packets_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace sluice
