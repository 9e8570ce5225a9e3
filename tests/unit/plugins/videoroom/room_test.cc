#include <doctest/doctest.h>

#include "videoroom_fixture.h"

using namespace sluice;
using namespace sluice::testing;
using namespace std::chrono_literals;

TEST_CASE("the host closes the room for everybody, others may not") {
  VideoRoomGateway gateway;
  FakeClient& anna = gateway.member("anna");
  FakeClient& ben = gateway.member("ben");
  gateway.producer(ben);
  anna.clear();
  const Answer refused = gateway.host.call(ben, "room:close");
  CHECK(refused.code() == "PERMISSION_DENIED");
  CHECK(refused.details() == json::object{{"requiredRole", "host"}, {"currentRole", "attendee"}});

  CHECK(gateway.host.call(anna, "room:close", json::object{{"reason", "lunch"}}).ok());
  for (FakeClient* client : {&anna, &ben}) {
    CHECK(client->last("room:closed") == json::value{{"reason", "lunch"}});
    CHECK(client->sent().back().event == "room:closed");  // nothing is said after it
    CHECK(gateway.rooms().find_participant(*client) == nullptr);
  }
  CHECK(gateway.rooms().all().empty());
  CHECK(gateway.host.media().transports.empty());
  CHECK(gateway.join(ben).ok());
}

TEST_CASE("a moderator takes a participant out") {
  VideoRoomGateway gateway;
  FakeClient& anna = gateway.member("anna");
  FakeClient& ben = gateway.member("ben");
  FakeClient& cleo = gateway.member("cleo");
  const std::string ben_id = gateway.participant_id(ben);
  const auto remove = [&](FakeClient& by, json::object data) {
    return gateway.host.call(by, "participant:remove", std::move(data));
  };
  CHECK(remove(cleo, {{"participantId", ben_id}}).code() == "PERMISSION_DENIED");
  CHECK(remove(anna, {{"participantId", "nobody"}}).code() == "NOT_FOUND");
  REQUIRE(remove(anna, {{"participantId", ben_id}, {"reason", "noise"}}).ok());
  CHECK(ben.last("participant:removed") == json::value{{"reason", "noise"}});
  CHECK(cleo.last("participant:left") == json::value{{"participantId", ben_id}, {"reason", "removed"}});
  CHECK(gateway.host.call(ben, "room:members").code() == "NOT_IN_ROOM");

  SUBCASE("and may come back") { CHECK(gateway.join(ben).ok()); }
  SUBCASE("unless banned") {
    gateway.join(ben);
    REQUIRE(remove(anna, {{"participantId", gateway.participant_id(ben)}, {"ban", true}}).ok());
    CHECK(gateway.join(ben).code() == "ADMISSION_DENIED");
    CHECK(gateway.join(gateway.person("ben")).code() == "ADMISSION_DENIED");
    CHECK(gateway.join(ben, "elsewhere").ok());
  }
}

TEST_CASE("nobody takes out who stands above") {
  VideoRoomGateway gateway;
  FakeClient& anna = gateway.member("anna");
  FakeClient& carl = gateway.person_with_role("carl", "co_host");
  gateway.join(carl);
  const Answer refused =
      gateway.host.call(carl, "participant:remove", json::object{{"participantId", gateway.participant_id(anna)}});
  CHECK(refused.details() == json::object{{"requiredRole", "host"}, {"currentRole", "co_host"}});
}

TEST_CASE("a participant of another room is not found") {
  VideoRoomGateway gateway;
  FakeClient& anna = gateway.member("anna", "one");
  FakeClient& ben = gateway.member("ben", "two");
  const Answer refused =
      gateway.host.call(anna, "participant:remove", json::object{{"participantId", gateway.participant_id(ben)}});
  CHECK(refused.code() == "NOT_FOUND");
}

TEST_CASE("other plugins hear of rooms and participants on the bus") {
  VideoRoomGateway gateway;
  std::string heard;
  Bus& bus = gateway.host.bus();
  bus.on<RoomCreated>([&](const RoomCreated& event) { heard += "created " + event.room.id() + "; "; });
  bus.on<ParticipantJoined>(
      [&](const ParticipantJoined& event) { heard += "joined " + event.participant.name() + "; "; });
  bus.on<ParticipantUpdated>(
      [&](const ParticipantUpdated& event) { heard += "updated " + event.participant.name() + "; "; });
  bus.on<ParticipantLeft>([&](const ParticipantLeft& event) {
    heard += "left " + event.participant.name() + " " + std::string{event.reason} + " " +
             std::to_string(event.participant.room().size()) + "; ";
  });
  bus.on<RoomClosed>([&](const RoomClosed& event) { heard += "closed " + std::string{event.reason}; });

  FakeClient& anna = gateway.member("anna");
  gateway.rooms().participant_of(anna).set_role(Role::host);  // no change, no event
  gateway.rooms().participant_of(anna).set_role(Role::co_host);
  gateway.host.call(anna, "room:leave");
  gateway.host.advance(60s);
  CHECK(heard == "created lobby; joined anna; updated anna; left anna left 0; closed empty");
}

TEST_CASE("a plugin may take a participant out, or close the room, while it hears of it") {
  VideoRoomGateway gateway;
  SUBCASE("out at once") {
    gateway.host.bus().on<ParticipantJoined>([](const ParticipantJoined& event) { event.participant.remove("no"); });
    FakeClient& anna = gateway.person("anna");
    CHECK(gateway.join(anna).code() == "ADMISSION_DENIED");
    CHECK(gateway.rooms().find_participant(anna) == nullptr);
  }
  SUBCASE("closed when the first one leaves") {
    gateway.host.bus().on<ParticipantLeft>(
        [](const ParticipantLeft& event) { event.participant.room().close("over"); });
    FakeClient& anna = gateway.member("anna");
    FakeClient& ben = gateway.member("ben");
    CHECK(gateway.host.call(anna, "room:leave").ok());
    CHECK(text(ben.last("room:closed"), "reason") == "over");
    CHECK(gateway.rooms().all().empty());
  }
  SUBCASE("closed before anybody is in") {
    gateway.host.bus().on<RoomCreated>([](const RoomCreated& event) { event.room.close("no rooms today"); });
    CHECK(gateway.join(gateway.person("anna")).code() == "ROOM_CLOSED");
  }
}

TEST_CASE("draining lets nobody in and tells the rooms; it is over when they are empty") {
  VideoRoomGateway gateway;
  FakeClient& anna = gateway.member("anna");
  CHECK_FALSE(gateway.plugin->drained());
  gateway.plugin->drain();
  CHECK(anna.got("room:draining"));
  FakeClient& ben = gateway.person("ben");
  CHECK(gateway.join(ben).code() == "DRAINING");
  CHECK(gateway.host.call(ben, "room:create").code() == "DRAINING");
  CHECK(gateway.host.call(anna, "room:members").ok());
  gateway.host.call(anna, "room:leave");
  CHECK(gateway.plugin->drained());
}

TEST_CASE("stopping closes every room") {
  VideoRoomGateway gateway;
  FakeClient& anna = gateway.member("anna");
  gateway.plugin->stop();
  CHECK(text(anna.last("room:closed"), "reason") == "shutdown");
  CHECK(gateway.rooms().all().empty());
}

TEST_CASE("a reload changes the limits for who comes next") {
  VideoRoomGateway gateway;
  gateway.member("anna");
  gateway.plugin->reconfigure(Config{json::value{{"max_participants", 1}, {"create_on_join", false}}});
  CHECK(gateway.join(gateway.person("ben")).code() == "ROOM_FULL");
  CHECK(gateway.join(gateway.person("ben"), "elsewhere").code() == "ROOM_NOT_FOUND");
}
