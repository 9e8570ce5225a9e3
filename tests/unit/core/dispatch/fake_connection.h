#pragma once

#include <boost/json/serialize.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/signalling/door.h"

namespace sluice {

/// A client's connection that keeps a line for each thing it was told.
class FakeConnection final : public Connection {
 public:
  explicit FakeConnection(std::uint64_t id) : id_{id} {}
  ConnectionId id() const noexcept override { return id_; }
  void accept() override { sent.emplace_back("accepted"); }
  void refuse(const Error& error) override {
    sent.push_back("refused " + describe(error));
    refusal = error.details();
  }
  void send_event(std::shared_ptr<const OutboundEvent> event) override {
    sent.push_back(event->name() + " " + boost::json::serialize(event->data()));
    last_event = std::move(event);
  }
  void send_ack(const AckId&, const boost::json::value& data) override {
    sent.push_back("ok " + boost::json::serialize(data));
  }
  void send_ack(const AckId&, const Error& error) override { sent.push_back("fail " + describe(error)); }
  void send_error_event(std::string_view event, const Error& error) override {
    sent.push_back("error " + std::string{event} + " " + describe(error));
  }
  void close(CloseCode, std::string reason) override { sent.push_back("close " + reason); }

  static std::string describe(const Error& error) {
    const auto* path = error.details().if_contains("path");
    return std::string{to_string(error.code())} + (path == nullptr ? "" : " " + std::string{path->as_string()});
  }

  std::vector<std::string> sent;
  boost::json::object refusal;
  std::shared_ptr<const OutboundEvent> last_event;

 private:
  ConnectionId id_;
};

}  // namespace sluice
