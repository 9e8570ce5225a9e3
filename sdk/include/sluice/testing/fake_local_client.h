#pragma once

#include <algorithm>
#include <deque>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "sluice/events.h"

namespace sluice::testing {

/// The gateway's side of a client that the plugin has brought in: the test answers its calls. Like the gateway it never
/// calls the plugin back from inside the plugin's own call.
class FakeLocalClient {
 public:
  struct Call {
    std::string event;
    json::value data;
    LocalClient::Answer answer;
  };

  FakeLocalClient(ClientId client, LocalClientOptions given) : id{client}, options{std::move(given)} {}

  const ClientId id;
  LocalClientOptions options;

  /// The plugin holds it, and the gateway has not ended it.
  [[nodiscard]] bool connected() const noexcept { return connected_; }
  /// The names of the calls that wait for their answers, oldest first.
  [[nodiscard]] std::vector<std::string> waiting() const {
    std::vector<std::string> names;
    for (const Call& call : waiting_) names.push_back(call.event);
    return names;
  }
  /// Every call that was made, in order.
  [[nodiscard]] const std::vector<std::pair<std::string, json::value>>& calls() const noexcept { return calls_; }
  /// What the oldest waiting call of that name asks. Throws std::logic_error if there is none.
  [[nodiscard]] const json::value& asked(std::string_view event) { return find(event)->data; }

  /// Answers the oldest waiting call of that name. Throws std::logic_error if there is none.
  void answer(std::string_view event, const json::value& data = json::object()) { take(event)(data, nullptr); }
  void fail(std::string_view event, const Error& error) { take(event)(nullptr, &error); }
  /// Sends the client an event.
  void send(std::string_view event, const json::value& data = json::object()) {
    if (connected_ && options.on_event) options.on_event(event, data);
  }
  /// The gateway ends the connection.
  void disconnect(ErrorCode code, std::string_view reason) {
    if (!std::exchange(connected_, false)) return;
    waiting_.clear();
    if (options.on_disconnected) options.on_disconnected(code, reason);
  }

  // What the plugin's handle does.
  void call(std::string_view event, json::value data, LocalClient::Answer answer) {
    if (!connected_) return;
    calls_.emplace_back(std::string{event}, data);
    waiting_.push_back(Call{std::string{event}, std::move(data), std::move(answer)});
  }
  void leave() {
    connected_ = false;
    const auto dropped = std::exchange(waiting_, {});
  }

 private:
  std::deque<Call>::iterator find(std::string_view event) {
    const auto found = std::ranges::find(waiting_, event, &Call::event);
    if (found == waiting_.end()) throw std::logic_error{"no call of '" + std::string{event} + "' waits"};
    return found;
  }
  LocalClient::Answer take(std::string_view event) {
    const auto found = find(event);
    LocalClient::Answer answer = std::move(found->answer);
    waiting_.erase(found);
    return answer;
  }

  std::deque<Call> waiting_;
  std::vector<std::pair<std::string, json::value>> calls_;
  bool connected_ = true;
};

/// What FakeEvents::connect gives the plugin.
class FakeLocalClientHandle final : public LocalClient {
 public:
  explicit FakeLocalClientHandle(std::shared_ptr<FakeLocalClient> client) : client_{std::move(client)} {}
  ~FakeLocalClientHandle() override { client_->leave(); }
  FakeLocalClientHandle(const FakeLocalClientHandle&) = delete;
  FakeLocalClientHandle& operator=(const FakeLocalClientHandle&) = delete;
  [[nodiscard]] ClientId id() const noexcept override { return client_->id; }
  void call(std::string_view event, json::value data, Answer answer) override {
    client_->call(event, std::move(data), std::move(answer));
  }

 private:
  // Owners: the plugin's handle, and FakeEvents, which keeps it for the test to look at.
  std::shared_ptr<FakeLocalClient> client_;
};

}  // namespace sluice::testing
