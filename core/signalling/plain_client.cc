#include "core/signalling/plain_client.h"

#include <utility>

#include "core/signalling/visitor.h"

namespace sluice {

PlainClient::PlainClient(ControlBridge& bridge, const Clock& clock, const EventLimits& limits,
                         std::shared_ptr<net::WebSocketChannel> channel)
    : bridge_{bridge},
      clock_{clock},
      id_{bridge.next_id()},
      in_flight_{std::make_shared<std::atomic<int>>(0)},
      session_{limits, clock.now()},
      channel_{std::move(channel)} {}

net::WebSocketHandlers PlainClient::open(ConnectRequest request) {
  bridge_.connected(shared_from_this(), std::move(request));
  return {.on_text =
              [self = shared_from_this()](const std::string& text) {
                self->turnstile_.enter([&] {
                  self->session_.handle_text(text, self->clock_.now());
                  self->pump();
                });
              },
          .on_closed = [self = shared_from_this()](
                           net::WebSocketClose code,
                           const std::string&) { self->turnstile_.enter([&] { self->ended(reason_of(code)); }); }};
}

void PlainClient::accept() {
  turnstile_.post([this, self = shared_from_this()] {
    session_.accept();
    pump();
  });
}

void PlainClient::refuse(const Error& error) {
  turnstile_.post([this, self = shared_from_this(), error] {
    refused_ = true;
    session_.refuse(error);
    pump();
  });
}

void PlainClient::send_event(std::shared_ptr<const OutboundEvent> event) { send(event->plain_frame()); }

void PlainClient::send_ack(const AckId& ack, const boost::json::value& data) {
  send(std::make_shared<const std::string>(plain_ack_frame(ack, data)));
}

void PlainClient::send_ack(const AckId& ack, const Error& error) {
  send(std::make_shared<const std::string>(plain_ack_frame(ack, error)));
}

void PlainClient::send_error_event(std::string_view event, const Error& error) {
  send(std::make_shared<const std::string>(plain_event_frame("error", error_event_data(event, error))));
}

void PlainClient::close(CloseCode code, std::string reason) {
  turnstile_.post([this, self = shared_from_this(), code, reason = std::move(reason)]() mutable {
    session_.close(code, std::move(reason), DisconnectReason::server_closed);
    pump();
  });
}

void PlainClient::send(SharedFrame frame) {
  turnstile_.post([this, self = shared_from_this(), frame = std::move(frame)] {
    if (!channel_ || !session_.accepted()) return;
    turnstile_.effect([channel = channel_, frame] { channel->send_text(frame); });
  });
}

void PlainClient::pump() {
  while (auto output = session_.next_output()) {
    if (!channel_) return;
    if (auto* event = std::get_if<PlainSession::EventReceived>(&*output)) {
      hand_on(std::move(*event));
    } else if (auto* send = std::get_if<PlainSession::Send>(&*output)) {
      turnstile_.effect([channel = channel_, frame = std::move(send->frame)] { channel->send_text(frame); });
    } else if (auto* close = std::get_if<PlainSession::Close>(&*output)) {
      turnstile_.effect([channel = channel_, code = close->code, reason = close->reason] {
        channel->close(static_cast<net::WebSocketClose>(code), reason);
      });
      ended(close->why);
    }
  }
}

void PlainClient::hand_on(PlainSession::EventReceived event) {
  turnstile_.effect([this, self = shared_from_this(), event = std::move(event)]() mutable {
    const std::optional<AckId> ack = event.ack;
    const std::string name = event.event;
    if (bridge_.event(id_, in_flight_, std::move(event.event), std::move(event.data), std::move(event.ack),
                      clock_.now())) {
      return;
    }
    const Error error = rate_limited_error(kBusyRetryAfter);
    ack ? send_ack(*ack, error) : send_error_event(name, error);
  });
}

void PlainClient::ended(DisconnectReason reason) {
  if (!channel_) return;
  channel_.reset();
  session_.close(CloseCode::normal, {}, reason);  // nothing more comes out of it
  if (refused_) return;
  turnstile_.effect([this, self = shared_from_this(), reason] { bridge_.disconnected(id_, reason); });
}

}  // namespace sluice
