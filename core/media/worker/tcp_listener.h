#pragma once

#include "core/base/socket_address.h"
#include "core/media/worker/udp_socket.h"

namespace sluice {

/// A non-blocking TCP socket that listens, for ICE over TCP (RFC 6544). Owns its descriptor.
class TcpListener {
 public:
  /// Port 0 takes any free one. An IPv6 socket takes IPv6 alone. Throws MediaPortError.
  explicit TcpListener(const SocketAddress& address);
  TcpListener(TcpListener&& other) noexcept;
  TcpListener& operator=(TcpListener&&) = delete;
  ~TcpListener();

  [[nodiscard]] int fd() const noexcept { return fd_; }
  /// With the port that was bound.
  [[nodiscard]] const SocketAddress& local() const noexcept { return local_; }

 private:
  int fd_;
  SocketAddress local_;
};

}  // namespace sluice
