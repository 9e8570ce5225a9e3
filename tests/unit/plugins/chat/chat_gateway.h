#pragma once

#include <doctest/doctest.h>

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "sluice/contracts/audit.h"
#include "sluice/contracts/chat.h"
#include "sluice/contracts/meetings.h"
#include "sluice/plugin.h"
#include "sluice/testing/fake_host.h"
#include "sluice/testing/fake_meetings.h"
#include "sluice/testing/fake_rooms.h"
#include "tests/unit/plugins/sqlite_store.h"

extern "C" const sluice::PluginDescriptor sluice_plugin;

namespace sluice::testing {

inline Identity user(const std::string& id, const std::string& tenant = {}) {
  Identity identity;
  identity.user_id = id;
  identity.name = "User " + id;
  identity.tenant = tenant;
  return identity;
}

/// A folder for the length of a test.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "sluice-chat-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error{"no temporary folder"};
    path_ = pattern;
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  [[nodiscard]] std::string file(const std::string& name) const { return (path_ / name).string(); }
  [[nodiscard]] std::size_t count() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator{path_}, {}));
  }

 private:
  std::filesystem::path path_;
};

/// The store that a test may break; it answers in the order of the questions, as the real one.
class BreakableStore final : public Store {
 public:
  BreakableStore(FakeHost& host, Store& inner) : host_{host}, inner_{inner} { host.use_store(*this); }
  void migrate(std::span<const Migration> migrations) override { inner_.migrate(migrations); }
  void transact_raw(Function<void(StoreTransaction&)> work, Function<void(std::exception_ptr)> done) override {
    if (full) throw Error{ErrorCode::limit_exceeded, "too much work waits for the store"};
    if (!broken) return inner_.transact_raw(std::move(work), std::move(done));
    host_.background().run_raw(
        [] {}, [done = std::move(done)]() mutable { done(std::make_exception_ptr(std::runtime_error{"disk full"})); });
  }

  bool broken = false;
  bool full = false;

 private:
  FakeHost& host_;
  Store& inner_;
};

/// A gateway whose only plugin is the chat. Messages are sent and read as clients do it.
class ChatGateway {
 public:
  explicit ChatGateway(json::object options = {}, bool with_meetings = false, const std::string& database = ":memory:")
      : sqlite{host, "chat", database} {
    if (with_meetings) host.services().provide<Meetings>(meetings);
    host.bus().on<AuditEvent>([this](const AuditEvent& event) {
      audits.push_back(std::string{event.action} + " by " + event.actor.user_id);
    });
    start(std::move(options));
  }
  ~ChatGateway() {
    if (plugin) plugin->stop();
  }
  ChatGateway(const ChatGateway&) = delete;
  ChatGateway& operator=(const ChatGateway&) = delete;

  void start(json::object options) {
    plugin = sluice_plugin.create();
    plugin->start(host, Config{json::value(std::move(options))});
    host.run();
  }

  FakeRoom& room(const std::string& id, const std::string& tenant = {}) {
    RoomOptions options;
    options.id = id;
    options.tenant = tenant;
    return rooms.open(options);
  }
  static void allow(FakeRoom& room, Permission permission, LeastRole least) {
    RoomPolicy policy;
    policy.least_role[permission] = least;
    room.set_policy(policy);
  }
  FakeClient& join(FakeRoom& room, const std::string& id, Role role = Role::attendee) {
    FakeClient& client = host.connect(user(id, room.tenant()));
    room.join(client, role);
    return client;
  }
  Answer send(FakeClient& client, const std::string& text, json::object more = {}) {
    more["message"] = text;
    return host.call(client, "chat:send", json::value(more));
  }
  /// Sends, and gives the message's id.
  std::string said(FakeClient& client, const std::string& text, json::object more = {}) {
    return std::string{send(client, text, std::move(more))["messageId"].as_string()};
  }
  /// The texts of a page of the history, newest first.
  std::vector<std::string> history(FakeClient& client, const json::object& page = {}) {
    return texts(host.call(client, "chat:history", json::value(page))["messages"]);
  }
  /// The texts of the messages that the client was sent, in order.
  static std::vector<std::string> heard(const FakeClient& client) {
    std::vector<std::string> out;
    for (const json::value& message : client.sent("chat:message")) out.push_back(text_of(message));
    return out;
  }
  static std::vector<std::string> texts(const json::value& messages) {
    std::vector<std::string> out;
    for (const json::value& message : messages.as_array()) out.push_back(text_of(message));
    return out;
  }
  /// How many rows a table has.
  std::int64_t rows(const std::string& table) {
    return std::get<std::int64_t>(sqlite.database().query("SELECT COUNT(*) FROM " + table).at(0).at(0));
  }
  static std::string text_of(const json::value& message) { return std::string{message.at("message").as_string()}; }

  FakeHost host{"chat"};
  SqliteStore sqlite;
  BreakableStore store{host, sqlite};
  FakeRooms rooms{host};
  testing::FakeMeetings meetings;
  std::vector<std::string> audits;
  std::unique_ptr<Plugin> plugin;
};

using Texts = std::vector<std::string>;

}  // namespace sluice::testing
