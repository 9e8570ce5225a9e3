#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/base/clock.h"
#include "core/net/web_socket.h"
#include "core/signalling/control_bridge.h"
#include "core/signalling/plain_session.h"
#include "core/signalling/turnstile.h"

namespace sluice {

/// A client of the plain WebSocket door: joins PlainSession, which knows no socket, to its channel below and the
/// control thread above.
///
/// Owners: the handlers of its channel until that is closed, and the dispatcher.
class PlainClient final : public Connection, public std::enable_shared_from_this<PlainClient> {
 public:
  PlainClient(ControlBridge& bridge, const Clock& clock, const EventLimits& limits,
              std::shared_ptr<net::WebSocketChannel> channel);

  /// Tells the control thread. Net thread.
  [[nodiscard]] net::WebSocketHandlers open(ConnectRequest request);

  [[nodiscard]] ConnectionId id() const noexcept override { return id_; }
  void accept() override;
  void refuse(const Error& error) override;
  void send_event(std::shared_ptr<const OutboundEvent> event) override;
  void send_ack(const AckId& ack, const boost::json::value& data) override;
  void send_ack(const AckId& ack, const Error& error) override;
  void send_error_event(std::string_view event, const Error& error) override;
  void close(CloseCode code, std::string reason) override;

 private:
  void send(SharedFrame frame);

  // With the state held.
  void pump();
  void hand_on(PlainSession::EventReceived event);
  void ended(DisconnectReason reason);

  ControlBridge& bridge_;
  const Clock& clock_;
  const ConnectionId id_;
  EventsInFlight in_flight_;
  Turnstile turnstile_;

  // The state, under the turnstile.
  PlainSession session_;
  bool refused_ = false;
  // Null once the connection ended. Owners: the net connection, and this client.
  std::shared_ptr<net::WebSocketChannel> channel_;
};

}  // namespace sluice
