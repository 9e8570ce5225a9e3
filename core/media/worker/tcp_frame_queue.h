#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/base/byte_reader.h"

namespace sluice {

/// What waits to be written to a TCP stream: packets in the framing of RFC 4571 section 2, in a ring of bytes.
///
/// A packet enters whole or not at all, so that however much of it the socket takes the stream stays in step. The ring
/// grows by doubling up to its limit and is kept: in steady state nothing is allocated.
class TcpFrameQueue {
 public:
  /// A second at 2 Mbit/s. A peer that lags more loses packets, as it would by UDP.
  static constexpr std::size_t kDefaultLimit = 256 * 1024;

  explicit TcpFrameQueue(std::size_t limit = kDefaultLimit) noexcept : limit_{limit} {}

  /// @param packet  At most 65535 bytes.
  /// @return false: the queue has no room for it.
  [[nodiscard]] bool push(Bytes packet);
  /// What is to be written next, in order; the second part is empty unless the ring wraps.
  [[nodiscard]] std::array<Bytes, 2> pending() const noexcept;
  /// The first `count` bytes of pending() have been written.
  void consume(std::size_t count) noexcept;

  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

 private:
  [[nodiscard]] bool make_room(std::size_t count);
  void append(Bytes bytes) noexcept;

  std::size_t limit_;
  std::vector<std::uint8_t> ring_;
  std::size_t begin_ = 0;
  std::size_t size_ = 0;
};

}  // namespace sluice
