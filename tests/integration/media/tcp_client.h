#pragma once

#include <optional>
#include <vector>

#include "core/base/file_descriptor.h"
#include "core/base/socket_address.h"
#include "tests/integration/media/media_client.h"

namespace sluice::test {

/// A client that reaches the gateway by ICE over TCP, the active side of RFC 6544, framed as RFC 4571 says: whoever
/// holds it calls pump() every millisecond or so.
class TcpClient final : public MediaClient {
 public:
  /// Connects, tells the transport the client's fingerprint, and sends the first check.
  TcpClient(Transport& transport, const Clock& clock);

  /// Reads what has arrived, and does what is due.
  void pump();
  void send_datagram(Bytes datagram) override;
  /// Any bytes, without framing.
  void send_raw(Bytes bytes);

  /// Ends the connection and opens another one, from another port; the client then checks again.
  void reconnect();
  void disconnect() { socket_.reset(); }
  /// The gateway has ended the connection.
  [[nodiscard]] bool ended() const noexcept { return ended_; }
  [[nodiscard]] SocketAddress address() const;

 private:
  [[nodiscard]] static FileDescriptor open(const SocketAddress& gateway);
  void hand_over();

  SocketAddress gateway_;
  std::optional<FileDescriptor> socket_;
  std::vector<std::uint8_t> received_;
  bool ended_ = false;
};

}  // namespace sluice::test
