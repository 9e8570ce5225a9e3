#pragma once

#include <memory>
#include <string>

#include "core/signalling/door.h"

namespace sluice {

class SocketIoClient;

/// A client's connection to one namespace, as the dispatcher sees it.
class SocketIoConnection final : public Connection {
 public:
  SocketIoConnection(std::weak_ptr<SocketIoClient> client, ConnectionId id, std::string ns)
      : client_{std::move(client)}, id_{id}, ns_{std::move(ns)} {}

  [[nodiscard]] ConnectionId id() const noexcept override { return id_; }
  void accept() override;
  void refuse(const Error& error) override;
  void send_event(std::shared_ptr<const OutboundEvent> event) override;
  void send_ack(const AckId& ack, const boost::json::value& data) override;
  void send_ack(const AckId& ack, const Error& error) override;
  void send_error_event(std::string_view event, const Error& error) override;
  void close(CloseCode code, std::string reason) override;

 private:
  void send(std::string frame);

  std::weak_ptr<SocketIoClient> client_;
  ConnectionId id_;
  std::string ns_;
};

}  // namespace sluice
