#include "core/dispatch/local_door.h"

#include <doctest/doctest.h>

#include <boost/json/serialize.hpp>

#include "core/dispatch/dispatcher.h"
#include "core/log/log.h"
#include "core/metrics/metric_registry.h"

namespace sluice {
namespace {

constexpr std::size_t kMaxClients = 2;

std::shared_ptr<CallbackScope> make_scope(const std::string& name, const Clock& clock, MetricRegistry& registry) {
  return std::make_shared<CallbackScope>(CallbackScope::Options{.name = name}, clock, null_log(),
                                         registry.component("plugins"));
}

// A room plugin that answers events, and a door plugin that brings clients in.
struct Fixture {
  Fixture() {
    on("echo", [](Client&, const json::value& data, Reply reply) { reply.ok(json::value(data)); });
    on("refuse", [](Client&, const json::value&, Reply) { throw Error{ErrorCode::room_full, "full"}; });
    on("who", [](Client& client, const json::value&, Reply reply) {
      reply.ok(json::value{client.identity().user_id, client.remote_address(), client.user_agent()});
    });
    on("keep", [this](Client& client, const json::value&, Reply reply) {
      kept = &client;
      held.emplace(std::move(reply));
    });
    dispatcher.add_disconnect(rooms, [this](Client& client, std::string_view reason) {
      gone.push_back(std::to_string(client.id().value() - LocalDoor::kFirstId) + " " + std::string{reason});
    });
  }

  void on(std::string_view name, Events::RawHandler handler) { dispatcher.add(rooms, name, std::move(handler)); }
  LocalClientOptions options() {
    LocalClientOptions out;
    out.identity.user_id = "ada";
    out.remote_address = "[2001:db8::7]:4711";
    out.user_agent = "whip/1";
    out.on_event = [this](std::string_view event, const json::value& data) {
      note(std::string{event} + " " + json::serialize(data));
    };
    out.on_disconnected = [this](ErrorCode code, std::string_view reason) {
      note("disconnected " + std::string{to_string(code)} + " " + std::string{reason});
    };
    return out;
  }
  std::unique_ptr<LocalClient> connect() { return door.connect(doors, options()); }
  LocalClient::Answer noted() {
    return [this](const json::value& data, const Error* error) {
      note(error != nullptr ? "fail " + std::string{to_string(error->code())} : "ok " + json::serialize(data));
    };
  }
  void note(std::string what) {
    heard.push_back(std::move(what));
    scopes.push_back(CallbackScope::current());
  }
  std::vector<std::string> take() { return std::exchange(heard, {}); }

  ManualClock clock;
  MetricRegistry registry;
  ControlLoop loop{clock};
  std::shared_ptr<CallbackScope> rooms = make_scope("rooms", clock, registry);
  std::shared_ptr<CallbackScope> doors = make_scope("doors", clock, registry);
  Dispatcher dispatcher{[](const std::optional<std::string>&) -> Result<Identity, Error> {
                          return Error{ErrorCode::unauthorized, "nobody comes in by a token here"};
                        },
                        kMaxClients, clock, null_log(), registry.component("signalling")};
  LocalDoor door{dispatcher, loop};
  std::vector<std::string> heard;
  std::vector<std::shared_ptr<CallbackScope>> scopes;
  std::vector<std::string> gone;
  Client* kept = nullptr;
  std::optional<Reply> held;
};

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a plugin's client is a client with the identity and address that the plugin gave") {
  const auto client = connect();
  CHECK(dispatcher.client_count() == 1);
  client->call("who", {}, noted());
  loop.run_ready();
  CHECK(take() == Lines{R"(ok ["ada","[2001:db8::7]:4711","whip/1"])"});
}

TEST_CASE_FIXTURE(Fixture, "an address that is none is shown as none") {
  auto odd = options();
  odd.remote_address = "somewhere:99999";
  const auto client = door.connect(doors, std::move(odd));
  client->call("who", {}, noted());
  loop.run_ready();
  CHECK(take() == Lines{R"(ok ["ada","-","whip/1"])"});
}

TEST_CASE_FIXTURE(Fixture, "answers and errors arrive later, in order, in the scope of the plugin that connected") {
  const auto client = connect();
  client->call("echo", {{"n", 1}}, noted());
  client->call("refuse", {}, noted());
  client->call("nothing:here", {}, noted());
  client->call("echo", {{"n", 2}}, {});
  CHECK(heard.empty());
  loop.run_ready();
  CHECK(take() == Lines{R"(ok {"n":1})", "fail ROOM_FULL", "fail UNKNOWN_EVENT"});
  CHECK(scopes == std::vector{doors, doors, doors});
}

TEST_CASE_FIXTURE(Fixture, "what the client is sent arrives after who sends it has returned") {
  const auto client = connect();
  client->call("keep", {}, noted());
  loop.run_ready();
  REQUIRE(kept != nullptr);
  kept->send("news", {{"x", 1}});
  dispatcher.broadcast(std::array{kept}, "more", json::value{{"x", 2}});
  held->ok();
  CHECK(heard.empty());
  loop.run_ready();
  CHECK(take() == Lines{R"(news {"x":1})", R"(more {"x":2})", "ok {}"});
}

TEST_CASE_FIXTURE(Fixture, "ids of clients that plugins bring in never meet those of the other doors") {
  const auto first = connect();
  const auto second = connect();
  CHECK(first->id().value() == LocalDoor::kFirstId);
  CHECK(second->id().value() == LocalDoor::kFirstId + 1);
}

TEST_CASE_FIXTURE(Fixture, "a full gateway and one that drains take no more of them") {
  const auto first = connect();
  auto second = connect();
  const auto code_of = [this] {
    try {
      const auto refused = connect();
    } catch (const Error& error) {
      return std::string{to_string(error.code())};
    }
    return std::string{"taken"};
  };
  CHECK(code_of() == "LIMIT_EXCEEDED");
  second.reset();
  loop.run_ready();
  CHECK(code_of() == "taken");
  loop.run_ready();
  door.drain();
  CHECK(code_of() == "DRAINING");
}

TEST_CASE_FIXTURE(Fixture, "letting go of the client disconnects it, and nothing is called back after that") {
  auto client = connect();
  client->call("keep", {}, noted());
  loop.run_ready();
  client->call("echo", {}, noted());
  kept->send("news", {});
  client.reset();
  held->ok();
  CHECK(gone.empty());  // not inside the plugin's call
  loop.run_ready();
  CHECK(gone == Lines{"0 client_left"});
  CHECK(heard.empty());
  CHECK(dispatcher.client_count() == 0);
}

TEST_CASE_FIXTURE(Fixture, "a client that a plugin disconnects hears the code and the reason, once") {
  const auto client = connect();
  client->call("keep", {}, noted());
  loop.run_ready();
  kept->disconnect(ErrorCode::room_closed, "over");
  kept->disconnect(ErrorCode::internal, "again");
  kept->send("too late", {});
  CHECK(heard.empty());
  loop.run_ready();
  CHECK(take() == Lines{"disconnected ROOM_CLOSED over"});
  CHECK(gone == Lines{"0 server_closed"});
  client->call("echo", {}, noted());
  loop.run_ready();
  CHECK(heard.empty());
}

TEST_CASE_FIXTURE(Fixture, "when the gateway stops its clients hear that it drains") {
  const auto client = connect();
  dispatcher.close_all("the gateway stops");
  loop.run_ready();
  CHECK(take() == Lines{"disconnected DRAINING the gateway stops"});
}

TEST_CASE_FIXTURE(Fixture, "the client may be destroyed inside each of its own callbacks") {
  std::unique_ptr<LocalClient> client;
  auto own = options();
  const auto token = std::make_shared<int>(7);  // read after the destruction: what runs must still be there
  std::vector<int> read;
  own.on_event = [&client, token, &read](std::string_view, const json::value&) {
    client.reset();
    read.push_back(*token);
  };
  own.on_disconnected = [&client, token, &read](ErrorCode, std::string_view) {
    client.reset();
    read.push_back(*token);
  };
  client = door.connect(doors, std::move(own));

  SUBCASE("an event") {
    client->call("keep", {}, {});
    loop.run_ready();
    kept->send("news", {});
  }
  SUBCASE("the end") { dispatcher.close_all("stop"); }
  SUBCASE("an answer") {
    client->call("echo", {}, [&client, token, &read](const json::value&, const Error*) {
      client.reset();
      read.push_back(*token);
    });
  }
  loop.run_ready();
  CHECK(read == std::vector{7});
  CHECK(dispatcher.client_count() == 0);
  CHECK(token.use_count() == 1);  // nothing of the plugin's is kept
}

TEST_CASE_FIXTURE(Fixture, "clients of a plugin that stops are disconnected, and its callbacks are gone at once") {
  const auto other_scope = make_scope("other", clock, registry);
  const auto token = std::make_shared<int>(1);
  auto own = options();
  own.on_event = [token](std::string_view, const json::value&) {};
  own.on_disconnected = [token](ErrorCode, std::string_view) {};
  const auto client = door.connect(doors, std::move(own));
  const auto other = door.connect(other_scope, options());
  client->call("keep", {}, [token](const json::value&, const Error*) {});
  loop.run_ready();

  doors->close();
  door.remove_all(*doors);
  CHECK(token.use_count() == 1);
  loop.run_ready();
  CHECK(gone == Lines{"0 client_left"});
  CHECK(dispatcher.client_count() == 1);
  other->call("echo", {}, noted());
  loop.run_ready();
  CHECK(take() == Lines{"ok {}"});
}

TEST_CASE_FIXTURE(Fixture, "calls that are not answered are bounded") {
  const auto client = connect();
  for (std::size_t i = 0; i < kMaxLocalCalls; ++i) client->call("keep", {}, noted());
  client->call("echo", {}, noted());
  loop.run_ready();
  CHECK(std::ranges::count(heard, "fail RATE_LIMITED") == 1);
}

TEST_CASE_FIXTURE(Fixture, "the door forgets connections that have ended") {
  for (int i = 0; i < 1000; ++i) {
    connect().reset();
    loop.run_ready();
  }
  CHECK(dispatcher.client_count() == 0);
  CHECK(gone.size() == 1000);
}

}  // namespace sluice
