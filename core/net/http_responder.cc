#include "core/net/http_responder.h"

namespace sluice::net {

bool HttpExchange::answer(HttpResponse response) {
  Deliver deliver;
  std::function<void()> released;  // may own what locks us again: destroyed outside of the lock
  {
    const std::lock_guard lock{mutex_};
    if (state_ != State::waiting) return false;
    state_ = State::answered;
    deliver.swap(deliver_);
    released.swap(on_abandoned_);
  }
  deliver(std::move(response));
  return true;
}

bool HttpExchange::abandon() {
  Deliver released;
  std::function<void()> callback;
  {
    const std::lock_guard lock{mutex_};
    if (state_ != State::waiting) return false;
    state_ = State::abandoned;
    released.swap(deliver_);
    callback.swap(on_abandoned_);
  }
  if (callback) callback();
  return true;
}

void HttpExchange::on_abandoned(std::function<void()> callback) {
  {
    const std::lock_guard lock{mutex_};
    if (state_ == State::waiting) {
      on_abandoned_.swap(callback);
      return;
    }
    if (state_ == State::answered) return;
  }
  if (callback) callback();
}

bool HttpExchange::abandoned() const {
  const std::lock_guard lock{mutex_};
  return state_ == State::abandoned;
}

struct HttpResponder::LastOneOut {
  explicit LastOneOut(std::shared_ptr<HttpExchange> the_exchange) : exchange{std::move(the_exchange)} {}
  LastOneOut(const LastOneOut&) = delete;
  LastOneOut& operator=(const LastOneOut&) = delete;
  ~LastOneOut() { exchange->answer(HttpResponse::error(500, "INTERNAL", "the request was dropped")); }

  std::shared_ptr<HttpExchange> exchange;
};

HttpResponder::HttpResponder(std::shared_ptr<HttpExchange> exchange)
    : shared_{std::make_shared<LastOneOut>(std::move(exchange))} {}

HttpResponder::HttpResponder(HttpExchange::Deliver deliver)
    : HttpResponder{std::make_shared<HttpExchange>(std::move(deliver))} {}

bool HttpResponder::send(HttpResponse response) const { return shared_->exchange->answer(std::move(response)); }

void HttpResponder::on_abandoned(std::function<void()> callback) const {
  shared_->exchange->on_abandoned(std::move(callback));
}

bool HttpResponder::abandoned() const { return shared_->exchange->abandoned(); }

}  // namespace sluice::net
