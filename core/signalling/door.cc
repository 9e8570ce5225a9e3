#include "core/signalling/door.h"

namespace sluice {

namespace {

// Whether the client should come back by itself is what tells the close codes apart.
CloseCode close_code(ErrorCode code) {
  switch (code) {
    case ErrorCode::draining:
      return CloseCode::going_away;
    case ErrorCode::internal:
      return CloseCode::internal_error;
    default:
      return CloseCode::policy_violation;
  }
}

}  // namespace

std::string_view to_string(DoorKind door) noexcept {
  switch (door) {
    case DoorKind::socket_io:
      return "socket.io";
    case DoorKind::web_socket:
      return "websocket";
    case DoorKind::plugin:
      return "plugin";
  }
  return "unknown";
}

void Connection::disconnect(ErrorCode code, std::string_view reason) {
  close(close_code(code), std::string{to_string(code)} + ": " + std::string{reason});
}

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
