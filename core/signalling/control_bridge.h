#pragma once

#include <atomic>
#include <boost/json/value.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "core/signalling/door.h"

namespace sluice {

/// Events of one connection that the control thread has not taken yet; more are answered RATE_LIMITED.
inline constexpr int kMaxEventsInFlight = 256;

/// Counts them. Owners: the connection, and each event on its way.
using EventsInFlight = std::shared_ptr<std::atomic<int>>;

/// The doors' way to the control thread. Thread-safe. Outlives the doors; the handler outlives it.
class ControlBridge {
 public:
  ControlBridge(SignallingHandler& handler, PostToControl post) : handler_{handler}, post_{std::move(post)} {}

  [[nodiscard]] ConnectionId next_id() noexcept { return ConnectionId{++last_id_}; }

  void connected(std::shared_ptr<Connection> connection, ConnectRequest request);
  /// False: too many of this connection's events are on their way already.
  [[nodiscard]] bool event(ConnectionId connection, const EventsInFlight& in_flight, std::string event,
                           boost::json::value data, std::optional<AckId> ack, Instant received);
  void disconnected(ConnectionId connection, DisconnectReason reason);

  /// Events that were too many on their way.
  [[nodiscard]] std::uint64_t refused_events() const noexcept { return refused_events_; }

 private:
  SignallingHandler& handler_;
  PostToControl post_;
  std::atomic<std::uint64_t> last_id_{0};
  std::atomic<std::uint64_t> refused_events_{0};
};

}  // namespace sluice
