#pragma once

#include <optional>
#include <string>

#include "core/base/socket_address.h"
#include "core/net/http_message.h"
#include "core/net/web_socket.h"
#include "core/signalling/door.h"

namespace sluice {

/// A longer token is handed on as an empty one, which no verifier accepts.
inline constexpr std::size_t kMaxTokenBytes = 8192;

/// Who stands at the door, from the HTTP request that opened it.
struct Visitor {
  SocketAddress remote;
  /// Fit to be logged.
  std::string user_agent;
  /// `Authorization: Bearer`, else `?token=`.
  std::optional<std::string> token;
};

[[nodiscard]] Visitor read_visitor(const net::HttpRequest& request);

/// The token as it may go on: cut to nothing if it is longer than kMaxTokenBytes.
[[nodiscard]] std::string bounded_token(std::string_view token);

/// What the end of a WebSocket means for the connection that it carried.
[[nodiscard]] DisconnectReason reason_of(net::WebSocketClose close) noexcept;

}  // namespace sluice
