#pragma once

#include "tests/integration/ice/udp_socket.h"
#include "tests/integration/media/media_client.h"

namespace sluice::test {

/// A client on a UDP socket of its own: whoever holds it calls pump() every millisecond or so.
class UdpClient final : public MediaClient {
 public:
  /// Tells the transport the client's fingerprint, and sends the first check.
  UdpClient(Transport& transport, const Clock& clock);

  /// Reads what has arrived, and does what is due.
  void pump();
  void send_datagram(Bytes datagram) override { socket_.send(datagram, gateway_); }
  [[nodiscard]] SocketAddress address() const { return socket_.address(); }

 private:
  UdpSocket socket_;
  SocketAddress gateway_;
};

}  // namespace sluice::test
