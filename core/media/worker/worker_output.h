#pragma once

#include "core/media/worker/send_batch.h"
#include "core/media/worker/tcp_connections.h"

namespace sluice {

/// Sends a worker's packets by the protocol of the socket that they are for. Packets are always written into the
/// batch's buffers: those for UDP stay there, those for TCP are copied to their connection's queue.
class WorkerOutput final : public PacketOutput {
 public:
  /// Sockets from number `first_tcp` on are TCP listeners. `udp` and `tcp` outlive the output.
  WorkerOutput(SendBatch& udp, TcpConnections& tcp, std::uint8_t first_tcp) noexcept
      : udp_{udp}, tcp_{tcp}, first_tcp_{first_tcp} {}

  [[nodiscard]] MutableBytes acquire() noexcept override { return buffer_ = udp_.acquire(); }
  void commit(std::size_t size, std::uint8_t socket, const SocketAddress& to) noexcept override {
    if (socket < first_tcp_) [[likely]]
      return udp_.commit(size, socket, to);
    if (size > 0) tcp_.send({.remote = to, .socket = socket}, buffer_.first(size));
    udp_.commit(0, 0, to);
  }

 private:
  SendBatch& udp_;
  TcpConnections& tcp_;
  MutableBytes buffer_;
  std::uint8_t first_tcp_;
};

}  // namespace sluice
