#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>

#include "tests/load/doors/endpoint.h"

namespace sluice::load {

namespace asio = boost::asio;

/// A WebSocket that carries text. One coroutine at a time reads, and one writes. Answers pings while it is read.
/// All calls throw boost::system::system_error where the connection fails.
class WebSocketClient {
 public:
  explicit WebSocketClient(const asio::any_io_executor& executor);
  ~WebSocketClient();

  /// @param protocol  The subprotocol to ask for; empty: none.
  asio::awaitable<void> connect(const Endpoint& endpoint, std::string protocol);
  asio::awaitable<void> send(std::string text);
  asio::awaitable<std::string> receive();
  /// Ends a pending receive(), too.
  void close() noexcept;

 private:
  struct Connection;
  std::unique_ptr<Connection> connection_;
};

}  // namespace sluice::load
