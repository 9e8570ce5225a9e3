#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>

#include "core/base/socket_address.h"

namespace sluice::test {

/// A blocking UDP socket on 127.0.0.1.
class UdpSocket {
 public:
  UdpSocket();
  ~UdpSocket();
  UdpSocket(const UdpSocket&) = delete;
  UdpSocket& operator=(const UdpSocket&) = delete;

  /// Whether 127.0.0.1:`port` could be bound just now.
  [[nodiscard]] static bool is_free(std::uint16_t port);

  struct Received {
    MutableBytes packet;
    SocketAddress from;
  };

  [[nodiscard]] SocketAddress address() const;
  void send(Bytes packet, const SocketAddress& to) const;
  /// nullopt: nothing came within `limit`.
  [[nodiscard]] std::optional<Received> receive(MutableBytes buffer, std::chrono::milliseconds limit) const;

 private:
  int socket_;
};

}  // namespace sluice::test
