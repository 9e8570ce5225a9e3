#pragma once

#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <stdexcept>
#include <string>

#include "sluice/json.h"
#include "tests/load/doors/web_socket_client.h"

namespace sluice::load {

/// One session of Janus' API over its WebSocket: requests, their answers, and keepalives. One coroutine at a time.
class JanusClient {
 public:
  /// What a plugin answered: its data, and a session description where there is one.
  struct Answer {
    json::value data;
    std::string jsep;  ///< SDP; empty: none
  };

  explicit JanusClient(const asio::any_io_executor& executor) : socket_{executor}, timer_{executor} {}

  asio::awaitable<void> connect(const Endpoint& endpoint);
  /// @return the handle, attached to the videoroom plugin.
  asio::awaitable<std::uint64_t> attach();
  /// @param jsep  An `offer` or `answer` as Janus wants it, or null.
  asio::awaitable<Answer> request(std::uint64_t handle, json::object body, json::value jsep);
  /// Tells that all candidates were sent.
  asio::awaitable<void> complete_candidates(std::uint64_t handle);
  /// Reads, and keeps the session alive, until it is closed.
  asio::awaitable<void> idle();
  void close();

 private:
  asio::awaitable<json::value> transact(json::object message);
  asio::awaitable<void> keep_alive();

  WebSocketClient socket_;
  asio::steady_timer timer_;
  std::uint64_t session_ = 0;
  std::uint64_t transactions_ = 0;
  bool closed_ = false;
};

/// A failure that Janus reported.
class JanusError : public std::runtime_error {
 public:
  JanusError(int code, const std::string& reason) : std::runtime_error{reason}, code_{code} {}
  [[nodiscard]] int code() const noexcept { return code_; }

 private:
  int code_;
};

}  // namespace sluice::load
