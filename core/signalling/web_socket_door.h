#pragma once

#include "core/base/clock.h"
#include "core/net/http_router.h"
#include "core/signalling/control_bridge.h"
#include "core/signalling/event_gate.h"

namespace sluice {

/// The plain WebSocket at `/ws`: one JSON object a message, see plain_frame.h. net pings silent sockets and bounds
/// messages, queues and connections.
///
/// Thread-safe. The door must outlive the server's threads: stop the server first.
class WebSocketDoor {
 public:
  /// @param bridge, clock  Outlive the door.
  WebSocketDoor(const EventLimits& limits, ControlBridge& bridge, const Clock& clock)
      : limits_{limits}, bridge_{bridge}, clock_{clock} {}
  WebSocketDoor(const WebSocketDoor&) = delete;
  WebSocketDoor& operator=(const WebSocketDoor&) = delete;

  void add_routes(net::HttpRouter& router);

 private:
  [[nodiscard]] net::AcceptDecision decide(const net::HttpRequest& request);

  EventLimits limits_;
  ControlBridge& bridge_;
  const Clock& clock_;
};

}  // namespace sluice
