#include <filesystem>

#include "tests/unit/plugins/livestream/control/stream_gateway.h"

namespace sluice::testing {

namespace {

constexpr const char* kLobbyLive = R"({"streams": [{"room": "lobby", "title": "Live", "layout": "grid",
    "targets": [{"url": "rtmp://server.example/live", "key": "wxyz-1234-secret"}]}]})";

std::string reason(const FakeClient& client) {
  return std::string{client.last("stream:stopped").at("reason").as_string()};
}

}  // namespace

TEST_CASE("a stream ends with its room") {
  StreamGateway gateway;
  FakeRoom& room = gateway.room();
  FakeClient& anna = gateway.join(room, "anna", Role::host);
  REQUIRE(gateway.host.call(anna, "stream:start").ok());
  room.close("closed");
  CHECK(!gateway.feeds.at(0)->alive);
  CHECK(gateway.job().stop_asked);
  gateway.host.advance(seconds{60});
  CHECK(!gateway.channels.at(0)->alive);
}

TEST_CASE("a stream of a room that stays empty ends, and one that somebody comes back to does not") {
  StreamGateway gateway{R"({"stop_when_empty_s": 10})"};
  FakeRoom& room = gateway.room();
  FakeClient& anna = gateway.join(room, "anna", Role::host);
  REQUIRE(gateway.host.call(anna, "stream:start").ok());
  room.leave(*room.find("p-anna"));
  gateway.host.advance(seconds{9});
  FakeClient& ben = gateway.join(room, "ben");
  gateway.host.advance(seconds{20});
  CHECK(!gateway.job().stop_asked);
  CHECK(ben.got("stream:started"));  // who comes later is told
  room.leave(*room.find("p-ben"));
  gateway.host.advance(seconds{12});
  CHECK(gateway.job().stop_asked);
  CHECK(gateway.audits.back() == "stream.stop by gateway");
}

TEST_CASE("a room whose policy forbids it is not streamed, nor any longer") {
  StreamGateway gateway{kLobbyLive};
  FakeRoom& room = gateway.room("cellar");
  FakeClient& anna = gateway.join(room, "anna", Role::host);
  REQUIRE(gateway.host.call(anna, "stream:start").ok());
  StreamGateway::allow(room, Permission::stream, std::nullopt);
  CHECK(reason(anna) == "forbidden");
  CHECK(gateway.host.call(anna, "stream:start").code() == "PERMISSION_DENIED");

  RoomOptions lobby;
  lobby.id = "lobby";
  lobby.policy.least_role[Permission::stream] = std::nullopt;
  gateway.rooms.open(lobby);
  gateway.host.run();
  CHECK(gateway.jobs() == 1);
}

TEST_CASE("a stream of the configuration begins when its room opens, and at each new gathering") {
  StreamGateway gateway{kLobbyLive};
  gateway.room("other");
  CHECK(gateway.jobs() == 0);
  FakeRoom& room = gateway.room("lobby");
  REQUIRE(gateway.jobs() == 1);
  const auto order = from_json<livestream::ProgramOrder>(json::value(gateway.job().options.arguments));
  CHECK(order.title == "Live");
  CHECK(order.layout == livestream::Layout::grid);
  CHECK(gateway.commands() == Names{"target"});
  CHECK(gateway.audits == Names{"stream.start by gateway"});

  FakeClient& anna = gateway.join(room, "anna", Role::host);
  CHECK(gateway.jobs() == 1);
  CHECK(anna.last("stream:started").at("startedBy").is_null());
  REQUIRE(gateway.host.call(anna, "stream:stop").ok());
  FakeClient& ben = gateway.join(room, "ben");
  CHECK(gateway.jobs() == 1);  // somebody has ended it
  room.leave(*room.find("p-anna"));
  room.leave(*room.find("p-ben"));
  FakeClient& carl = gateway.join(room, "carl");
  CHECK(gateway.jobs() == 2);
  CHECK(gateway.all_texts({&anna, &ben, &carl}).find("secret") == std::string::npos);
}

TEST_CASE("who comes back after a lost connection is told again") {
  StreamGateway gateway;
  FakeRoom& room = gateway.room();
  FakeClient& anna = gateway.join(room, "anna", Role::host);
  REQUIRE(gateway.host.call(anna, "stream:start").ok());
  FakeParticipant& seat = *room.find("p-anna");
  room.away(seat);
  FakeClient& again = gateway.host.connect(user("anna"));
  room.returned(seat, again);
  gateway.host.run();
  CHECK(again.got("stream:started"));
}

TEST_CASE("tenants' rooms of one name are apart, and watched by key") {
  StreamGateway gateway;
  FakeClient& anna = gateway.join(gateway.room("lobby"), "anna", Role::host);
  FakeClient& nina = gateway.join(gateway.room("lobby", "north"), "nina", Role::host);
  CHECK(gateway.watch("lobby").status() == 404);
  REQUIRE(gateway.host.call(nina, "stream:start").ok());
  const std::string key = gateway.channels.at(0)->options.key;
  REQUIRE(!key.empty());
  CHECK(nina.last("stream:started").at("hls").at("url").as_string() == "/live/lobby/index.m3u8?key=" + key);
  CHECK(gateway.watch("lobby").status() == 404);
  CHECK(gateway.watch("lobby", "guess").status() == 404);
  CHECK(gateway.watch("other", key).status() == 404);
  CHECK(gateway.watch("lobby", key).response().body == "file index.m3u8");
  CHECK(gateway.watch("lobby", {}, user("nora", "north")).status() == 200);  // whose key the channel asks for
  CHECK(!anna.got("stream:started"));

  REQUIRE(gateway.host.call(anna, "stream:start").ok());
  CHECK(gateway.channels.at(1)->options.key.empty());
  CHECK(gateway.watch("lobby").status() == 200);
}

TEST_CASE("a gateway that drains ends its streams and takes no more") {
  StreamGateway gateway;
  FakeRoom& room = gateway.room();
  FakeClient& anna = gateway.join(room, "anna", Role::host);
  REQUIRE(gateway.host.call(anna, "stream:start").ok());
  gateway.core->drain();
  CHECK(reason(anna) == "draining");
  CHECK(!gateway.core->drained());
  CHECK(gateway.host.call(anna, "stream:start").code() == "DRAINING");
  FakeJobs::enter_end(gateway.job(), {});
  CHECK(gateway.core->drained());
  gateway.core->stop();
  CHECK(!gateway.channels.at(0)->alive);
}

TEST_CASE("a gateway that stops kills what runs") {
  StreamGateway gateway;
  FakeClient& anna = gateway.join(gateway.room(), "anna", Role::host);
  REQUIRE(gateway.host.call(anna, "stream:start").ok());
  gateway.core->stop();
  CHECK(!gateway.job().alive);
  CHECK(!gateway.feeds.at(0)->alive);
}

TEST_CASE("other options hold for the next stream") {
  StreamGateway gateway;
  FakeClient& anna = gateway.join(gateway.room(), "anna", Role::host);
  REQUIRE(gateway.host.call(anna, "stream:start").ok());
  gateway.core->reconfigure(gateway.options_of(read(R"({"program": {"quality": "low"}})").as_object()));
  gateway.host.call(anna, "stream:stop");
  REQUIRE(gateway.host.call(anna, "stream:start").ok());
  CHECK(gateway.job().options.arguments.at("height") == 360);
}

TEST_CASE("what a killed gateway has left is removed, and nothing else") {
  const TemporaryFolder folder;
  const std::filesystem::path live{folder / "live"};
  std::filesystem::create_directories(live / "stream-old" / "run-2");
  std::filesystem::create_directories(live / "photographs");
  FakeHost host{"livestream"};
  FakeRooms rooms{host};
  livestream::Options options;
  options.hls.folder = live.string();
  livestream::Core core{host, options, {}};
  core.start();
  CHECK(!std::filesystem::exists(live / "stream-old"));
  CHECK(std::filesystem::exists(live / "photographs"));
}

}  // namespace sluice::testing
