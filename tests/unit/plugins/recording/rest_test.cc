#include "tests/unit/plugins/recording/recording_gateway.h"

using namespace std::chrono_literals;

namespace sluice::testing {

namespace {

constexpr const char* kStart = "/api/rooms/{roomId}/recording/start";
constexpr const char* kOne = "/api/recordings/{id}";
constexpr const char* kFile = "/api/recordings/{id}/file";
constexpr const char* kFiles = "/api/recordings/{id}/files/{name}";

Identity guest() {
  Identity out = user("guest-1");
  out.guest = true;
  return out;
}

struct Lobby {
  explicit Lobby(json::object options = {}) : gateway{std::move(options)} {}
  HttpAnswer get(const char* route, const Identity& who, const std::string& id, const std::string& ticket = {},
                 bool download = false) {
    std::map<std::string, std::string, std::less<>> query;
    if (!ticket.empty()) query["ticket"] = ticket;
    if (download) query["download"] = "1";
    return gateway.rest("GET", route, who, {{"id", id}, {"name", "thumbnail.jpg"}}, {}, query);
  }
  std::string ticket_of(const std::string& id, const Identity& who) {
    const HttpAnswer answer = get(kOne, who, id);
    const std::string url{answer.body().at("data").at("url").as_string()};
    return url.substr(url.find('=') + 1);
  }
  static std::string content(const HttpAnswer& answer) {
    std::ifstream in{answer.response().file};
    return {std::istreambuf_iterator<char>{in}, {}};
  }

  RecordingGateway gateway;
  FakeRoom& room = gateway.room("lobby", "acme");
  FakeClient& anna = gateway.join(room, "anna", Role::host);
  FakeClient& ben = gateway.join(room, "ben");
};

}  // namespace

TEST_CASE("a room is recorded by REST by a user who is in it and may") {
  Lobby lobby;
  const auto post = [&](const std::string& verb, const Identity& who, const std::string& body = {},
                        const std::string& room = "lobby") {
    return lobby.gateway.rest("POST", "/api/rooms/{roomId}/recording/" + verb, who, {{"roomId", room}}, body);
  };
  const Identity anna = user("anna", "acme");
  CHECK(post("start", user("ben", "acme")).status() == 403);
  CHECK(post("start", user("eve", "acme")).status() == 409);
  CHECK(post("start", user("anna", "other")).status() == 404);
  CHECK(post("start", anna, {}, "attic").status() == 404);
  CHECK(post("start", anna, R"({"quality": "huge"})").status() == 400);
  const HttpAnswer started = post("start", anna, R"({"screen_share": false, "quality": "ultra"})");
  REQUIRE(started.status() == 201);
  CHECK(started.body().at("data").at("quality") == "ultra");
  CHECK(started.body().at("data").at("started_by") == "anna");
  CHECK(post("start", anna).status() == 409);
  CHECK(post("resume", anna).status() == 409);
  CHECK(post("pause", anna).body().at("data").at("state") == "paused");
  CHECK(post("resume", anna).body().at("data").at("state") == "capturing");
  CHECK(post("stop", anna).body().at("data").at("state") == "captured");
  CHECK(post("stop", anna).status() == 409);
}

TEST_CASE("a recording is seen by who was there, and does not exist for others") {
  Lobby lobby;
  const std::string id = lobby.gateway.ready(lobby.anna);
  const HttpAnswer seen = lobby.get(kOne, user("ben", "acme"), id);
  REQUIRE(seen.status() == 200);
  const json::value data = seen.body().at("data");
  CHECK(data.at("id") == json::value(id));
  CHECK(data.at("type") == "video");
  CHECK(data.at("state") == "ready");
  CHECK(data.at("duration_seconds") == 90.0);
  CHECK(data.at("created_at") == "2001-09-09T01:46:40.000Z");
  CHECK(data.at("files").as_array().size() == 2);
  for (const Identity& who : {user("eve", "acme"), user("anna", "other"), user("anna")}) {
    CAPTURE(who.tenant);
    for (const char* route : {kOne, kFile, kFiles}) CHECK(lobby.get(route, who, id).status() == 404);
    CHECK(lobby.gateway.rest("DELETE", kOne, who, {{"id", id}}).status() == 404);
  }
  CHECK(lobby.get(kOne, guest(), id).status() == 401);
  CHECK(lobby.get(kOne, user("ben", "acme"), "other").status() == 404);
}

TEST_CASE("the list has what the caller has started or was at, page by page") {
  Lobby lobby;
  const std::string first = lobby.gateway.ready(lobby.anna);
  lobby.gateway.host.advance(1s);
  const std::string second = lobby.gateway.begin(lobby.anna);
  const auto list = [&](const Identity& who, std::map<std::string, std::string, std::less<>> query = {}) {
    return lobby.gateway.rest("GET", "/api/recordings", who, {}, {}, std::move(query)).body();
  };
  const json::value all = list(user("ben", "acme"));
  REQUIRE(all.at("data").at("recordings").as_array().size() == 2);
  CHECK(all.at("data").at("recordings").at(0).at("id") == json::value(second));
  CHECK(all.at("pagination").at("total") == 2);
  const json::value page = list(user("ben", "acme"), {{"limit", "1"}, {"offset", "1"}, {"room", "lobby"}});
  CHECK(page.at("data").at("recordings").at(0).at("id") == json::value(first));
  CHECK(page.at("pagination").at("has_more") == false);
  CHECK(list(user("ben", "acme"), {{"room", "attic"}}).at("pagination").at("total") == 0);
  CHECK(list(user("eve", "acme")).at("pagination").at("total") == 0);
  CHECK(list(user("ben", "other")).at("pagination").at("total") == 0);
  CHECK(list(user("ben", "acme"), {{"limit", "many"}}).at("success") == false);
}

TEST_CASE("files are shown in place or saved under the title, by a token or by a ticket") {
  Lobby lobby;
  const std::string id = lobby.gateway.ready(lobby.anna);
  const Identity ben = user("ben", "acme");
  const HttpAnswer shown = lobby.get(kFile, ben, id);
  REQUIRE(shown.status() == 200);
  CHECK(Lobby::content(shown) == "film");
  CHECK(shown.response().content_type == "video/mp4");
  CHECK(shown.response().headers.count("Content-Disposition") == 0);
  CHECK(shown.response().headers.at("X-Content-Type-Options") == "nosniff");
  const HttpAnswer saved = lobby.get(kFile, ben, id, {}, true);
  CHECK(saved.response().headers.at("Content-Disposition").find("attachment; filename=\"The lobby 2001-09-09.mp4\"") ==
        0);
  CHECK(Lobby::content(lobby.get(kFiles, ben, id)) == "jpg");
  CHECK(lobby.gateway.audits.back() == "recording.download by ben");

  const std::string ticket = lobby.ticket_of(id, ben);
  CHECK(Lobby::content(lobby.get(kFile, guest(), id, ticket)) == "film");
  CHECK(lobby.get(kFile, guest(), id, "other").status() == 404);
  CHECK(lobby.get(kFile, guest(), id).status() == 404);
  const std::string other = lobby.gateway.ready(lobby.anna);
  CHECK(lobby.get(kFile, guest(), other, ticket).status() == 404);
}

TEST_CASE("a ticket's time ends, and it is the same one while half of it is left") {
  Lobby lobby{{{"url_lifetime_minutes", 10}}};
  const std::string id = lobby.gateway.ready(lobby.anna);
  const Identity ben = user("ben", "acme");
  const std::string ticket = lobby.ticket_of(id, ben);
  CHECK(lobby.ticket_of(id, ben) == ticket);
  lobby.gateway.host.advance(6min);
  CHECK(lobby.ticket_of(id, ben) != ticket);
  CHECK(lobby.get(kFile, guest(), id, ticket).status() == 200);
  lobby.gateway.host.advance(4min);
  CHECK(lobby.get(kFile, guest(), id, ticket).status() == 404);
}

TEST_CASE("what is not ready has no file yet") {
  Lobby lobby;
  const std::string id = lobby.gateway.begin(lobby.anna);
  CHECK(lobby.get(kFile, user("anna", "acme"), id).status() == 409);
  CHECK_FALSE(lobby.get(kOne, user("anna", "acme"), id).body().at("data").as_object().contains("url"));
}

TEST_CASE("who has started or moderated it deletes it, and nothing is left") {
  Lobby lobby;
  const std::string id = lobby.gateway.ready(lobby.anna);
  const auto remove = [&](const Identity& who) { return lobby.gateway.rest("DELETE", kOne, who, {{"id", id}}); };
  const std::string ticket = lobby.ticket_of(id, user("ben", "acme"));
  CHECK(remove(user("ben", "acme")).status() == 403);
  CHECK(remove(guest()).status() == 401);
  CHECK(remove(user("anna", "acme")).status() == 200);
  CHECK(lobby.gateway.audits.back() == "recording.delete by anna");
  CHECK(lobby.get(kOne, user("anna", "acme"), id).status() == 404);
  CHECK(lobby.get(kFile, guest(), id, ticket).status() == 404);
  CHECK(remove(user("anna", "acme")).status() == 404);
  lobby.gateway.host.run();
  CHECK_FALSE(lobby.gateway.exists("products/acme/" + id));
  CHECK_FALSE(lobby.gateway.exists("sessions/" + id));
}

TEST_CASE("a recording that runs is not deleted; one that is being made is, and its job is killed") {
  Lobby lobby;
  const std::string id = lobby.gateway.begin(lobby.anna);
  const auto remove = [&] { return lobby.gateway.rest("DELETE", kOne, user("anna", "acme"), {{"id", id}}); };
  CHECK(remove().status() == 409);
  lobby.gateway.host.call(lobby.anna, "recording:stop");
  lobby.gateway.host.run();
  REQUIRE(lobby.gateway.host.jobs().started.size() == 1);
  CHECK(remove().status() == 200);
  CHECK_FALSE(lobby.gateway.host.jobs().started[0]->alive);
  lobby.gateway.host.run();
  CHECK_FALSE(lobby.gateway.exists("sessions/" + id));
}

TEST_CASE("a recording that has been ended is deleted also while its files are being closed") {
  Lobby lobby;
  lobby.gateway.ends_at_once = false;
  const std::string id = lobby.gateway.begin(lobby.anna);
  lobby.gateway.host.call(lobby.anna, "recording:stop");
  CHECK(lobby.gateway.rest("DELETE", kOne, user("anna", "acme"), {{"id", id}}).status() == 200);
  CHECK(lobby.gateway.exists("sessions/" + id));
  lobby.gateway.captures[0]->ended();
  lobby.gateway.host.run();
  lobby.gateway.host.run();
  CHECK_FALSE(lobby.gateway.exists("sessions/" + id));
  CHECK(lobby.gateway.host.jobs().started.empty());
}

TEST_CASE("the admin API shows what is captured and produced") {
  Lobby lobby;
  lobby.gateway.ready(lobby.anna);
  lobby.gateway.begin(lobby.anna);
  HttpAnswer answer = lobby.gateway.host.admin().call("GET", "/recordings");
  lobby.gateway.host.run();
  const json::value data = answer.body().at("data");
  CHECK(data.at("captures").at(0).at("bytes") == 1'000);
  CHECK(data.at("recordings").as_array().size() == 2);
  CHECK(data.at("productions_running") == 0);
}

}  // namespace sluice::testing
