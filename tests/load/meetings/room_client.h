#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/json/value.hpp>
#include <functional>
#include <string>
#include <utility>

#include "tests/load/doors/web_socket_client.h"

namespace sluice::load {

namespace json = boost::json;

/// Somebody in a room, over the plain WebSocket.
class RoomClient {
 public:
  using EventHandler = std::function<void(const std::string& event, const json::value& data)>;

  explicit RoomClient(const asio::any_io_executor& executor) : socket_{executor} {}

  asio::awaitable<void> connect(Endpoint server, const std::string& token);
  /// Sends an event and reads until its answer; what else arrives goes to `on_event`. Throws std::runtime_error with
  /// the error's text where it is refused.
  asio::awaitable<json::value> call(std::string event, json::value data);
  /// Sends without waiting.
  asio::awaitable<void> send(std::string event, json::value data);
  /// Hands every event to `on_event` until the connection ends.
  asio::awaitable<void> listen();
  void close() noexcept { socket_.close(); }
  void on_event(EventHandler handler) { on_event_ = std::move(handler); }

 private:
  WebSocketClient socket_;
  std::int64_t last_id_ = 0;
  EventHandler on_event_ = [](const std::string&, const json::value&) {};
};

}  // namespace sluice::load
