#pragma once

#include <string>
#include <string_view>

#include "sluice/identity.h"
#include "sluice/json.h"

namespace sluice {

/// Names one signalling connection for as long as the process lives; never used again.
using ClientId = StrongNumber<struct ClientIdTag, std::uint64_t>;

/// One signalling connection, whichever door it came through: Socket.IO, plain WebSocket, or a plugin
/// (Events::connect).
///
/// A handler is lent a Client&; a plugin may keep the pointer until its `Events::on_disconnect` handler for this client
/// has run, and not longer.
/// @note Control thread only. Nothing here blocks.
class Client {
 public:
  virtual ~Client() = default;

  [[nodiscard]] virtual ClientId id() const noexcept = 0;
  /// Who it is: from its token, or a guest.
  [[nodiscard]] virtual const Identity& identity() const noexcept = 0;
  /// `203.0.113.7:51324`, for logs and audit.
  [[nodiscard]] virtual const std::string& remote_address() const noexcept = 0;
  [[nodiscard]] virtual const std::string& user_agent() const noexcept = 0;

  /// Queues an event for this client. A client that does not read is dropped when its queue passes the configured
  /// bound; the send itself never fails. To reach many clients use Events::broadcast, which serialises once.
  virtual void send(std::string_view event, json::value data) = 0;

  /// Closes the connection after what is queued has been written. `on_disconnect` handlers run later, not inside.
  virtual void disconnect(ErrorCode code, std::string_view reason) = 0;
};

}  // namespace sluice
