#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/fifo.h"
#include "core/signalling/door.h"
#include "core/signalling/event_gate.h"
#include "core/signalling/socket_io_packet.h"
#include "sluice/time.h"

namespace sluice {

struct SocketIoOptions {
  std::vector<std::string> namespaces{"/", "/meeting"};
  /// How long a session may be connected to no namespace.
  std::chrono::milliseconds connect_timeout{45'000};
  EventLimits events;
};

/// The namespaces of one Engine.IO session. Sans-I/O: messages in, outputs drained after each call.
///
/// Packets that break the protocol (malformed JSON, a namespace that is not connected) end the session, as the
/// reference server does: a Socket.IO library never sends them. An event that is well formed but cannot be handed on is
/// answered with an error, and the session lives.
class SocketIoSession {
 public:
  /// Someone asks for a namespace that exists; answer with accept or refuse.
  struct ConnectAsked {
    std::string ns;
    boost::json::object auth;
  };
  struct EventReceived {
    std::string ns;
    std::string event;
    boost::json::value data;
    std::optional<AckId> ack;
  };
  /// The client left the namespace.
  struct NamespaceLeft {
    std::string ns;
  };
  /// A whole Engine.IO message packet.
  struct Send {
    SharedFrame frame;
  };
  struct EndSession {
    DisconnectReason reason = DisconnectReason::protocol_error;
  };
  using Output = std::variant<ConnectAsked, EventReceived, NamespaceLeft, Send, EndSession>;

  SocketIoSession(const SocketIoOptions& options, Instant now);

  /// @param message  The data of one Engine.IO message packet.
  void handle_message(std::string_view message, Instant now);

  void accept(const std::string& ns, std::string_view sid);
  void refuse(const std::string& ns, const Error& error, Instant now);
  /// Tells the client that it is out of the namespace. False: it was not in.
  bool disconnect(const std::string& ns, Instant now);

  [[nodiscard]] bool connected(const std::string& ns) const noexcept;
  /// In no namespace, and asking for none.
  [[nodiscard]] bool empty() const noexcept { return namespaces_.empty(); }

  [[nodiscard]] std::optional<Instant> next_timeout() const noexcept { return connect_deadline_; }
  void handle_timeout(Instant now);

  [[nodiscard]] std::optional<Output> next_output();

 private:
  enum class State : std::uint8_t { asked, connected };

  void handle_connect(SocketIoPacket packet, Instant now);
  void handle_event(SocketIoPacket packet, Instant now);
  void refuse_event(const SocketIoPacket& packet, std::string_view event, const Error& error, Instant now);
  void leave(const std::string& ns, Instant now);
  void send(std::string frame);
  void end(DisconnectReason reason);

  SocketIoOptions options_;
  EventGate gate_;
  bool ended_ = false;
  std::map<std::string, State, std::less<>> namespaces_;
  std::optional<Instant> connect_deadline_;
  Fifo<Output> outputs_;
};

}  // namespace sluice
