#include "core/signalling/socket_io_client.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "core/signalling/engine_io_error.h"
#include "core/signalling/socket_io_connection.h"

namespace sluice {
namespace {

constexpr int kSidBits = 120;

net::HttpResponse poll_answer(std::string body) {
  net::HttpResponse response{200, "text/plain; charset=UTF-8", std::move(body)};
  response.held = true;
  response.headers.set("Cache-Control", "no-store");
  return response;
}

}  // namespace

SocketIoClient::SocketIoClient(std::shared_ptr<const SocketIoHouse> house, std::string sid,
                               EngineSession::Opening opening, Visitor visitor)
    : house_{std::move(house)},
      visitor_{std::move(visitor)},
      deadline_{std::numeric_limits<Instant::rep>::max()},
      carrier_{*house_->sessions, opening == EngineSession::Opening::polling ? Carrier::polling : Carrier::web_socket},
      engine_{std::move(sid), opening, house_->options.engine, house_->clock.now()},
      sockets_{house_->options.socket_io, house_->clock.now()} {
  update_deadline();
}

void SocketIoClient::handle_get(net::HttpResponder responder) {
  const net::HttpResponder watched = responder;
  bool waits = false;
  turnstile_.enter([&] {
    if (engine_.handle_poll() == EngineSession::HttpVerdict::accepted) {
      waiting_get_ = std::move(responder);
      waits = true;
    } else {
      turnstile_.effect([responder] { responder.send(engine_io_error(EngineIoFailure::unknown_sid)); });
    }
    pump(house_->clock.now());
    waits = waits && waiting_get_.has_value();
  });
  if (!waits) return;
  watched.on_abandoned([weak = weak_from_this()] {
    const auto self = weak.lock();
    if (!self) return;
    self->turnstile_.post([self = self.get()] {
      // The GET may have been answered meanwhile, and another one may wait by now.
      if (!self->waiting_get_ || !self->waiting_get_->abandoned()) return;
      self->waiting_get_.reset();
      self->engine_.handle_poll_lost();
      self->pump(self->house_->clock.now());
    });
  });
}

void SocketIoClient::handle_post(std::string body, const net::HttpResponder& responder) {
  turnstile_.enter([&] {
    const Instant now = house_->clock.now();
    const bool accepted = engine_.handle_post(body, now) == EngineSession::HttpVerdict::accepted;
    pump(now);
    turnstile_.effect([responder, accepted] {
      responder.send(accepted ? poll_answer("ok") : engine_io_error(EngineIoFailure::bad_request));
    });
  });
}

net::WebSocketHandlers SocketIoClient::open_main(std::shared_ptr<net::WebSocketChannel> channel) {
  auto handlers = handlers_of(channel);
  turnstile_.enter([&] {
    main_ = std::move(channel);
    pump(house_->clock.now());
  });
  return handlers;
}

net::WebSocketHandlers SocketIoClient::open_probe(std::shared_ptr<net::WebSocketChannel> channel) {
  auto handlers = handlers_of(channel);
  turnstile_.enter([&] {
    const Instant now = house_->clock.now();
    if (engine_.handle_probe_open(now)) {
      probe_ = std::move(channel);
    } else {
      turnstile_.effect([channel] { channel->close(net::WebSocketClose::policy, "no upgrade is possible"); });
    }
    pump(now);
  });
  return handlers;
}

net::WebSocketHandlers SocketIoClient::handlers_of(const std::shared_ptr<net::WebSocketChannel>& channel) {
  // The raw pointer only tells channels apart: which of them is the main one changes with the upgrade.
  const net::WebSocketChannel* key = channel.get();
  net::WebSocketHandlers handlers;
  handlers.on_text = [weak = weak_from_this(), key](const std::string& text) {
    const auto self = weak.lock();
    if (!self) return;
    self->turnstile_.enter([&] {
      const auto socket = self->socket_of(key);
      if (!socket) return;
      const Instant now = self->house_->clock.now();
      self->engine_.handle_text(*socket, text, now);
      self->pump(now);
    });
  };
  handlers.on_closed = [weak = weak_from_this(), key](net::WebSocketClose code, const std::string&) {
    const auto self = weak.lock();
    if (!self) return;
    self->turnstile_.enter([&] {
      const auto socket = self->socket_of(key);
      if (!socket) return;
      (*socket == EngineSession::Socket::main ? self->main_ : self->probe_).reset();
      self->engine_.handle_socket_closed(*socket, reason_of(code));
      self->pump(self->house_->clock.now());
    });
  };
  return handlers;
}

std::optional<EngineSession::Socket> SocketIoClient::socket_of(const net::WebSocketChannel* channel) const noexcept {
  if (channel == main_.get()) return EngineSession::Socket::main;
  if (channel == probe_.get()) return EngineSession::Socket::probe;
  return std::nullopt;
}

void SocketIoClient::tick(Instant now) {
  turnstile_.post([this, self = shared_from_this(), now] {
    engine_.handle_timeout(now);
    sockets_.handle_timeout(now);
    pump(now);
  });
}

void SocketIoClient::close(CloseCode code) {
  turnstile_.post([this, self = shared_from_this(), code] {
    const Instant now = house_->clock.now();
    engine_.close(code, DisconnectReason::server_closed, now);
    pump(now);
  });
}

void SocketIoClient::post_for(ConnectionId connection, const std::string& ns,
                              std::function<void(SocketIoClient&)> work) {
  turnstile_.post([this, self = shared_from_this(), connection, ns, work = std::move(work)] {
    const auto member = members_.find(ns);
    if (member == members_.end() || member->second.connection->id() != connection) return;
    work(*this);
    pump(house_->clock.now());
  });
}

void SocketIoClient::accept(ConnectionId connection, const std::string& ns) {
  post_for(connection, ns,
           [ns](SocketIoClient& self) { self.sockets_.accept(ns, random_token(self.house_->random, kSidBits)); });
}

void SocketIoClient::refuse(ConnectionId connection, const std::string& ns, const Error& error) {
  post_for(connection, ns, [ns, error](SocketIoClient& self) {
    self.sockets_.refuse(ns, error, self.house_->clock.now());
    self.members_.erase(ns);
  });
}

void SocketIoClient::send(ConnectionId connection, const std::string& ns, SharedFrame frame) {
  post_for(connection, ns, [ns, frame = std::move(frame)](SocketIoClient& self) {
    if (self.sockets_.connected(ns)) self.engine_.send(frame);
  });
}

void SocketIoClient::close(ConnectionId connection, const std::string& ns, CloseCode code) {
  post_for(connection, ns, [ns, code](SocketIoClient& self) {
    const Instant now = self.house_->clock.now();
    if (code == CloseCode::going_away || code == CloseCode::try_again) {
      self.engine_.close(code, DisconnectReason::server_closed, now);
    } else if (self.sockets_.disconnect(ns, now)) {
      self.connection_ended(ns, DisconnectReason::server_closed);
    }
  });
}

void SocketIoClient::pump(Instant now) {
  for (bool more = true; more;) {
    more = false;
    while (auto output = engine_.next_output()) {
      carry_out(std::move(*output), now);
      more = true;
    }
    while (auto output = sockets_.next_output()) {
      carry_out(std::move(*output), now);
      more = true;
    }
  }
  update_deadline();
}

void SocketIoClient::carry_out(EngineSession::Output output, Instant now) {
  if (auto* deliver = std::get_if<EngineSession::Deliver>(&output)) {
    sockets_.handle_message(deliver->message, now);
  } else if (auto* answer = std::get_if<EngineSession::AnswerPoll>(&output)) {
    if (!waiting_get_) return;
    turnstile_.effect([responder = *std::exchange(waiting_get_, std::nullopt), body = std::move(answer->body)] {
      responder.send(poll_answer(body));
    });
  } else if (auto* send = std::get_if<EngineSession::SendFrame>(&output)) {
    const auto& channel = send->socket == EngineSession::Socket::main ? main_ : probe_;
    if (channel) turnstile_.effect([channel, frame = std::move(send->frame)] { channel->send_text(frame); });
  } else if (auto* close = std::get_if<EngineSession::CloseSocket>(&output)) {
    auto& slot = close->socket == EngineSession::Socket::main ? main_ : probe_;
    if (!slot) return;
    turnstile_.effect([channel = std::exchange(slot, nullptr), code = close->code] {
      channel->close(static_cast<net::WebSocketClose>(code), "");
    });
  } else if (std::holds_alternative<EngineSession::Promote>(output)) {
    main_ = std::exchange(probe_, nullptr);
    carrier_.move_to(Carrier::web_socket);
  } else if (const auto* ended = std::get_if<EngineSession::Ended>(&output)) {
    while (!members_.empty()) connection_ended(std::string{members_.begin()->first}, ended->reason);
    turnstile_.effect([self = shared_from_this()] { self->house_->forget(self->engine_.sid()); });
  }
}

void SocketIoClient::carry_out(SocketIoSession::Output output, Instant now) {
  if (auto* event = std::get_if<SocketIoSession::EventReceived>(&output)) {
    hand_on(std::move(*event));
  } else if (auto* send = std::get_if<SocketIoSession::Send>(&output)) {
    engine_.send(std::move(send->frame));
  } else if (auto* asked = std::get_if<SocketIoSession::ConnectAsked>(&output)) {
    ask(std::move(*asked));
  } else if (auto* left = std::get_if<SocketIoSession::NamespaceLeft>(&output)) {
    connection_ended(left->ns, DisconnectReason::client_left);
  } else if (const auto* end = std::get_if<SocketIoSession::EndSession>(&output)) {
    engine_.close(CloseCode::policy_violation, end->reason, now);
  }
}

void SocketIoClient::ask(SocketIoSession::ConnectAsked asked) {
  ConnectRequest request{.door = DoorKind::socket_io,
                         .ns = asked.ns,
                         .token = visitor_.token,
                         .auth = std::move(asked.auth),
                         .remote = visitor_.remote,
                         .user_agent = visitor_.user_agent};
  if (const auto* token = request.auth.if_contains("token"); token != nullptr && !token->is_null()) {
    // A token that is no string is a token that does not verify, not the lack of one.
    request.token = token->is_string() ? bounded_token(token->get_string()) : std::string{};
  }
  request.auth.erase("token");
  auto connection = std::make_shared<SocketIoConnection>(weak_from_this(), house_->bridge.next_id(), asked.ns);
  members_.insert_or_assign(std::move(asked.ns), Member{connection, std::make_shared<std::atomic<int>>(0)});
  turnstile_.effect(
      [this, self = shared_from_this(), connection = std::move(connection), request = std::move(request)]() mutable {
        house_->bridge.connected(std::move(connection), std::move(request));
      });
}

void SocketIoClient::hand_on(SocketIoSession::EventReceived event) {
  const auto member = members_.find(event.ns);
  if (member == members_.end()) return;
  turnstile_.effect([this, self = shared_from_this(), connection = member->second.connection,
                     in_flight = member->second.in_flight, event = std::move(event)]() mutable {
    const std::optional<AckId> ack = event.ack;
    const std::string name = event.event;
    if (house_->bridge.event(connection->id(), in_flight, std::move(event.event), std::move(event.data),
                             std::move(event.ack), house_->clock.now())) {
      return;
    }
    const Error error = rate_limited_error(kBusyRetryAfter);
    ack ? connection->send_ack(*ack, error) : connection->send_error_event(name, error);
  });
}

void SocketIoClient::connection_ended(const std::string& ns, DisconnectReason reason) {
  const auto member = members_.find(ns);
  if (member == members_.end()) return;
  turnstile_.effect([this, self = shared_from_this(), id = member->second.connection->id(), reason] {
    house_->bridge.disconnected(id, reason);
  });
  members_.erase(member);
}

void SocketIoClient::update_deadline() noexcept {
  auto next = std::numeric_limits<Instant::rep>::max();
  if (!engine_.ended()) {
    for (const auto& deadline : {engine_.next_timeout(), sockets_.next_timeout()}) {
      if (deadline) next = std::min(next, deadline->time_since_epoch().count());
    }
  }
  deadline_.store(next);
}

}  // namespace sluice
