#include "core/signalling/socket_io_session.h"

#include <algorithm>
#include <boost/json/array.hpp>

#include "core/signalling/event_name.h"
#include "core/signalling/plain_frame.h"

namespace sluice {

SocketIoSession::SocketIoSession(const SocketIoOptions& options, Instant now)
    : options_{options}, gate_{options.events, now}, connect_deadline_{now + options.connect_timeout} {}

void SocketIoSession::handle_message(std::string_view message, Instant now) {
  if (ended_) return;
  auto packet = parse_socket_io_packet(message);
  if (!packet) return end(DisconnectReason::protocol_error);
  if (packet->type == SocketIoType::connect) return handle_connect(std::move(*packet), now);
  if (!connected(packet->ns)) return end(DisconnectReason::protocol_error);

  switch (packet->type) {
    case SocketIoType::event:
    case SocketIoType::binary_event:
      return handle_event(std::move(*packet), now);
    case SocketIoType::disconnect:
      outputs_.push_back(NamespaceLeft{packet->ns});
      return leave(packet->ns, now);
    case SocketIoType::ack:
    case SocketIoType::binary_ack:
      return;  // the gateway asks for no acks
    case SocketIoType::connect:
    case SocketIoType::connect_error:
      return end(DisconnectReason::protocol_error);
  }
}

void SocketIoSession::handle_connect(SocketIoPacket packet, Instant now) {
  if (namespaces_.contains(packet.ns)) return end(DisconnectReason::protocol_error);
  if (std::ranges::find(options_.namespaces, packet.ns) == options_.namespaces.end()) {
    if (!gate_.strike(now)) return end(DisconnectReason::abuse);
    // The text is the reference server's, which clients compare with.
    return send(socket_io_connect_error_frame(packet.ns, Error{ErrorCode::not_found, "Invalid namespace"}));
  }
  if (!gate_.admit(now)) {
    if (!gate_.strike(now)) return end(DisconnectReason::abuse);
    return send(socket_io_connect_error_frame(packet.ns, rate_limited_error(gate_.retry_after(now))));
  }
  namespaces_.emplace(packet.ns, State::asked);
  connect_deadline_.reset();
  auto* auth = packet.data.if_object();
  outputs_.push_back(ConnectAsked{std::move(packet.ns), auth != nullptr ? std::move(*auth) : boost::json::object{}});
}

void SocketIoSession::handle_event(SocketIoPacket packet, Instant now) {
  auto& arguments = packet.data.get_array();
  const std::string event{arguments.front().get_string()};
  if (!gate_.admit(now)) return refuse_event(packet, event, rate_limited_error(gate_.retry_after(now)), now);
  if (packet.type == SocketIoType::binary_event) {
    return refuse_event(packet, event, Error{ErrorCode::unsupported, "binary data is not supported"}, now);
  }
  if (!is_event_name(event)) {
    return refuse_event(packet, {}, Error{ErrorCode::invalid_payload, "not an event name", {{"path", "event"}}}, now);
  }
  if (arguments.size() > 2) {
    return refuse_event(packet, event, Error{ErrorCode::invalid_payload, "one argument at most", {{"path", ""}}}, now);
  }
  std::optional<AckId> ack;
  if (packet.id) ack = *packet.id;
  outputs_.push_back(EventReceived{std::move(packet.ns), event,
                                   arguments.size() == 2 ? std::move(arguments[1]) : boost::json::value{},
                                   std::move(ack)});
}

void SocketIoSession::refuse_event(const SocketIoPacket& packet, std::string_view event, const Error& error,
                                   Instant now) {
  if (!gate_.strike(now)) return end(DisconnectReason::abuse);
  if (packet.id) {
    return send(
        socket_io_ack_frame(packet.ns, *packet.id, boost::json::object{{"ok", false}, {"error", error.to_json()}}));
  }
  send(socket_io_event_frame(packet.ns, "error", error_event_data(event.substr(0, kMaxEventNameBytes), error)));
}

void SocketIoSession::accept(const std::string& ns, std::string_view sid) {
  const auto found = namespaces_.find(ns);
  if (found == namespaces_.end() || found->second != State::asked) return;
  found->second = State::connected;
  send(socket_io_connect_frame(ns, sid));
}

void SocketIoSession::refuse(const std::string& ns, const Error& error, Instant now) {
  const auto found = namespaces_.find(ns);
  if (found == namespaces_.end() || found->second != State::asked) return;
  send(socket_io_connect_error_frame(ns, error));
  leave(ns, now);
}

bool SocketIoSession::disconnect(const std::string& ns, Instant now) {
  if (!namespaces_.contains(ns)) return false;
  send(socket_io_disconnect_frame(ns));
  leave(ns, now);
  return true;
}

bool SocketIoSession::connected(const std::string& ns) const noexcept {
  const auto found = namespaces_.find(ns);
  return found != namespaces_.end() && found->second == State::connected;
}

void SocketIoSession::leave(const std::string& ns, Instant now) {
  namespaces_.erase(ns);
  if (namespaces_.empty()) connect_deadline_ = now + options_.connect_timeout;
}

void SocketIoSession::handle_timeout(Instant now) {
  if (connect_deadline_ && now >= *connect_deadline_) end(DisconnectReason::protocol_error);
}

void SocketIoSession::send(std::string frame) {
  if (!ended_) outputs_.push_back(Send{std::make_shared<const std::string>(std::move(frame))});
}

void SocketIoSession::end(DisconnectReason reason) {
  if (ended_) return;
  ended_ = true;
  connect_deadline_.reset();
  outputs_.push_back(EndSession{reason});
}

std::optional<SocketIoSession::Output> SocketIoSession::next_output() {
  if (outputs_.empty()) return std::nullopt;
  return outputs_.take();
}

}  // namespace sluice
