#pragma once

#include <functional>
#include <memory>
#include <mutex>

#include "core/net/http_message.h"

namespace sluice::net {

/// One request that waits for its answer: where the thread of the handler meets the thread of the connection.
/// Answered or abandoned once; whatever comes later has no effect. Safe from any thread.
class HttpExchange {
 public:
  using Deliver = std::function<void(HttpResponse)>;

  /// @param deliver  Takes the answer, on the thread that gives it; called at most once.
  explicit HttpExchange(Deliver deliver) : deliver_{std::move(deliver)} {}

  /// False if the exchange was over already.
  bool answer(HttpResponse response);
  /// The peer went away: tells the handler (`on_abandoned`). False if the exchange was over already.
  bool abandon();
  void on_abandoned(std::function<void()> callback);
  [[nodiscard]] bool abandoned() const;

 private:
  enum class State : std::uint8_t { waiting, answered, abandoned };

  // Held for a few assignments, never while a callback runs.
  mutable std::mutex mutex_;
  State state_ = State::waiting;
  Deliver deliver_;
  std::function<void()> on_abandoned_;
};

/// The right to answer one request. Copies share it: the first `send` of any of them is the answer, from any thread and
/// as late as the handler likes (long polling), and when the last copy goes without one, the peer gets a 500.
class HttpResponder {
 public:
  explicit HttpResponder(std::shared_ptr<HttpExchange> exchange);
  /// For handlers under test: the answer goes to a function.
  explicit HttpResponder(HttpExchange::Deliver deliver);

  /// Answers. Never blocks. False if the request was answered already or the peer is gone.
  bool send(HttpResponse response) const;
  /// Calls back once if the peer goes away before the answer: on a net thread, or at once if it is gone already.
  /// The callback must not own a copy of this responder, or a dropped request is only noticed when the peer goes.
  void on_abandoned(std::function<void()> callback) const;
  [[nodiscard]] bool abandoned() const;

 private:
  struct LastOneOut;
  // Owners: the copies of this responder, and nobody else; the connection holds the exchange only.
  std::shared_ptr<LastOneOut> shared_;
};

/// Answers a request, now or later. Called on a net thread: post to where your state lives, never block.
/// One that throws is answered with 500.
using HttpHandler = std::function<void(HttpRequest, HttpResponder)>;

}  // namespace sluice::net
