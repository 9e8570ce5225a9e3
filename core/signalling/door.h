#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "core/base/socket_address.h"
#include "core/signalling/outbound_event.h"
#include "sluice/error.h"
#include "sluice/identity.h"
#include "sluice/media_types.h"
#include "sluice/time.h"

/// The boundary between the doors (Socket.IO and plain WebSocket on the net threads, LocalDoor for clients that plugins
/// bring in) and the dispatcher, which lives on the control thread. Downwards a Connection may be used from any thread;
/// upwards a SignallingHandler is only ever called on the control thread.
namespace sluice {

/// One client on one namespace of one door, unique for the life of the process and never used again.
using ConnectionId = StrongNumber<struct ConnectionIdTag, std::uint64_t>;

/// What the client chose to tell one answer from another: a number in Socket.IO, a number or a string in a plain frame.
using AckId = std::variant<std::int64_t, std::string>;

enum class DoorKind : std::uint8_t { socket_io, web_socket, plugin };

[[nodiscard]] std::string_view to_string(DoorKind door) noexcept;

/// What a client shows at the door.
struct ConnectRequest {
  DoorKind door = DoorKind::socket_io;
  /// Namespace: "/" or "/meeting"; always "/" on the plain WebSocket.
  std::string ns = "/";
  /// From `auth.token`, else `Authorization: Bearer`, else `?token=`. Unverified, at most kMaxTokenBytes.
  std::optional<std::string> token;
  /// Set by a door that knows already who it is (DoorKind::plugin); then there is no token to verify.
  std::optional<Identity> identity = std::nullopt;
  /// The Socket.IO auth payload without its token; on the plain WebSocket the query's parameters without `token`.
  boost::json::object auth;
  SocketAddress remote;
  std::string user_agent;
};

/// Why the gateway ends a connection. Numbers are the status codes of RFC 6455 section 7.4.1.
///
/// Socket.IO has no codes. `going_away` and `try_again` cut its transport, and the client connects again by itself; the
/// others send DISCONNECT ("io server disconnect"), and the client stays away until the application connects anew.
enum class CloseCode : std::uint16_t {
  normal = 1000,
  going_away = 1001,
  policy_violation = 1008,
  internal_error = 1011,
  try_again = 1013
};

/// How a connection ended, for logs and for "participant left" reasons.
enum class DisconnectReason : std::uint8_t {
  client_left,     ///< the client said so: Socket.IO DISCONNECT, WebSocket close 1000, or 1001 (the page is gone)
  transport_lost,  ///< the connection broke, or was given up without a word
  ping_timeout,    ///< Engine.IO pingTimeout without a pong
  protocol_error,  ///< the client broke the protocol
  abuse,           ///< too many errors or too much unread output
  server_closed    ///< Connection::close, refuse, or the gateway stops
};

[[nodiscard]] std::string_view to_string(DisconnectReason reason) noexcept;

/// A client behind a door. Thread-safe: every call hands its work to the net thread and returns at once; calls after
/// the end of the connection do nothing.
///
/// Held by shared_ptr with two owners: the door's session (while the transport lives) and the dispatcher (while it
/// knows the client).
class Connection {
 public:
  Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  virtual ~Connection() = default;

  [[nodiscard]] virtual ConnectionId id() const noexcept = 0;

  /// Answers on_connect with yes. Until then nothing reaches the client, and its events wait (bounded).
  virtual void accept() = 0;
  /// Answers on_connect with no: CONNECT_ERROR {message, data: {code, details}} in Socket.IO; the event `error` and
  /// close code 1008 on a plain WebSocket. on_disconnected does not follow.
  virtual void refuse(const Error& error) = 0;

  virtual void send_event(std::shared_ptr<const OutboundEvent> event) = 0;
  /// `{ok:true,data}`; the plain door adds the id.
  virtual void send_ack(const AckId& ack, const boost::json::value& data) = 0;
  /// `{ok:false,error:{code,message,details}}`.
  virtual void send_ack(const AckId& ack, const Error& error) = 0;
  /// The event `error` {event, code, message, details}, for an event that carried no ack id.
  virtual void send_error_event(std::string_view event, const Error& error) = 0;

  /// Sends what is queued, then ends the connection. on_disconnected(server_closed) follows.
  virtual void close(CloseCode code, std::string reason) = 0;
  /// The same for a reason from the list of errors: the code is chosen by it, and its name begins the text.
  virtual void disconnect(ErrorCode code, std::string_view reason);
};

/// What the doors call; the dispatcher implements it. Control thread only; must not block.
///
/// Per connection the order is on_connect, then any number of on_event (only after Connection::accept), then
/// on_disconnected exactly once unless the connection was refused.
class SignallingHandler {
 public:
  SignallingHandler() = default;
  SignallingHandler(const SignallingHandler&) = delete;
  SignallingHandler& operator=(const SignallingHandler&) = delete;
  virtual ~SignallingHandler() = default;

  /// To be answered with accept() or refuse(), now or later; a Socket.IO client gives up after 45 s.
  virtual void on_connect(std::shared_ptr<Connection> connection, ConnectRequest request) = 0;
  /// `data` is null where the client sent none. Where `ack` is set the client waits for exactly one send_ack.
  /// `received`: when the door had the event; it may have waited for the control thread since.
  virtual void on_event(ConnectionId connection, std::string event, boost::json::value data, std::optional<AckId> ack,
                        Instant received) = 0;
  virtual void on_disconnected(ConnectionId connection, DisconnectReason reason) = 0;
};

/// Runs a function on the control thread, in the order of the calls. Callable from any thread.
using PostToControl = std::function<void(std::function<void()>)>;

}  // namespace sluice
