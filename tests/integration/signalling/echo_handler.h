#pragma once

#include <boost/json/array.hpp>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "core/signalling/door.h"

namespace sluice::test {

/// What stands in the dispatcher's place: answers a handful of events that exercise everything a Connection can do.
///
///     echo       the data back: by ack, else as the event `echo`
///     whoami     {ns, door, token, auth, userAgent}
///     fail       PERMISSION_DENIED {requiredRole}
///     broadcast  the data as the event `news` to everyone
///     kick       close(normal)            restart   close(going_away)
///     log        the connects and disconnects so far, in order
class EchoHandler final : public SignallingHandler {
 public:
  /// Refuses the tokens `bad` and `expired`; keeps silent on `slow`.
  void on_connect(std::shared_ptr<Connection> connection, ConnectRequest request) override;
  void on_event(ConnectionId id, std::string event, boost::json::value data, std::optional<AckId> ack,
                Instant received) override;
  void on_disconnected(ConnectionId id, DisconnectReason reason) override;

 private:
  struct Client {
    // Owners: the door's session, and this table.
    std::shared_ptr<Connection> connection;
    ConnectRequest request;
  };

  void answer(Connection& to, const std::string& event, const boost::json::value& data,
              const std::optional<AckId>& ack);

  std::map<ConnectionId, Client> clients_;
  boost::json::array log_;
};

}  // namespace sluice::test
