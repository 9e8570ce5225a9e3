#include "core/signalling/socket_io_connection.h"

#include <boost/json/object.hpp>

#include "core/signalling/plain_frame.h"
#include "core/signalling/socket_io_client.h"
#include "core/signalling/socket_io_packet.h"

namespace sluice {

void SocketIoConnection::accept() {
  if (const auto client = client_.lock()) client->accept(id_, ns_);
}

void SocketIoConnection::refuse(const Error& error) {
  if (const auto client = client_.lock()) client->refuse(id_, ns_, error);
}

void SocketIoConnection::send_event(std::shared_ptr<const OutboundEvent> event) {
  if (const auto client = client_.lock()) client->send(id_, ns_, event->socket_io_frame(ns_));
}

void SocketIoConnection::send_ack(const AckId& ack, const boost::json::value& data) {
  if (const auto* id = std::get_if<std::int64_t>(&ack)) {
    send(socket_io_ack_frame(ns_, *id, boost::json::object{{"ok", true}, {"data", data}}));
  }
}

void SocketIoConnection::send_ack(const AckId& ack, const Error& error) {
  if (const auto* id = std::get_if<std::int64_t>(&ack)) {
    send(socket_io_ack_frame(ns_, *id, boost::json::object{{"ok", false}, {"error", error.to_json()}}));
  }
}

void SocketIoConnection::send_error_event(std::string_view event, const Error& error) {
  send(socket_io_event_frame(ns_, "error", error_event_data(event, error)));
}

void SocketIoConnection::close(CloseCode code, std::string /*reason*/) {
  if (const auto client = client_.lock()) client->close(id_, ns_, code);
}

void SocketIoConnection::send(std::string frame) {
  if (const auto client = client_.lock()) {
    client->send(id_, ns_, std::make_shared<const std::string>(std::move(frame)));
  }
}

}  // namespace sluice
