#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>

#include "core/net/http_router.h"
#include "core/net/listener_options.h"

namespace sluice::net {

/// How long answers took, by buckets.
class AnswerTimes {
 public:
  /// Upper bounds in seconds.
  static constexpr std::array<double, 12> kBounds{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                                  0.05,   0.1,   0.25,   0.5,   1,    5};

  void add(std::chrono::nanoseconds took) noexcept {
    const double seconds = std::chrono::duration<double>(took).count();
    std::size_t bucket = 0;
    while (bucket < kBounds.size() && seconds > kBounds[bucket]) ++bucket;
    ++counts[bucket];
    sum_us += static_cast<std::uint64_t>(took / std::chrono::microseconds{1});
  }

  std::array<std::atomic<std::uint64_t>, kBounds.size() + 1> counts{};  ///< the last: over all bounds
  std::atomic<std::uint64_t> sum_us{0};
};

/// What a listener counts; written by net threads, readable from any thread.
struct ListenerCounters {
  using Counter = std::atomic<std::uint64_t>;

  Counter connections{0};        ///< accepted since start
  Counter open_connections{0};   ///< now
  Counter open_web_sockets{0};   ///< now
  Counter requests{0};           ///< requests that were parsed
  Counter web_sockets{0};        ///< upgrades that succeeded
  Counter messages_received{0};  ///< WebSocket messages
  Counter messages_sent{0};
  Counter message_bytes_received{0};  ///< of WebSocket messages
  Counter message_bytes_sent{0};
  Counter request_bytes{0};          ///< of requests' bodies
  Counter answer_bytes{0};           ///< of HTTP answers, with their heads
  std::array<Counter, 4> answers{};  ///< by the status' first digit, from 2 to 5
  AnswerTimes answer_times;          ///< of requests that a handler answered, without those that were held

  Counter refused_limit{0};   ///< over max_connections or max_connections_per_address
  Counter refused_rate{0};    ///< over connections_per_second
  Counter refused_origin{0};  ///< a foreign page, see ForeignOrigins
  Counter bad_requests{0};    ///< malformed, too large
  Counter tls_failures{0};
  Counter request_timeouts{0};    ///< a request, handshake or answer that took too long
  Counter abandoned_requests{0};  ///< the peer left before the answer
  Counter slow_clients{0};        ///< WebSockets dropped for not reading
  Counter unsupported_data{0};    ///< WebSockets closed for a binary frame
  Counter oversize_messages{0};   ///< WebSockets closed for a message over message_bytes
  Counter handler_failures{0};    ///< handlers and acceptors that threw
};

/// One address and port with its routes.
class HttpListener {
 public:
  virtual ~HttpListener() = default;
  [[nodiscard]] virtual HttpRouter& router() noexcept = 0;
  [[nodiscard]] virtual const ListenerCounters& counters() const noexcept = 0;
  [[nodiscard]] virtual const ListenerOptions& options() const noexcept = 0;
  /// The bound port, also where the options said 0.
  [[nodiscard]] virtual std::uint16_t port() const noexcept = 0;
};

/// HTTP/1.1 and WebSocket on any number of listeners, served by `net_threads` threads of its own.
class HttpServer {
 public:
  explicit HttpServer(unsigned net_threads = 1);
  /// Stops.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  /// Binds and listens; nothing is accepted before `start`. Throws ListenError. The listener lives as long as the
  /// server. Not after `start`.
  HttpListener& listen(ListenerOptions options);
  void start();

  /// Accepts no more, closes WebSockets with 1001 and idle connections, waits up to `grace` for the others, breaks
  /// those, joins the threads. Blocks; not from a net thread. Responders and channels that are left do nothing.
  void stop(std::chrono::milliseconds grace = std::chrono::seconds{2});

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sluice::net
