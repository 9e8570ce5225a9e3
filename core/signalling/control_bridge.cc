#include "core/signalling/control_bridge.h"

#include <utility>

namespace sluice {

void ControlBridge::connected(std::shared_ptr<Connection> connection, ConnectRequest request) {
  post_([&handler = handler_, connection = std::move(connection), request = std::move(request)]() mutable {
    handler.on_connect(std::move(connection), std::move(request));
  });
}

bool ControlBridge::event(ConnectionId connection, const EventsInFlight& in_flight, std::string event,
                          boost::json::value data, std::optional<AckId> ack, Instant received) {
  if (in_flight->fetch_add(1) >= kMaxEventsInFlight) {
    in_flight->fetch_sub(1);
    ++refused_events_;
    return false;
  }
  post_([&handler = handler_, connection, in_flight, event = std::move(event), data = std::move(data),
         ack = std::move(ack), received]() mutable {
    in_flight->fetch_sub(1);
    handler.on_event(connection, std::move(event), std::move(data), std::move(ack), received);
  });
  return true;
}

void ControlBridge::disconnected(ConnectionId connection, DisconnectReason reason) {
  post_([&handler = handler_, connection, reason] { handler.on_disconnected(connection, reason); });
}

}  // namespace sluice
