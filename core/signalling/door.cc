#include "core/signalling/door.h"

namespace sluice {

std::string_view to_string(DisconnectReason reason) noexcept {
  switch (reason) {
    case DisconnectReason::client_left:
      return "client_left";
    case DisconnectReason::transport_lost:
      return "transport_lost";
    case DisconnectReason::ping_timeout:
      return "ping_timeout";
    case DisconnectReason::protocol_error:
      return "protocol_error";
    case DisconnectReason::abuse:
      return "abuse";
    case DisconnectReason::server_closed:
      return "server_closed";
  }
  return "unknown";
}

}  // namespace sluice
