#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <vector>

#include "core/base/socket_address.h"
#include "core/media/srtp/srtp_sender.h"

namespace sluice::load {

/// What a server cannot do without: protect a packet for each receiver, and hand it to the kernel.
struct FloorCase {
  const char* name = "";
  bool protects = true;
  bool sends = true;
  bool segments = false;   ///< a burst to one receiver is one message (UDP GSO)
  bool connected = false;  ///< a socket for each receiver; else one for all
};

/// Sends bursts of equal packets to all receivers in turn. Allocates nothing after construction.
class BurstSender {
 public:
  struct Shape {
    std::size_t payload_size = 1100;
    std::size_t burst = 4;
  };

  BurstSender(const FloorCase& how, const Shape& shape, std::span<const SocketAddress> receivers);
  ~BurstSender();
  BurstSender(const BurstSender&) = delete;
  BurstSender& operator=(const BurstSender&) = delete;

  /// One burst to each receiver. @return the CPU time that the calling thread spent, in user and kernel.
  std::chrono::nanoseconds send_round();
  [[nodiscard]] std::uint64_t refused() const noexcept { return refused_; }  ///< by the kernel

 private:
  void write_packets();
  void fill_burst(std::size_t receiver);
  void send_burst(std::size_t receiver);
  void send_segments(int fd, const SocketAddress* to);
  void send_messages(int fd, const SocketAddress* to);

  FloorCase how_;
  Shape shape_;
  std::vector<SocketAddress> receivers_;
  std::vector<SrtpSender> srtp_;
  std::vector<int> sockets_;
  std::vector<std::uint8_t> packets_;  // the producer's: one burst, plain
  std::vector<std::uint8_t> slab_;     // what leaves: one burst for one receiver
  std::size_t plain_size_ = 0;
  std::size_t wire_size_ = 0;
  std::uint16_t sequence_ = 0;
  std::uint64_t refused_ = 0;
};

}  // namespace sluice::load
