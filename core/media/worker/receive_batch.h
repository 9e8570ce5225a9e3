#pragma once

#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/base/byte_reader.h"
#include "core/base/socket_address.h"

namespace sluice {

/// Reads datagrams of one socket, many per system call (recvmmsg). Its buffers are used again for every batch.
class ReceiveBatch {
 public:
  static constexpr std::size_t kBatch = 64;
  /// No WebRTC packet is longer than an Ethernet frame; a longer datagram is counted and dropped whole.
  static constexpr std::size_t kMaxDatagram = 1600;

  ReceiveBatch();
  ReceiveBatch(const ReceiveBatch&) = delete;
  ReceiveBatch& operator=(const ReceiveBatch&) = delete;

  /// Reads what is there, up to kBatch. @return how many; 0 when the socket is empty.
  std::size_t receive(int fd) noexcept;
  [[nodiscard]] MutableBytes datagram(std::size_t index) noexcept;
  [[nodiscard]] SocketAddress source(std::size_t index) const noexcept;
  /// Longer than kMaxDatagram: what datagram() gives is cut off.
  [[nodiscard]] bool truncated(std::size_t index) const noexcept;

 private:
  std::vector<std::uint8_t> bytes_;
  std::array<sockaddr_storage, kBatch> sources_;
  std::array<iovec, kBatch> vectors_;
  std::array<mmsghdr, kBatch> messages_;
};

}  // namespace sluice
