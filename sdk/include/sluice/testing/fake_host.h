#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sluice/background.h"
#include "sluice/bus.h"
#include "sluice/host.h"
#include "sluice/log.h"
#include "sluice/plugin.h"
#include "sluice/services.h"
#include "sluice/store.h"
#include "sluice/testing/fake_client.h"
#include "sluice/testing/fake_events.h"
#include "sluice/testing/fake_http.h"
#include "sluice/testing/fake_jobs.h"
#include "sluice/testing/fake_metrics.h"
#include "sluice/testing/fake_router.h"
#include "sluice/testing/fake_timers.h"
#include "sluice/testing/fake_tokens.h"

/// A gateway for the tests of one plugin: one thread, no sockets, a clock that stands still.
///
///     FakeHost host;
///     Echo echo;
///     echo.start(host, Config{});
///     FakeClient& anna = host.connect({.user_id = "anna"});
///     CHECK(host.call(anna, "echo:join").ok());
///     host.advance(500ms);
///     CHECK(anna.got("echo:ready"));
namespace sluice::testing {

/// Runs the subscribers at once, in the order in which they came.
class FakeBus final : public Bus {
 public:
  void subscribe(std::string_view topic, RawHandler handler) override {
    subscribers_[std::string{topic}].push_back(std::move(handler));
  }
  void publish_raw(std::string_view topic, const void* event) override {
    published.emplace_back(topic);
    const auto found = subscribers_.find(topic);
    if (found == subscribers_.end()) return;
    for (std::size_t i = 0; i < found->second.size(); ++i) found->second[i](event);
  }

  /// The topics of all that was published, in order.
  std::vector<std::string> published;

 private:
  std::map<std::string, std::deque<RawHandler>, std::less<>> subscribers_;
};

/// What the plugin provides, and what the test provides to it.
class FakeServices final : public Services {
 public:
  void provide_raw(std::string_view service, void* implementation) override {
    const bool taken = !services_.emplace(service, implementation).second;
    if (taken) throw std::logic_error{"somebody provides '" + std::string{service} + "' already"};
  }
  [[nodiscard]] void* require_raw(std::string_view service) override {
    if (void* found = find_raw(service)) return found;
    throw std::logic_error{"nobody provides '" + std::string{service} + "'"};
  }
  [[nodiscard]] void* find_raw(std::string_view service) noexcept override {
    const auto found = services_.find(service);
    return found == services_.end() ? nullptr : found->second;
  }

 private:
  std::map<std::string, void*, std::less<>> services_;
};

/// Keeps the lines.
class FakeLog final : public Log {
 public:
  [[nodiscard]] bool enabled(LogLevel) const noexcept override { return true; }
  void write(LogLevel level, std::string_view message, std::initializer_list<LogField>) override {
    lines.emplace_back(level, std::string{message});
  }
  std::vector<std::pair<LogLevel, std::string>> lines;
};

/// Runs the jobs on the test's own thread, at FakeHost::run().
class FakeBackground final : public Background {
 public:
  void run_raw(Function<void()> job, Function<void()> done) override {
    waiting_.emplace_back(std::move(job), std::move(done));
  }
  void run() {
    while (!waiting_.empty()) {
      auto [job, done] = std::move(waiting_.front());
      waiting_.pop_front();
      job();
      done();
    }
  }

 private:
  std::deque<std::pair<Function<void()>, Function<void()>>> waiting_;
};

class FakeHost final : public Host {
 public:
  explicit FakeHost(std::string plugin = "plugin") : plugin_name_{std::move(plugin)} {}

  // Host
  FakeEvents& events() override { return events_; }
  FakeBus& bus() override { return bus_; }
  FakeServices& services() override { return services_; }
  FakeHttp& http() override { return http_; }
  FakeHttp& admin() override { return admin_; }
  FakeMedia& media() override { return media_; }
  /// The test's own; std::logic_error where it has set none.
  Store& store() override {
    if (store_ == nullptr) throw std::logic_error{"this FakeHost has no store: see FakeHost::use_store"};
    return *store_;
  }
  FakeMetrics& metrics() override { return metrics_; }
  FakeLog& log() override { return log_; }
  FakeTimers& timers() override { return timers_; }
  FakeBackground& background() override { return background_; }
  FakeJobs& jobs() override { return jobs_; }
  FakeTokens& tokens() override { return tokens_; }
  [[nodiscard]] std::string_view plugin_name() const noexcept override { return plugin_name_; }
  /// Not random: the same run gives the same tokens.
  [[nodiscard]] std::string random_token(int = 128) override { return "token-" + std::to_string(++last_token_); }

  void use_store(Store& store) noexcept { store_ = &store; }

  /// A new client, connected until disconnect().
  FakeClient& connect(Identity identity) {
    const ClientId id{++last_client_};
    FakeClient& client = *clients_.emplace(id, std::make_unique<FakeClient>(id, std::move(identity))).first->second;
    events_.connected(client);
    return client;
  }
  /// The client's connection is gone, and with it the FakeClient.
  void disconnect(FakeClient& client, std::string_view reason = "client_left") {
    const auto keep = std::move(clients_.at(client.id()));
    clients_.erase(client.id());
    events_.disconnect(*keep, reason);
    run();
  }
  /// Sends an event as `client`, then lets run what that has set going.
  Answer call(FakeClient& client, std::string_view event, const json::value& data = json::object()) {
    Answer answer = events_.call(client, event, data);
    run();
    return answer;
  }
  /// Callbacks of media and background jobs that wait, and the timers that are due.
  void run() { advance(Duration::zero()); }
  void advance(Duration by) {
    settle();
    timers_.advance(by);
    settle();
  }

 private:
  void settle() {
    for (int round = 0; round < 3; ++round) {  // what one sets going, another may have to end
      media_.run();
      background_.run();
      timers_.advance(Duration::zero());
    }
  }

  std::string plugin_name_;
  std::uint64_t last_token_ = 0;
  std::uint64_t last_client_ = 0;
  Store* store_ = nullptr;
  FakeTimers timers_;
  FakeTokens tokens_{timers_};
  FakeLog log_;
  FakeMetrics metrics_;
  FakeMedia media_;
  FakeBus bus_;
  FakeServices services_;
  FakeHttp http_;
  FakeHttp admin_;
  FakeBackground background_;
  FakeJobs jobs_;
  FakeEvents events_;
  std::map<ClientId, std::unique_ptr<FakeClient>> clients_;
};

}  // namespace sluice::testing
