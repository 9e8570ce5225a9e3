#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/byte_reader.h"

namespace sluice {

/// Datagrams that wait to be sent: a flight or two of a handshake. Its memory is given back when it has been drained.
class DatagramQueue {
 public:
  static constexpr std::size_t kMaxDatagrams = 64;

  /// @return whether there was room. DTLS takes a dropped datagram for a lost one.
  bool push(Bytes datagram) noexcept;
  /// The oldest one, valid until the next call.
  [[nodiscard]] std::optional<Bytes> pop() noexcept;
  [[nodiscard]] std::size_t size() const noexcept { return ends_.size() - next_; }

 private:
  std::vector<std::uint8_t> bytes_;  // one behind the other
  std::vector<std::size_t> ends_;    // of each datagram in bytes_
  std::size_t next_ = 0;             // index of the oldest in ends_
};

}  // namespace sluice
