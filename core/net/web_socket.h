#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "core/base/socket_address.h"
#include "core/net/http_message.h"

namespace sluice::net {

/// RFC 6455 section 7.4.1, those that the gateway sends or reports. A peer may send others: any value is representable.
enum class WebSocketClose : std::uint16_t {
  normal = 1000,
  going_away = 1001,  ///< the gateway stops
  protocol_error = 1002,
  unsupported = 1003,  ///< a binary frame
  none = 1005,         ///< reported only: the peer's close frame had no code
  abnormal = 1006,     ///< reported only: the connection broke, or was silent for too long
  bad_data = 1007,     ///< text that is not UTF-8
  policy = 1008,       ///< abuse, and clients that do not read what they are sent
  too_big = 1009,
  internal_error = 1011,
  try_again_later = 1013
};

/// A text that many receivers may share. Owners: each queue that it stands in, and the sender.
using SharedText = std::shared_ptr<const std::string>;

/// One open WebSocket. Every method is safe from any thread, never blocks, and does nothing once the channel is closed.
class WebSocketChannel {
 public:
  virtual ~WebSocketChannel() = default;

  /// Queues one text message. When what is queued passes the listener's `queue_bytes`, the client does not read: the
  /// channel closes with `policy`, and on_closed tells.
  virtual void send_text(SharedText text) = 0;
  /// One message of several parts, sent without joining them: a prefix of this client before a body that all share.
  virtual void send_text(std::vector<SharedText> parts) = 0;
  /// Sends what is queued, then a close frame. `reason` is cut at 123 bytes (RFC 6455 section 5.5).
  virtual void close(WebSocketClose code, std::string reason) = 0;
  [[nodiscard]] virtual const SocketAddress& remote() const noexcept = 0;
  /// Bytes handed to send_text that the socket has not taken yet.
  [[nodiscard]] virtual std::size_t queued_bytes() const noexcept = 0;
};

/// What a channel tells its user: on a net thread, one call at a time, never again after on_closed.
struct WebSocketHandlers {
  /// One whole message of valid UTF-8, however it was fragmented, of at most `message_bytes`.
  std::function<void(std::string)> on_text;
  /// Exactly once for every opened channel, whoever closed it.
  std::function<void(WebSocketClose, std::string)> on_closed;
};

/// "Yes" to an upgrade. `on_open` runs on a net thread after the handshake and before the first message; it keeps the
/// channel and gives the handlers. It is not called if the handshake fails.
struct WebSocketAccept {
  std::function<WebSocketHandlers(std::shared_ptr<WebSocketChannel>)> on_open;
  /// The `Sec-WebSocket-Protocol` chosen of those offered; empty for none.
  std::string subprotocol = {};
};

/// Yes, or the HTTP answer that refuses.
using AcceptDecision = std::variant<WebSocketAccept, HttpResponse>;

/// Decides on an upgrade request (a GET without body). Called on a net thread; must not block. One that throws is
/// answered with 500.
using WebSocketAcceptor = std::function<AcceptDecision(const HttpRequest&)>;

}  // namespace sluice::net
