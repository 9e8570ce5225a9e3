#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "core/base/clock.h"
#include "core/base/random.h"
#include "core/net/http_responder.h"
#include "core/net/web_socket.h"
#include "core/signalling/carrier_counts.h"
#include "core/signalling/control_bridge.h"
#include "core/signalling/engine_session.h"
#include "core/signalling/socket_io_session.h"
#include "core/signalling/turnstile.h"
#include "core/signalling/visitor.h"

namespace sluice {

struct SocketIoDoorOptions {
  EngineIoOptions engine;
  SocketIoOptions socket_io;
  std::size_t max_sessions = 20'000;
};

/// What every client of the Socket.IO door uses. Held by the door; outlives its clients' work on it, because each
/// client shares it.
struct SocketIoHouse {
  SocketIoDoorOptions options;
  ControlBridge& bridge;
  const Clock& clock;
  FillRandom random;
  std::shared_ptr<CarrierCounts> sessions;  // owners: the door and this house
  /// Forgets an ended session.
  std::function<void(const std::string& sid)> forget;
};

class SocketIoConnection;

/// One Engine.IO session with its sockets, its waiting GET and its namespaces: joins EngineSession and SocketIoSession,
/// which know no sockets, to the net threads below and the control thread above.
///
/// Owners: the door's table until the session ends, and whoever works on it at the moment. Its sockets and its
/// Connections know it weakly.
class SocketIoClient : public std::enable_shared_from_this<SocketIoClient> {
 public:
  SocketIoClient(std::shared_ptr<const SocketIoHouse> house, std::string sid, EngineSession::Opening opening,
                 Visitor visitor);

  // Net threads.
  void handle_get(net::HttpResponder responder);
  void handle_post(std::string body, const net::HttpResponder& responder);
  [[nodiscard]] net::WebSocketHandlers open_main(std::shared_ptr<net::WebSocketChannel> channel);
  [[nodiscard]] net::WebSocketHandlers open_probe(std::shared_ptr<net::WebSocketChannel> channel);

  // Any thread; never waits.
  /// True: tick() has something to do.
  [[nodiscard]] bool due(Instant now) const noexcept { return now.time_since_epoch().count() >= deadline_.load(); }
  void tick(Instant now);
  void close(CloseCode code);

 private:
  friend class SocketIoConnection;

  // For SocketIoConnection, which names itself: a namespace may have been taken by a later connection.
  void accept(ConnectionId connection, const std::string& ns);
  void refuse(ConnectionId connection, const std::string& ns, const Error& error);
  void send(ConnectionId connection, const std::string& ns, SharedFrame frame);
  void close(ConnectionId connection, const std::string& ns, CloseCode code);
  /// Runs `work` on the state if `connection` is still the one in `ns`, then carries out what follows from it.
  void post_for(ConnectionId connection, const std::string& ns, std::function<void(SocketIoClient&)> work);

  [[nodiscard]] net::WebSocketHandlers handlers_of(const std::shared_ptr<net::WebSocketChannel>& channel);
  [[nodiscard]] std::optional<EngineSession::Socket> socket_of(const net::WebSocketChannel* channel) const noexcept;

  // With the state held.
  void pump(Instant now);
  void carry_out(EngineSession::Output output, Instant now);
  void carry_out(SocketIoSession::Output output, Instant now);
  void ask(SocketIoSession::ConnectAsked asked);
  void hand_on(SocketIoSession::EventReceived event);
  void connection_ended(const std::string& ns, DisconnectReason reason);
  void update_deadline() noexcept;

  struct Member {
    // Owners: this table while the namespace is connected, and the dispatcher.
    std::shared_ptr<SocketIoConnection> connection;
    EventsInFlight in_flight;
  };

  std::shared_ptr<const SocketIoHouse> house_;  // owners: the door and each client
  Visitor visitor_;
  Turnstile turnstile_;
  std::atomic<Instant::rep> deadline_;

  // The state, under the turnstile.
  CountedCarrier carrier_;
  EngineSession engine_;
  SocketIoSession sockets_;
  std::map<std::string, Member, std::less<>> members_;
  std::optional<net::HttpResponder> waiting_get_;
  // Owners of a channel: its net connection, and this client while it uses it.
  std::shared_ptr<net::WebSocketChannel> main_;
  std::shared_ptr<net::WebSocketChannel> probe_;
};

}  // namespace sluice
