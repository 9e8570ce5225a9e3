#include "core/dispatch/dispatcher.h"

#include <doctest/doctest.h>

#include <stdexcept>

#include "core/log/log.h"
#include "core/metrics/metric_registry.h"
#include "tests/unit/core/dispatch/fake_connection.h"

namespace sluice {
namespace {

struct Move {
  Text<8> to;
};
BOOST_DESCRIBE_STRUCT(Move, (), (to))

class Handlers final : public Events {
 public:
  Handlers(Dispatcher& dispatcher, std::shared_ptr<CallbackScope> scope)
      : dispatcher_{dispatcher}, scope_{std::move(scope)} {}
  void on_raw(std::string_view name, RawHandler handler) override { dispatcher_.add(scope_, name, std::move(handler)); }
  void on_disconnect(DisconnectHandler handler) override { dispatcher_.add_disconnect(scope_, std::move(handler)); }
  [[nodiscard]] std::unique_ptr<LocalClient> connect(LocalClientOptions) override {
    throw Error{ErrorCode::unsupported, "no local clients"};
  }
  void broadcast(std::span<Client* const> clients, std::string_view event, json::value data) override {
    dispatcher_.broadcast(clients, event, std::move(data));
  }

 private:
  Dispatcher& dispatcher_;
  std::shared_ptr<CallbackScope> scope_;
};

constexpr std::size_t kMaxClients = 3;

struct Fixture {
  std::shared_ptr<FakeConnection> connect(std::uint64_t id, std::optional<std::string> token = {}) {
    auto connection = std::make_shared<FakeConnection>(id);
    ConnectRequest request;
    request.token = std::move(token);
    dispatcher.on_connect(connection, request);
    return connection;
  }
  void event(std::uint64_t id, const std::string& name, json::value data = nullptr,
             std::optional<AckId> ack = AckId{std::int64_t{1}}) {
    dispatcher.on_event(ConnectionId{id}, name, std::move(data), std::move(ack), clock.now());
  }

  ManualClock clock;
  MetricRegistry registry;
  std::shared_ptr<CallbackScope> scope = std::make_shared<CallbackScope>(CallbackScope::Options{.name = "test"}, clock,
                                                                         null_log(), registry.component("plugins"));
  Dispatcher dispatcher{[](const std::optional<std::string>& token) -> Result<Identity, Error> {
                          if (token == "bad") return Error{ErrorCode::unauthorized, "no"};
                          Identity identity;
                          identity.user_id = "u";
                          return identity;
                        },
                        kMaxClients, clock, null_log(), registry.component("signalling")};
  Handlers events{dispatcher, scope};
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a client whose token does not verify is refused with the code") {
  CHECK(connect(1, "bad")->sent.back() == "refused UNAUTHORIZED");
  CHECK(dispatcher.client_count() == 0);
  CHECK(connect(2)->sent.back() == "accepted");
  CHECK(dispatcher.client_count() == 1);
}

TEST_CASE_FIXTURE(Fixture, "clients are listed by their ids, with what is known of them, and found by them") {
  clock.advance(std::chrono::seconds{7});
  const auto second = connect(2);
  const auto first = connect(1);
  const auto clients = dispatcher.clients();
  REQUIRE(clients.size() == 2);
  CHECK(clients[0]->id() == ClientId{1});
  CHECK(clients[1]->id() == ClientId{2});
  CHECK(clients[0]->identity().user_id == "u");
  CHECK(clients[0]->connected_at() == clock.wall_time());
  CHECK(clients[0]->door() == DoorKind::socket_io);
  CHECK(dispatcher.find(ClientId{2}) == clients[1]);
  CHECK(dispatcher.find(ClientId{3}) == nullptr);
}

TEST_CASE_FIXTURE(Fixture, "one client more than the limit is refused until another leaves") {
  for (std::uint64_t id = 1; id <= kMaxClients; ++id) CHECK(connect(id)->sent.back() == "accepted");
  CHECK(connect(10)->sent.back() == "refused LIMIT_EXCEEDED");
  dispatcher.on_disconnected(ConnectionId{1}, DisconnectReason::client_left);
  CHECK(connect(11)->sent.back() == "accepted");
}

TEST_CASE_FIXTURE(Fixture, "a handler gets the typed request and its return value is the answer") {
  const auto connection = connect(1);
  events.on<Move>("move", [](Client&, const Move& move) { return json::value{{"went", move.to.c_str()}}; });
  events.on("silent", [](Client&, const Nothing&) {});
  event(1, "move", {{"to", "b4"}});
  CHECK(connection->sent.back() == R"(ok {"went":"b4"})");
  event(1, "silent");
  CHECK(connection->sent.back() == "ok {}");
}

TEST_CASE_FIXTURE(Fixture,
                  "a payload that does not fit is answered with the field's path and never reaches the handler") {
  const auto connection = connect(1);
  int calls = 0;
  events.on<Move>("move", [&](Client&, const Move&) { ++calls; });
  event(1, "move", {{"to", 7}});
  CHECK(connection->sent.back() == "fail INVALID_PAYLOAD to");
  event(1, "move", {{"to", "123456789"}}, std::nullopt);
  CHECK(connection->sent.back() == "error move INVALID_PAYLOAD to");
  event(1, "move", json::array{});
  CHECK(connection->sent.back() == "fail INVALID_PAYLOAD ");
  CHECK(calls == 0);
}

TEST_CASE_FIXTURE(Fixture, "an event that nobody answers to is UNKNOWN_EVENT") {
  const auto connection = connect(1);
  event(1, "nothing:here");
  CHECK(connection->sent.back() == "fail UNKNOWN_EVENT");
}

TEST_CASE_FIXTURE(Fixture, "what a handler throws is answered once, also when it took the reply with it") {
  const auto connection = connect(1);
  events.on("refuse", [](Client&, const Nothing&, Reply) { throw Error{ErrorCode::room_full, "full"}; });
  events.on("crash", [](Client&, const Nothing&, Reply) { throw std::runtime_error{"secret detail"}; });
  events.on("both", [](Client&, const Nothing&, Reply reply) {
    reply.ok();
    throw std::runtime_error{"too late"};
  });
  event(1, "refuse");
  CHECK(connection->sent.back() == "fail ROOM_FULL");
  event(1, "crash");
  CHECK(connection->sent.back() == "fail INTERNAL");
  event(1, "both");
  CHECK(connection->sent.back() == "ok {}");
  CHECK(connection->sent.size() == 4);
  CHECK(scope->usage().exceptions == 3);
}

TEST_CASE_FIXTURE(Fixture, "a reply may come later, exactly once, and not at all is INTERNAL") {
  const auto connection = connect(1);
  std::optional<Reply> later;
  events.on("later", [&](Client&, const Nothing&, Reply reply) { later.emplace(std::move(reply)); });
  events.on("forget", [](Client&, const Nothing&, Reply) {});
  event(1, "later");
  CHECK(connection->sent.size() == 1);
  later->ok(json::value{{"n", 1}});
  later->ok(json::value{{"n", 2}});
  CHECK(connection->sent.back() == R"(ok {"n":1})");
  CHECK(connection->sent.size() == 2);
  event(1, "later");
  later.reset();
  CHECK(connection->sent.back() == "fail INTERNAL");
  event(1, "forget");
  CHECK(connection->sent.back() == "fail INTERNAL");
  CHECK(connection->sent.size() == 4);
}

TEST_CASE_FIXTURE(Fixture, "events are counted by name and answer, with the time from their arrival to the answer") {
  connect(1);
  std::optional<Reply> later;
  events.on("later", [&](Client&, const Nothing&, Reply reply) { later.emplace(std::move(reply)); });
  events.on("refuse", [](Client&, const Nothing&) { throw Error{ErrorCode::room_full, "full"}; });
  events.on("crash", [](Client&, const Nothing&) { throw std::runtime_error{"secret detail"}; });
  const auto says = [&](std::string_view line) { return registry.expose().find(line) != std::string::npos; };
  event(1, "later");
  CHECK_FALSE(says("sluice_signalling_events_total{event=\"later\",result=\"ok\"} 1\n"));
  clock.advance(std::chrono::milliseconds{40});
  later->ok();
  CHECK(says("sluice_signalling_events_total{event=\"later\",result=\"ok\"} 1\n"));
  CHECK(says("sluice_signalling_event_seconds_bucket{event=\"later\",le=\"0.025\"} 0\n"));
  CHECK(says("sluice_signalling_event_seconds_bucket{event=\"later\",le=\"0.05\"} 1\n"));
  event(1, "refuse");
  CHECK(says("sluice_signalling_events_total{event=\"refuse\",result=\"refused\"} 1\n"));
  event(1, "crash");
  CHECK(says("sluice_signalling_events_total{event=\"crash\",result=\"failed\"} 1\n"));
}

TEST_CASE_FIXTURE(Fixture, "names that nobody answers to share one label") {
  connect(1);
  for (int i = 0; i < 300; ++i) event(1, "made:up:" + std::to_string(i));
  const std::string text = registry.expose();
  CHECK(text.find("sluice_signalling_events_total{event=\"unknown\",result=\"refused\"} 300\n") != std::string::npos);
  CHECK(text.find("made:up") == std::string::npos);
}

TEST_CASE_FIXTURE(Fixture, "clients are counted by door, and by why they went") {
  const auto says = [&](std::string_view line) { return registry.expose().find(line) != std::string::npos; };
  CHECK(says("sluice_signalling_clients{door=\"websocket\"} 0\n"));
  connect(1);
  connect(2);
  CHECK(says("sluice_signalling_clients{door=\"socket.io\"} 2\n"));
  dispatcher.on_disconnected(ConnectionId{1}, DisconnectReason::ping_timeout);
  CHECK(says("sluice_signalling_clients{door=\"socket.io\"} 1\n"));
  CHECK(says("sluice_signalling_disconnects_total{reason=\"ping_timeout\"} 1\n"));
}

TEST_CASE_FIXTURE(Fixture, "a reply to a client that has gone is dropped") {
  const auto connection = connect(1);
  std::optional<Reply> later;
  events.on("later", [&](Client&, const Nothing&, Reply reply) { later.emplace(std::move(reply)); });
  event(1, "later");
  dispatcher.on_disconnected(ConnectionId{1}, DisconnectReason::client_left);
  later->ok();
  CHECK(connection->sent.size() == 1);
}

TEST_CASE_FIXTURE(Fixture, "a second handler for a name is a defect that names the first plugin") {
  events.on("a", [](Client&, const Nothing&) {});
  CHECK_THROWS_WITH_AS(events.on("a", [](Client&, const Nothing&) {}), "plugin 'test' answers to the event 'a' already",
                       std::logic_error);
}

TEST_CASE_FIXTURE(Fixture, "a plugin's handlers go with it") {
  const auto connection = connect(1);
  events.on("a", [](Client&, const Nothing&) {});
  CHECK(dispatcher.events_of(*scope) == std::vector<std::string>{"a"});
  dispatcher.remove_all(*scope);
  event(1, "a");
  CHECK(connection->sent.back() == "fail UNKNOWN_EVENT");
}

TEST_CASE_FIXTURE(Fixture, "a broadcast is serialised once and shared") {
  const auto a = connect(1);
  const auto b = connect(2);
  std::vector<Client*> clients;
  events.on("me", [&](Client& client, const Nothing&) { clients.push_back(&client); });
  event(1, "me");
  event(2, "me");
  events.broadcast(clients, "news", json::value{{"x", 1}});
  CHECK(a->sent.back() == R"(news {"x":1})");
  CHECK(a->last_event == b->last_event);
}

TEST_CASE_FIXTURE(Fixture, "disconnect handlers run once, with the client still there") {
  connect(1);
  std::string seen;
  events.on_disconnect([&](Client& client, std::string_view reason) {
    seen += std::to_string(client.id().value()) + " " + std::string{reason};
  });
  dispatcher.on_disconnected(ConnectionId{1}, DisconnectReason::ping_timeout);
  dispatcher.on_disconnected(ConnectionId{1}, DisconnectReason::ping_timeout);
  CHECK(seen == "1 " + std::string{to_string(DisconnectReason::ping_timeout)});
}

}  // namespace sluice
