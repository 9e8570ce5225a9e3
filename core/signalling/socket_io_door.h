#pragma once

#include <cstddef>
#include <memory>

#include "core/base/clock.h"
#include "core/base/random.h"
#include "core/net/http_router.h"
#include "core/signalling/control_bridge.h"
#include "core/signalling/socket_io_client.h"

namespace sluice {

/// The owner of a door calls its tick() this often: the resolution of pings and timeouts.
inline constexpr std::chrono::milliseconds kDoorTickInterval{250};

/// Socket.IO (Engine.IO 4, Socket.IO protocol 5) at `/socket.io/`: polling, WebSocket, and the upgrade between them.
///
/// Thread-safe. Requests come on net threads; each session's state stands behind its own Turnstile, so that a session
/// whose GET, POST and WebSocket are served by different net threads needs no thread of its own. The door must outlive
/// the server's threads: stop the server first.
class SocketIoDoor {
 public:
  /// @param bridge, clock  Outlive the door.
  SocketIoDoor(const SocketIoDoorOptions& options, ControlBridge& bridge, const Clock& clock, FillRandom random);
  ~SocketIoDoor();
  SocketIoDoor(const SocketIoDoor&) = delete;
  SocketIoDoor& operator=(const SocketIoDoor&) = delete;

  /// Adds the door's routes. The router must not serve them any more once the door is gone.
  void add_routes(net::HttpRouter& router);
  /// Pings clients and ends those that are silent; every kDoorTickInterval, from one thread.
  void tick();
  /// Ends every session; their clients connect again.
  void close_all();
  [[nodiscard]] std::size_t session_count() const;
  [[nodiscard]] const CarrierCounts& carriers() const noexcept { return *carriers_; }

 private:
  class Sessions;

  void handle_get(const net::HttpRequest& request, net::HttpResponder responder);
  void handle_post(net::HttpRequest request, const net::HttpResponder& responder);
  [[nodiscard]] net::AcceptDecision decide(const net::HttpRequest& request);

  const Clock& clock_;
  // Owners: the door, and through the house's `forget` each client.
  std::shared_ptr<Sessions> sessions_;
  // Owners: the door, and through the house each client.
  std::shared_ptr<CarrierCounts> carriers_ = std::make_shared<CarrierCounts>();
  // Owners: the door and each client.
  std::shared_ptr<const SocketIoHouse> house_;
};

}  // namespace sluice
