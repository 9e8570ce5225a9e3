#include <doctest/doctest.h>

#include "videoroom_fixture.h"

using namespace sluice;
using namespace sluice::testing;
using namespace std::chrono_literals;

TEST_CASE("who joins a room that does not exist creates it and is its host") {
  VideoRoomGateway gateway;
  FakeClient& anna = gateway.person("anna");
  const Answer joined = gateway.join(anna);
  REQUIRE(joined.ok());
  CHECK(text(joined["room"], "roomId") == "lobby");
  CHECK(text(joined["self"], "role") == "host");
  CHECK(text(joined["self"], "name") == "anna");
  CHECK(joined["participants"].as_array().size() == 1);
  CHECK(joined["producers"].as_array().empty());
  CHECK(joined["rtpCapabilities"].at("codecs").as_array().size() == 2);
  CHECK(joined["iceServers"].is_array());
  CHECK(joined["features"].at("moderate").as_bool());
  CHECK(joined["reconnectToken"].is_string());

  SUBCASE("the next one is an attendee, sees the first, and the first hears of it") {
    FakeClient& ben = gateway.person("ben");
    const Answer second = gateway.join(ben, "lobby", {{"name", "Ben the second"}});
    CHECK(text(second["self"], "role") == "attendee");
    CHECK(second["participants"].as_array().size() == 2);
    const json::value told = anna.last("participant:joined").at("participant");
    CHECK(text(told, "name") == "Ben the second");
    CHECK(text(told, "participantId") == text(second["self"], "participantId"));
    CHECK_FALSE(ben.got("participant:joined"));
  }
  SUBCASE("joining twice is refused") { CHECK(gateway.join(anna).code() == "ALREADY_IN_ROOM"); }
  SUBCASE("leaving and coming back is allowed, and the creator is host again") {
    CHECK(gateway.host.call(anna, "room:leave").ok());
    CHECK(text(gateway.join(anna)["self"], "role") == "host");
  }
}

TEST_CASE("without create_on_join a room must be there") {
  VideoRoomGateway gateway{
      {{"create_on_join", false}, {"rooms", json::array{json::object{{"id", "lobby"}, {"name", "The lobby"}}}}}};
  FakeClient& anna = gateway.person("anna");
  CHECK(gateway.join(anna, "elsewhere").code() == "ROOM_NOT_FOUND");
  const Answer joined = gateway.join(anna);
  CHECK(text(joined["room"], "name") == "The lobby");
  CHECK(text(joined["self"], "role") == "attendee");  // a configured room belongs to nobody
}

TEST_CASE("a room id is letters, digits, '-', '_' and '.', 64 at most") {
  VideoRoomGateway gateway;
  FakeClient& anna = gateway.person("anna");
  for (const std::string& id : {std::string{}, std::string{"a/b"}, std::string{".."}, std::string{"a\r\nb"},
                                std::string{"\xc3\xa4"}, std::string(65, 'a')}) {
    CAPTURE(id);
    const Answer answer = gateway.join(anna, id);
    CHECK(answer.code() == "INVALID_PAYLOAD");
    CHECK(answer.details().at("path").as_string() == "roomId");
  }
  CHECK(gateway.join(anna, std::string(64, 'a')).ok());
}

TEST_CASE("a name is cleaned and cut; without one the token's is taken, and at last 'Guest'") {
  VideoRoomGateway gateway{{{"name_bytes", 8}}};
  CHECK(text(gateway.join(gateway.person("anna"), "a",
                          {{"name",
                            " A\u202eB\x01"
                            "CDEFGHIJ"}})["self"],
             "name") == "ABCDEFGH");
  CHECK(text(gateway.join(gateway.person("ben"), "b", {{"name", " \t "}})["self"], "name") == "ben");
  CHECK(text(gateway.join(gateway.person_with_role("", "host"), "c")["self"], "name") == "Guest");
}

TEST_CASE("the role that a token names goes before who came first") {
  VideoRoomGateway gateway;
  CHECK(text(gateway.join(gateway.person_with_role("vera", "viewer"))["self"], "role") == "viewer");
  CHECK(text(gateway.join(gateway.person_with_role("carl", "co_host"))["self"], "role") == "co_host");
  CHECK(text(gateway.join(gateway.person_with_role("odd", "emperor"))["self"], "role") == "attendee");
}

TEST_CASE("a full room refuses, and has place again when somebody leaves") {
  VideoRoomGateway gateway{{{"max_participants", 2}}};
  FakeClient& anna = gateway.member("anna");
  gateway.member("ben");
  FakeClient& cleo = gateway.person("cleo");
  const Answer refused = gateway.join(cleo);
  CHECK(refused.code() == "ROOM_FULL");
  CHECK(refused.details().at("limit").as_uint64() == 2);
  gateway.host.disconnect(anna);
  CHECK(gateway.join(cleo).ok());
}

TEST_CASE("the number of rooms is bounded") {
  VideoRoomGateway gateway{{{"max_rooms", 1}}};
  gateway.member("anna", "one");
  FakeClient& ben = gateway.person("ben");
  CHECK(gateway.join(ben, "two").code() == "LIMIT_EXCEEDED");
  CHECK(gateway.join(ben, "one").ok());
}

TEST_CASE("rooms of one tenant are invisible to another") {
  VideoRoomGateway gateway;
  FakeClient& anna = gateway.person("anna", "north");
  FakeClient& ben = gateway.person("ben", "south");
  gateway.join(anna);
  anna.clear();
  const Answer joined = gateway.join(ben);
  CHECK(joined["participants"].as_array().size() == 1);
  CHECK(text(joined["self"], "role") == "host");
  CHECK_FALSE(anna.got("participant:joined"));
  CHECK(gateway.rooms().find("north", "lobby") != gateway.rooms().find("south", "lobby"));
  CHECK(gateway.rooms().find("", "lobby") == nullptr);

  FakeClient& cleo = gateway.person("cleo", "north");
  gateway.join(cleo);
  const std::string producer_id = gateway.producer(cleo);
  CHECK(gateway.consume(ben, gateway.transport(ben, "recv"), producer_id).code() == "NOT_FOUND");
}

TEST_CASE("room:create gives an id and a token that makes host") {
  VideoRoomGateway gateway;
  FakeClient& anna = gateway.person("anna");
  const Answer made = gateway.host.call(anna, "room:create", json::object{{"name", "Physics"}});
  REQUIRE(made.ok());
  const std::string id = text(made.data(), "roomId");
  const std::string token = text(made.data(), "joinToken");

  CHECK(text(gateway.join(gateway.person("ben"), id)["self"], "role") == "attendee");
  CHECK(text(gateway.join(gateway.person("cleo"), id, {{"token", token}})["self"], "role") == "host");
  CHECK(text(gateway.join(gateway.person("dave"), id, {{"token", token + "x"}})["self"], "role") == "attendee");
  CHECK(text(gateway.join(anna, id)["self"], "role") == "host");
}

TEST_CASE("room:create refuses an id that is taken, a limit that is not allowed, and more than a user's share") {
  VideoRoomGateway gateway{{{"rooms_per_user", 2}, {"max_participants", 5}}};
  FakeClient& anna = gateway.person("anna");
  const auto create = [&](json::object options) {
    return gateway.host.call(anna, "room:create", json::object{{"options", std::move(options)}});
  };
  CHECK(create({{"roomId", "physics"}}).ok());
  CHECK(create({{"roomId", "physics"}}).code() == "ROOM_EXISTS");
  CHECK(create({{"maxParticipants", 6}}).code() == "INVALID_PAYLOAD");
  CHECK(create({{"maxParticipants", 1}}).ok());
  CHECK(create({}).code() == "LIMIT_EXCEEDED");

  VideoRoomGateway closed{{{"allow_create", false}}};
  CHECK(closed.host.call(closed.person("ben"), "room:create").code() == "PERMISSION_DENIED");
}

TEST_CASE("an empty room closes after its time, unless somebody comes back") {
  VideoRoomGateway gateway{{{"empty_room_close_ms", 1000}}};
  FakeClient& anna = gateway.member("anna");
  gateway.host.call(anna, "room:leave");
  gateway.host.advance(900ms);
  REQUIRE(gateway.join(anna).ok());
  gateway.host.advance(10s);
  REQUIRE(gateway.rooms().find("", "lobby") != nullptr);
  gateway.host.call(anna, "room:leave");
  gateway.host.advance(1s);
  CHECK(gateway.rooms().find("", "lobby") == nullptr);
  CHECK(gateway.host.media().routers == 0);
}

TEST_CASE("a room that nobody ever enters closes, a configured one stays") {
  VideoRoomGateway gateway{{{"empty_room_close_ms", 1000}, {"rooms", json::array{json::object{{"id", "lobby"}}}}}};
  gateway.host.call(gateway.person("anna"), "room:create", json::object{{"options", {{"roomId", "physics"}}}});
  gateway.host.advance(2s);
  CHECK(gateway.rooms().find("", "physics") == nullptr);
  CHECK(gateway.rooms().find("", "lobby") != nullptr);
}

TEST_CASE("joins are counted by what became of them") {
  VideoRoomGateway gateway{{{"max_participants", 1}}};
  gateway.member("anna");
  gateway.join(gateway.person("ben"));
  CHECK(gateway.host.metrics().value("joins_total", {{"result", "joined"}}) == 1);
  CHECK(gateway.host.metrics().value("joins_total", {{"result", "ROOM_FULL"}}) == 1);
  CHECK(gateway.host.metrics().value("rooms") == 1);
  CHECK(gateway.host.metrics().value("participants") == 1);
}
