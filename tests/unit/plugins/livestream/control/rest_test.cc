#include "tests/unit/plugins/livestream/control/stream_gateway.h"

namespace sluice::testing {

namespace {

const std::string kRoot = "/api/rooms/{roomId}/stream";
const std::string kTarget = R"({"url": "rtmp://server.example/live", "key": "wxyz-1234-secret"})";

}  // namespace

TEST_CASE("who is in the room and may stream does so by REST") {
  StreamGateway gateway;
  FakeRoom& room = gateway.room();
  gateway.join(room, "anna", Role::host);
  gateway.join(room, "ben");
  const std::map<std::string, std::string, std::less<>> lobby{{"roomId", "lobby"}};
  const auto call = [&](const std::string& method, const std::string& path, const Identity& who,
                        const std::string& body = {}) { return gateway.rest(method, kRoot + path, who, lobby, body); };
  Identity guest = user("anna");
  guest.guest = true;
  CHECK(call("POST", "/start", guest).status() == 401);
  CHECK(call("POST", "/start", user("carl")).status() == 409);
  CHECK(StreamGateway::code(call("POST", "/start", user("carl"))) == "NOT_IN_ROOM");
  CHECK(call("POST", "/start", user("anna", "north")).status() == 404);
  CHECK(call("POST", "/start", user("ben")).status() == 403);
  CHECK(call("POST", "/stop", user("anna")).status() == 409);
  CHECK(call("GET", "", user("ben")).body().at("data").at("live") == json::value(false));

  const HttpAnswer started = call("POST", "/start", user("anna"), R"({"layout": "grid", "title": "By REST"})");
  REQUIRE(started.status() == 201);
  const json::value body = started.body();
  CHECK(body.at("data").at("hls").at("watch_url") == "/live/lobby");
  CHECK(body.at("data").at("started_at") == "2001-09-09T01:46:40.000Z");
  CHECK(body.at("data").at("title") == "By REST");
  const HttpAnswer added = call("POST", "/targets", user("anna"), kTarget);
  REQUIRE(added.status() == 201);
  CHECK(added.response().body.find("secret") == std::string::npos);
  CHECK(added.body().at("data").at("masked_rtmp_url").as_string().starts_with("rtmp://server.example/live/"));
  CHECK(call("GET", "", user("anna")).body().at("data").at("targets").as_array().size() == 1);
  CHECK(!call("GET", "", user("ben")).body().at("data").as_object().contains("targets"));
  CHECK(call("POST", "/layout", user("anna"), R"({"layout": "speaker"})").body().at("data").at("layout") == "speaker");
  CHECK(gateway.rest("DELETE", kRoot + "/targets/{targetId}", user("anna"), {{"roomId", "lobby"}, {"targetId", "1"}})
            .status() == 200);
  CHECK(call("POST", "/stop", user("anna")).body().at("data").at("state") == "stopping");
}

TEST_CASE("who manages a meeting streams it, also from outside, bound by its policy") {
  StreamGateway gateway{"{}", true};
  CHECK(gateway.part("POST", user("host"), "/start").status() == 409);  // not live
  FakeRoom& room = gateway.room("meeting");
  gateway.join(room, "ben");
  CHECK(gateway.meetings.figures.at("stream_active")(gateway.meetings.info) == json::value(false));
  const HttpAnswer started = gateway.part("POST", user("cohost"), "/start");
  REQUIRE(started.status() == 201);
  CHECK(started.body().at("data").at("title") == "Weekly");
  CHECK(started.body().at("data").at("started_by") == "User cohost");
  CHECK(gateway.meetings.figures.at("stream_active")(gateway.meetings.info) == json::value(true));
  CHECK(gateway.meetings.figures.at("stream_viewers")(gateway.meetings.info) == 0);
  CHECK(gateway.part("POST", user("host"), "/targets", kTarget).status() == 201);
  CHECK(gateway.part("POST", user("host"), "/layout", R"({"layout": "grid"})").status() == 200);
  CHECK(gateway.part("GET", user("host"), "").body().at("data").as_object().contains("targets"));
  CHECK(!gateway.part("GET", user("ben"), "").body().at("data").as_object().contains("targets"));
  CHECK(gateway.part("DELETE", user("host"), "/targets/1").status() == 200);
  CHECK(gateway.part("POST", user("cohost"), "/stop").status() == 200);

  StreamGateway::allow(room, Permission::stream, Role::host);
  CHECK(gateway.part("POST", user("cohost"), "/start").status() == 403);
  StreamGateway::allow(room, Permission::stream, std::nullopt);
  CHECK(gateway.part("POST", user("host"), "/start").status() == 403);
}

TEST_CASE("the operator sees all streams with their processes, and ends them") {
  StreamGateway gateway{R"({"hls": {"access": "key"}})"};
  FakeClient& anna = gateway.join(gateway.room(), "anna", Role::host);
  REQUIRE(gateway.host.call(anna, "stream:start").ok());
  gateway.feeds.at(0)->figures = {.bytes = 9, .dropped_packets = 3, .tracks = 2};
  const HttpAnswer seen = gateway.admin("GET", "/livestream/streams");
  const json::value body = seen.body();
  const json::value& stream = body.at("data").at("streams").at(0);
  CHECK(stream.at("pid") == 1);
  CHECK(stream.at("feed").at("dropped_packets") == 3);
  CHECK(seen.response().body.find(gateway.channels.at(0)->options.key) == std::string::npos);
  CHECK(gateway.admin("POST", "/livestream/streams/{id}/stop", "other").status() == 404);
  const std::string id{stream.at("stream_id").as_string()};
  CHECK(gateway.admin("POST", "/livestream/streams/{id}/stop", id).status() == 200);
  CHECK(anna.last("stream:stopped").at("reason") == "operator");
}

TEST_CASE("the address of a room's stream leads to the page that plays it") {
  StreamGateway gateway;
  const HttpAnswer page =
      gateway.rest("GET", "/live/{room}", user("viewer"), {{"room", "a b&c"}}, {}, {{"key", "k/1"}});
  CHECK(page.status() == 302);
  CHECK(page.response().headers.at("Location") == "/watch.html?room=a%20b%26c&key=k%2F1");
  CHECK(!gateway.host.http().served.at("GET /live/{room}/{file}").rate_limited);
}

}  // namespace sluice::testing
