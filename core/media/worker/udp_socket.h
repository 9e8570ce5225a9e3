#pragma once

#include <cstdint>
#include <stdexcept>

#include "core/base/socket_address.h"

namespace sluice {

/// A media port that could not be opened; the text names address, port and reason in one line.
class MediaPortError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A non-blocking UDP socket with the options that media wants. Owns its descriptor.
class UdpSocket {
 public:
  /// Port 0 takes any free one. An IPv6 socket takes IPv6 alone. Throws MediaPortError.
  explicit UdpSocket(const SocketAddress& address);
  UdpSocket(UdpSocket&& other) noexcept;
  UdpSocket& operator=(UdpSocket&&) = delete;
  ~UdpSocket();

  [[nodiscard]] int fd() const noexcept { return fd_; }
  /// With the port that was bound.
  [[nodiscard]] const SocketAddress& local() const noexcept { return local_; }

 private:
  int fd_;
  SocketAddress local_;
};

}  // namespace sluice
