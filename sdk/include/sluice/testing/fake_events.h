#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sluice/events.h"
#include "sluice/testing/fake_local_client.h"

namespace sluice::testing {

/// What became of one client event; filled when the plugin answers, which may be later.
class Answer {
 public:
  [[nodiscard]] bool done() const noexcept { return state_->data || state_->error; }
  [[nodiscard]] bool ok() const noexcept { return state_->data.has_value(); }
  /// The ack's data. Throws std::logic_error, with the error's text, where there is none.
  [[nodiscard]] const json::value& data() const {
    if (state_->data) return *state_->data;
    throw std::logic_error{state_->error ? std::string{"refused: "} + state_->error->what() : "not answered yet"};
  }
  [[nodiscard]] const json::value& operator[](std::string_view field) const { return data().as_object().at(field); }
  /// `INVALID_PAYLOAD`; empty while there is no error.
  [[nodiscard]] std::string_view code() const { return state_->error ? to_string(state_->error->code()) : ""; }
  [[nodiscard]] std::string message() const { return state_->error ? state_->error->what() : ""; }
  [[nodiscard]] json::object details() const { return state_->error ? state_->error->details() : json::object(); }
  /// The Reply was dropped without an answer, or answered twice: a defect of the plugin.
  [[nodiscard]] bool mishandled() const noexcept { return state_->mishandled; }

 private:
  friend class FakeEvents;
  struct State final : Reply::Sink {
    void ok(json::value answer) override {
      if (!error) data.emplace(std::move(answer));
    }
    void fail(const Error& reason) override {
      if (!data && !error) error.emplace(reason);
    }
    void abandoned() override {
      if (handler_runs) return;  // it may be on its way out with an exception, which is the better answer
      mishandled = true;
      fail(Error{ErrorCode::internal, "the handler gave no answer"});
    }
    void completed_twice() override { mishandled = true; }

    std::optional<json::value> data;
    std::optional<Error> error;
    bool handler_runs = true;
    bool mishandled = false;
  };
  // Owners: the test's answer, and the plugin's Reply.
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

/// Client events without a network: the test is the client.
class FakeEvents final : public Events {
 public:
  FakeEvents() = default;
  FakeEvents(const FakeEvents&) = delete;
  FakeEvents& operator=(const FakeEvents&) = delete;
  /// Local clients that wait for an answer to their last call may be held by that call itself.
  ~FakeEvents() override {
    for (const auto& client : local_clients_) client->leave();
  }

  void on_raw(std::string_view name, RawHandler handler) override {
    const bool taken = !handlers_.emplace(name, std::move(handler)).second;
    if (taken) throw std::logic_error{"the event '" + std::string{name} + "' is answered to already"};
  }
  void on_disconnect(DisconnectHandler handler) override { disconnect_handlers_.push_back(std::move(handler)); }
  [[nodiscard]] std::unique_ptr<LocalClient> connect(LocalClientOptions options) override {
    if (refuse_local_clients) throw Error{*refuse_local_clients};
    const ClientId id{kFirstLocalClient + local_clients_.size()};
    return std::make_unique<FakeLocalClientHandle>(
        local_clients_.emplace_back(std::make_shared<FakeLocalClient>(id, std::move(options))));
  }
  void broadcast(std::span<Client* const> clients, std::string_view event, json::value data) override {
    ++broadcasts_;
    for (Client* client : clients) client->send(event, data);
  }

  [[nodiscard]] std::vector<Client*> find_clients(Function<bool(const Identity&)> which) override {
    std::vector<Client*> out;
    for (Client* client : connected_) {
      if (which(client->identity())) out.push_back(client);
    }
    return out;
  }
  /// A client is there, until `disconnect`.
  void connected(Client& client) { connected_.push_back(&client); }

  /// Sends `event` as `client` and gives what the plugin answers, as the gateway would: what a handler throws is the
  /// error, and an unknown event is UNKNOWN_EVENT.
  Answer call(Client& client, std::string_view event, const json::value& data) {
    Answer answer;
    const auto handler = handlers_.find(event);
    if (handler == handlers_.end()) {
      answer.state_->fail(Error{ErrorCode::unknown_event, "nobody answers to '" + std::string{event} + "'"});
      return answer;
    }
    try {
      handler->second(client, data, Reply{answer.state_});
    } catch (const Error& error) {
      answer.state_->fail(error);
    } catch (const std::exception& error) {
      answer.state_->fail(Error{ErrorCode::internal, error.what()});
    }
    answer.state_->handler_runs = false;
    // Only this call is left: the handler dropped its Reply.
    if (!answer.done() && answer.state_.use_count() == 1) answer.state_->abandoned();
    return answer;
  }
  void disconnect(Client& client, std::string_view reason) {
    std::erase(connected_, &client);
    for (auto& handler : disconnect_handlers_) handler(client, reason);
  }

  /// The names that the plugin answers to, sorted.
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> out;
    for (const auto& [name, handler] : handlers_) out.push_back(name);
    return out;
  }
  [[nodiscard]] std::size_t broadcasts() const noexcept { return broadcasts_; }

  /// How many clients the plugin has brought in, those that have left again included.
  [[nodiscard]] std::size_t local_client_count() const noexcept { return local_clients_.size(); }
  /// The `index`th of them. Throws std::out_of_range.
  [[nodiscard]] FakeLocalClient& local_client(std::size_t index) { return *local_clients_.at(index); }
  /// What `connect` refuses the next ones with.
  std::optional<Error> refuse_local_clients;

 private:
  static constexpr std::uint64_t kFirstLocalClient = 1'000'000;

  std::map<std::string, RawHandler, std::less<>> handlers_;
  std::vector<DisconnectHandler> disconnect_handlers_;
  std::vector<Client*> connected_;
  std::vector<std::shared_ptr<FakeLocalClient>> local_clients_;
  std::size_t broadcasts_ = 0;
};

}  // namespace sluice::testing
