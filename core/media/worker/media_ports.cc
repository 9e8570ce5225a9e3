#include "core/media/worker/media_ports.h"

#include <utility>

namespace sluice {

namespace {

// A port that is free for UDP is hardly ever taken for TCP.
constexpr int kAttempts = 16;

void open_both(MediaPorts& ports, const SocketAddress& address) {
  for (int attempt = 1;; ++attempt) {
    UdpSocket udp{address};
    try {
      ports.tcp.emplace_back(udp.local());
    } catch (const MediaPortError&) {
      if (address.port() != 0 || attempt == kAttempts) throw;
      continue;
    }
    ports.udp.push_back(std::move(udp));
    return;
  }
}

}  // namespace

MediaPorts MediaPorts::open(std::span<const SocketAddress> addresses, MediaProtocols protocols) {
  MediaPorts ports;
  for (const SocketAddress& address : addresses) {
    if (protocols == MediaProtocols::udp) {
      ports.udp.emplace_back(address);
    } else {
      open_both(ports, address);
    }
  }
  return ports;
}

}  // namespace sluice
