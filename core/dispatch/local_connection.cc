#include "core/dispatch/local_connection.h"

#include <utility>

#include "core/signalling/event_gate.h"

namespace sluice {

struct LocalConnection::Callbacks {
  Function<void(std::string_view event, const json::value& data)> on_event;
  Function<void(ErrorCode code, std::string_view reason)> on_disconnected;
};

LocalConnection::LocalConnection(ConnectionId id, std::shared_ptr<CallbackScope> scope, LocalClientOptions options,
                                 SignallingHandler& handler, ControlLoop& loop)
    : id_{id},
      scope_{std::move(scope)},
      handler_{handler},
      loop_{loop},
      callbacks_{std::make_shared<Callbacks>(
          Callbacks{.on_event = std::move(options.on_event), .on_disconnected = std::move(options.on_disconnected)})} {}

void LocalConnection::call(std::string_view event, json::value data, LocalClient::Answer answer) {
  if (callbacks_ == nullptr) return;
  const bool busy = answers_.size() >= kMaxLocalCalls;
  const std::int64_t number = ++last_call_;
  if (answer) answers_.emplace(number, std::move(answer));
  if (busy) return send_ack(number, rate_limited_error(kBusyRetryAfter));
  loop_.post([self = shared_from_this(), number, event = std::string{event}, data = std::move(data),
              received = loop_.now()]() mutable {
    if (self->callbacks_ == nullptr) return;
    self->handler_.on_event(self->id_, std::move(event), std::move(data), AckId{number}, received);
  });
}

void LocalConnection::send_event(std::shared_ptr<const OutboundEvent> event) {
  if (callbacks_ == nullptr) return;
  loop_.post([self = shared_from_this(), event = std::move(event)] {
    const auto callbacks = self->callbacks_;
    if (callbacks == nullptr || !callbacks->on_event) return;
    self->scope_->call("event of a local client", [&] { callbacks->on_event(event->name(), event->data()); });
  });
}

void LocalConnection::send_ack(const AckId& ack, const json::value& data) {
  // Parentheses: Boost.JSON reads json{value} as an array of one value.
  loop_.post([self = shared_from_this(), number = std::get<std::int64_t>(ack), data = json::value(data)]() mutable {
    self->run_answer(number, std::move(data), nullptr);
  });
}

void LocalConnection::send_ack(const AckId& ack, const Error& error) {
  loop_.post([self = shared_from_this(), number = std::get<std::int64_t>(ack), error] {
    self->run_answer(number, nullptr, &error);
  });
}

// Each call of ours carries a number, so this is said of none; a handler that breaks the rule is heard all the same.
void LocalConnection::send_error_event(std::string_view event, const Error& error) {
  json::object data = error.to_json();
  data["event"] = event;
  send_event(std::make_shared<const OutboundEvent>("error", std::move(data)));
}

void LocalConnection::run_answer(std::int64_t number, json::value data, const Error* error) {
  auto waiting = answers_.extract(number);
  if (waiting.empty()) return;
  scope_->call("answer to a local client", [&] { waiting.mapped()(std::move(data), error); });
}

void LocalConnection::close(CloseCode code, std::string reason) {
  const bool again = code == CloseCode::going_away || code == CloseCode::try_again;
  disconnect(again ? ErrorCode::draining : ErrorCode::conflict, reason);
}

void LocalConnection::disconnect(ErrorCode code, std::string_view reason) {
  if (callbacks_ == nullptr) return;
  loop_.post([self = shared_from_this(), code, reason = std::string{reason}] { self->closed(code, reason); });
}

void LocalConnection::closed(ErrorCode code, const std::string& reason) {
  const auto callbacks = std::exchange(callbacks_, nullptr);
  if (callbacks == nullptr) return;
  const auto unanswered = std::exchange(answers_, {});
  handler_.on_disconnected(id_, DisconnectReason::server_closed);
  if (!callbacks->on_disconnected) return;
  scope_->call("end of a local client", [&] { callbacks->on_disconnected(code, reason); });
}

void LocalConnection::leave() {
  if (callbacks_ == nullptr) return;
  const auto callbacks = std::exchange(callbacks_, nullptr);
  const auto unanswered = std::exchange(answers_, {});
  loop_.post([self = shared_from_this()] { self->handler_.on_disconnected(self->id_, DisconnectReason::client_left); });
}

}  // namespace sluice
