// Participants whose connection breaks: how long they are waited for, and what holds of them meanwhile.

#include <doctest/doctest.h>

#include "reconnect_fixture.h"

using namespace sluice;
using namespace sluice::testing;
using namespace std::chrono_literals;

TEST_CASE("who joins gets a token of its own to come back with") {
  ReconnectGateway gateway;
  CHECK(gateway.anna_joined["reconnectGraceMs"].to_number<int>() == 15'000);
  CHECK(gateway.anna_token != gateway.ben_token);
  CHECK(gateway.ben_token.starts_with(gateway.ben_id + "."));
}

TEST_CASE("whose connection breaks is away, and the others are told") {
  ReconnectGateway gateway;
  std::string reason;
  SUBCASE("the connection broke") { reason = "transport_lost"; }
  SUBCASE("no pong came") { reason = "ping_timeout"; }
  gateway.host.disconnect(*gateway.ben, reason);
  CHECK(gateway.told_of_ben().at("away").as_bool());
  CHECK(gateway.told_of_ben().at("participantId").as_string() == gateway.ben_id);
  CHECK_FALSE(gateway.anna.got("participant:left"));
  CHECK(gateway.host.bus().published.back() == ParticipantAway::kTopic);
  CHECK(gateway.host.metrics().value("participants") == 2);
  CHECK(gateway.host.metrics().value("participants_away") == 1);

  Participant* ben = gateway.seat_of_ben();
  REQUIRE(ben != nullptr);
  CHECK(ben->away());
  CHECK(ben->name() == "ben");
  CHECK(ben->identity().user_id == "ben");
  ben->send("test", json::object{});  // reaches nobody
  gateway.rooms().find("", "lobby")->broadcast("test", json::object{});
  CHECK(gateway.anna.sent("test").size() == 1);
}

TEST_CASE("whose connection is ended by somebody leaves at once") {
  for (const char* reason : {"client_left", "protocol_error", "abuse", "server_closed"}) {
    CAPTURE(reason);
    ReconnectGateway gateway;
    gateway.host.disconnect(*gateway.ben, reason);
    CHECK(text(gateway.anna.last("participant:left"), "reason") == "disconnected");
    CHECK(gateway.attempt(gateway.person("ben"), gateway.ben_token).code() == "NOT_FOUND");
  }
}

TEST_CASE("who does not come back in time leaves, and its token is worth nothing") {
  ReconnectGateway gateway;
  gateway.lose_ben();
  gateway.host.advance(kGrace - 1ms);
  CHECK_FALSE(gateway.anna.got("participant:left"));
  gateway.host.advance(1ms);
  CHECK(gateway.anna.last("participant:left") ==
        json::value{{"participantId", gateway.ben_id}, {"reason", "disconnected"}});
  CHECK(gateway.attempt(gateway.person("ben"), gateway.ben_token).code() == "NOT_FOUND");
  CHECK(gateway.host.metrics().value("reconnects_total", {{"result", "expired"}}) == 1);
  CHECK(gateway.host.metrics().value("participants_away") == 0);
}

TEST_CASE("without a time of grace nobody is waited for, and there are no tokens") {
  VideoRoomGateway gateway{{{"reconnect_grace_ms", 0}}};
  FakeClient& anna = gateway.member("anna");
  FakeClient& ben = gateway.person("ben");
  const Answer joined = gateway.join(ben);
  CHECK(joined["reconnectToken"].is_null());
  CHECK(joined["reconnectGraceMs"].to_number<int>() == 0);
  gateway.host.disconnect(ben, "transport_lost");
  CHECK(text(anna.last("participant:left"), "reason") == "disconnected");
}

TEST_CASE("the time of grace is configuration") {
  ReconnectGateway gateway{{{"reconnect_grace_ms", 2'000}}};
  CHECK(gateway.ben_joined["reconnectGraceMs"].to_number<int>() == 2'000);
  gateway.lose_ben();
  gateway.host.advance(2s);
  CHECK(gateway.anna.got("participant:left"));
}

TEST_CASE("who is away takes its place in the room's count") {
  ReconnectGateway gateway{{{"max_participants", 2}}};
  gateway.lose_ben();
  FakeClient& cleo = gateway.person("cleo");
  CHECK(gateway.join(cleo).code() == "ROOM_FULL");
  CHECK_FALSE(gateway.plugin->drained());
  gateway.host.advance(kGrace);
  CHECK(gateway.join(cleo).ok());
}

TEST_CASE("a room of which everybody is away is not empty") {
  ReconnectGateway gateway{{{"empty_room_close_ms", 5'000}}};
  gateway.lose_ben();
  gateway.lose(gateway.anna);
  gateway.host.advance(kGrace - 1ms);
  CHECK(gateway.rooms().find("", "lobby") != nullptr);
  gateway.host.advance(1ms);
  CHECK(gateway.rooms().find("", "lobby") != nullptr);  // empty from now on
  CHECK(gateway.plugin->drained());
  gateway.host.advance(5s);
  CHECK(gateway.rooms().find("", "lobby") == nullptr);
}

TEST_CASE("who is away can be taken out of the room") {
  ReconnectGateway gateway;
  gateway.lose_ben();
  SUBCASE("by a moderator") {
    CHECK(gateway.host.call(gateway.anna, "participant:remove", json::object{{"participantId", gateway.ben_id}}).ok());
  }
  SUBCASE("by a plugin") { gateway.seat_of_ben()->remove("enough"); }
  CHECK(gateway.anna.last("participant:left") == json::value{{"participantId", gateway.ben_id}, {"reason", "removed"}});
  CHECK(gateway.attempt(gateway.person("ben"), gateway.ben_token).code() == "NOT_FOUND");
  gateway.host.advance(kGrace);
  CHECK(gateway.anna.sent("participant:left").size() == 1);
}

TEST_CASE("a plugin may take out who has just lost its connection") {
  ReconnectGateway gateway;
  gateway.host.bus().on<ParticipantAway>([](const ParticipantAway& away) { away.participant.remove("too weak"); });
  gateway.lose_ben();
  CHECK(gateway.anna.got("participant:left"));
  gateway.host.advance(kGrace);
  CHECK(gateway.anna.sent("participant:left").size() == 1);
}

TEST_CASE("who was banned while away does not come back") {
  ReconnectGateway gateway;
  gateway.lose_ben();
  gateway.rooms().find("", "lobby")->ban("ben");
  CHECK(gateway.attempt(gateway.person("ben"), gateway.ben_token).code() == "ADMISSION_DENIED");
  CHECK(gateway.host.metrics().value("reconnects_total", {{"result", "ADMISSION_DENIED"}}) == 1);
}

TEST_CASE("a room that closes while somebody is away is gone for it") {
  ReconnectGateway gateway;
  gateway.lose_ben();
  gateway.host.call(gateway.anna, "room:close");
  CHECK(gateway.attempt(gateway.person("ben"), gateway.ben_token).code() == "NOT_FOUND");
  gateway.join(gateway.anna);  // a new room of that name
  CHECK(gateway.attempt(gateway.person("ben"), gateway.ben_token).code() == "NOT_FOUND");
  gateway.host.advance(kGrace);
  CHECK(gateway.rooms().find("", "lobby")->size() == 1);
}

TEST_CASE("in a large room who is away is told in batches, with what holds at the end") {
  ReconnectGateway gateway{{{"batch_presence_above", 0}, {"presence_batch_ms", 500}}};
  gateway.host.advance(500ms);
  gateway.anna.clear();
  const auto updates = [&] {
    gateway.host.advance(500ms);
    const json::array all = gateway.anna.last("participants:changed").at("updated").as_array();
    gateway.anna.clear();
    return all;
  };
  SUBCASE("away") {
    gateway.lose_ben();
    CHECK(updates().at(0).at("away").as_bool());
  }
  SUBCASE("away and back within a batch") {
    gateway.lose_ben();
    gateway.ben_returns();
    CHECK_FALSE(updates().at(0).as_object().contains("away"));
  }
  SUBCASE("away and gone") {
    gateway.lose_ben();
    updates();
    gateway.host.advance(kGrace);
    const json::value batch = gateway.anna.last("participants:changed");
    CHECK(text(batch.at("left").as_array().at(0), "participantId") == gateway.ben_id);
  }
}
