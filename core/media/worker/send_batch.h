#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/media/worker/packet_output.h"
#include "core/media/worker/udp_socket.h"

namespace sluice {

/// The datagrams of one round of a worker's loop. At flush, packets to one destination that are of equal size leave as
/// one message (UDP GSO), which costs the kernel little more than one packet.
/// Order within a destination is kept. Allocates nothing after construction.
class SendBatch final : public PacketOutput {
 public:
  static constexpr std::size_t kPackets = 512;

  struct Counters {
    std::uint64_t packets = 0;
    std::uint64_t messages = 0;  ///< system calls that they took
    std::uint64_t dropped = 0;   ///< refused by the kernel: its buffer is full, or there is no route
  };

  /// `sockets` outlive the batch.
  explicit SendBatch(std::span<const UdpSocket> sockets);

  [[nodiscard]] MutableBytes acquire() noexcept override;
  void commit(std::size_t size, std::uint8_t socket, const SocketAddress& to) noexcept override;
  void flush() noexcept;
  [[nodiscard]] const Counters& counters() const noexcept { return counters_; }

 private:
  struct Packet {
    SocketAddress to;
    std::size_t hash;  // of `to`: groups destinations without comparing addresses of different peers
    std::uint16_t size;
    std::uint16_t slot;
    std::uint8_t socket;
  };

  [[nodiscard]] std::size_t segments_from(std::size_t first) const noexcept;
  bool send_group(std::size_t first, std::size_t count) noexcept;
  void send_singly(std::size_t first, std::size_t count) noexcept;
  [[nodiscard]] MutableBytes slot(std::size_t index) noexcept;

  std::span<const UdpSocket> sockets_;
  std::vector<std::uint8_t> slab_;
  std::vector<Packet> packets_;
  bool gso_ = true;
  Counters counters_;
};

}  // namespace sluice
