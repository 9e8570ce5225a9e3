#include "core/signalling/visitor.h"

#include "sluice/identity.h"

namespace sluice {

Visitor read_visitor(const net::HttpRequest& request) {
  Visitor visitor{
      .remote = request.remote, .user_agent = sanitise_text(request.headers.get("User-Agent")), .token = {}};
  if (const auto bearer = request.bearer_token(); !bearer.empty()) {
    visitor.token = bounded_token(bearer);
  } else if (const auto query = request.query_value("token")) {
    visitor.token = bounded_token(*query);
  }
  return visitor;
}

std::string bounded_token(std::string_view token) {
  return token.size() <= kMaxTokenBytes ? std::string{token} : std::string{};
}

DisconnectReason reason_of(net::WebSocketClose close) noexcept {
  switch (close) {
    case net::WebSocketClose::normal:
    case net::WebSocketClose::going_away:
      return DisconnectReason::client_left;
    case net::WebSocketClose::policy:
      return DisconnectReason::abuse;
    case net::WebSocketClose::protocol_error:
    case net::WebSocketClose::unsupported:
    case net::WebSocketClose::bad_data:
    case net::WebSocketClose::too_big:
      return DisconnectReason::protocol_error;
    default:  // without a code too: so libraries close when they take the connection for dead, and mean to come back
      return DisconnectReason::transport_lost;
  }
}

}  // namespace sluice
