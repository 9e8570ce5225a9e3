#pragma once

#include <string>
#include <utility>
#include <vector>

#include "sluice/client.h"

namespace sluice::testing {

/// A client that keeps what it is sent. FakeHost::connect makes one.
class FakeClient final : public Client {
 public:
  struct Sent {
    std::string event;
    json::value data;
  };

  FakeClient(ClientId id, Identity identity) : id_{id}, identity_(std::move(identity)) {}

  // Client
  [[nodiscard]] ClientId id() const noexcept override { return id_; }
  [[nodiscard]] const Identity& identity() const noexcept override { return identity_; }
  [[nodiscard]] const std::string& remote_address() const noexcept override { return remote_address_; }
  [[nodiscard]] const std::string& user_agent() const noexcept override { return user_agent_; }
  void send(std::string_view event, json::value data) override {
    sent_.push_back(Sent{std::string{event}, std::move(data)});
  }
  void disconnect(ErrorCode code, std::string_view) override { disconnected_ = code; }

  /// Everything since the last clear(), in order.
  [[nodiscard]] const std::vector<Sent>& sent() const noexcept { return sent_; }
  /// The data of every event of that name, in order.
  [[nodiscard]] std::vector<json::value> sent(std::string_view event) const {
    std::vector<json::value> out;
    for (const Sent& one : sent_) {
      if (one.event == event) out.push_back(one.data);
    }
    return out;
  }
  [[nodiscard]] bool got(std::string_view event) const { return !sent(event).empty(); }
  /// The data of the newest event of that name. Throws std::out_of_range if there is none.
  [[nodiscard]] json::value last(std::string_view event) const {
    const auto all = sent(event);
    if (all.empty()) throw std::out_of_range{"the client was not sent '" + std::string{event} + "'"};
    return all.back();
  }
  void clear() noexcept { sent_.clear(); }
  /// With which code the plugin closed the connection, if it did.
  [[nodiscard]] std::optional<ErrorCode> disconnected() const noexcept { return disconnected_; }

 private:
  ClientId id_;
  Identity identity_;
  std::string remote_address_ = "192.0.2.1:50000";
  std::string user_agent_ = "sluice-fake-client";
  std::vector<Sent> sent_;
  std::optional<ErrorCode> disconnected_;
};

}  // namespace sluice::testing
