#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/media/worker/tcp_listener.h"
#include "core/media/worker/udp_socket.h"

namespace sluice {

enum class MediaProtocols : std::uint8_t { udp, udp_and_tcp };

/// The sockets of one worker: for each address one of UDP and, if wanted, one of TCP with the same port number, since
/// that is what an operator opens in a firewall.
///
/// The worker numbers them as in IceTuple::socket: those of UDP from 0, those of TCP after them.
struct MediaPorts {
  std::vector<UdpSocket> udp;
  std::vector<TcpListener> tcp;

  /// Port 0 takes any that is free for both. Throws MediaPortError.
  [[nodiscard]] static MediaPorts open(std::span<const SocketAddress> addresses, MediaProtocols protocols);
};

}  // namespace sluice
