#include <doctest/doctest.h>

#include "sluice/contracts/meetings.h"
#include "waitingroom_fixture.h"

using namespace sluice;
using namespace sluice::testing;
using namespace std::chrono_literals;

TEST_CASE("for a room that is expected everybody waits") {
  WaitingRoomGateway gateway;
  const RoomPolicy open_door{};
  const Knock host = gateway.knock("host", {.role = Role::host, .expected_room = open_door});
  const Knock anna = gateway.knock("anna", {.expected_room = open_door});
  const Knock co_host = gateway.knock("co", {.role = Role::co_host, .expected_room = open_door});
  const Knock expected = gateway.knock("expected", {.expected_room = with_waiting_room()});
  CHECK(anna.info("hostPresent") == false);
  for (const Knock* one : {&host, &anna, &co_host, &expected}) CHECK(one->held());

  SUBCASE("whom its policy does not hold goes in when it is there") {
    FakeRoom& room = gateway.open(open_door);
    CHECK(anna.held());  // whoever opens it has not finished
    gateway.host.run();
    for (const Knock* one : {&host, &anna, &co_host}) CHECK(one->passed());
    CHECK(room.size() == 0);
  }
  SUBCASE("the others wait on, but for moderators and who is expected") {
    FakeRoom& room = gateway.open(with_waiting_room());
    room.expect({.user_id = "expected", .email = {}, .role = Role::presenter});
    gateway.host.run();
    CHECK(anna.held());
    CHECK(host.passed());
    CHECK(co_host.passed());
    CHECK(expected.passed());
  }
  SUBCASE("the same room of another tenant is another room") {
    gateway.open(open_door, "lobby", "acme");
    gateway.host.run();
    CHECK(anna.held());
  }
}

TEST_CASE("a room that is expected, where the option does not let people wait without a host") {
  const auto knock = [](const char* host_absent) {
    WaitingRoomGateway gateway{{{"host_absent", host_absent}}};
    const Knock anna = gateway.knock("anna", {.expected_room = with_waiting_room()});
    CHECK(gateway.knock("host", {.role = Role::host, .expected_room = with_waiting_room()}).held());
    if (anna.held()) {
      gateway.open(with_waiting_room());
      gateway.host.run();
    }
    return anna.passed() ? std::string{"passed"} : anna.code();
  };
  CHECK(knock("deny") == "ADMISSION_DENIED");
  CHECK(knock("admit") == "passed");
}

TEST_CASE("nobody waits for a room of which nobody knows, unless everybody waits by default") {
  CHECK(WaitingRoomGateway{}.knock("anna").passed());
  WaitingRoomGateway gateway{{{"default", true}}};
  CHECK(gateway.knock("host", {.role = Role::host}).passed());
  CHECK(gateway.knock("anna").held());
}

TEST_CASE("when the waiting room is switched off all go in, when it is switched on who is there need not wait again") {
  WaitingRoomGateway gateway;
  FakeRoom& room = gateway.open();
  gateway.moderator(room);
  const Knock anna = gateway.knock("anna");
  room.set_policy({});
  gateway.host.run();
  CHECK(anna.passed());
  FakeParticipant& ben = gateway.in_room(room, "ben");
  CHECK(gateway.knock("cleo").passed());

  room.set_policy(with_waiting_room());
  room.leave(ben);
  CHECK(gateway.knock("ben").passed());
  CHECK(gateway.knock("cleo").held());
}

TEST_CASE("who is added while waiting goes in at once") {
  WaitingRoomGateway gateway;
  FakeRoom& room = gateway.open();
  gateway.moderator(room);
  const Knock anna = gateway.knock("anna");
  const Knock ben = gateway.knock("ben");
  room.expect({.user_id = "anna", .email = {}, .role = Role::presenter});
  gateway.host.run();
  CHECK(anna.passed());
  CHECK(anna.client.got("waitingroom:admitted"));
  CHECK(ben.held());
}

TEST_CASE("who is expected does not wait") {
  WaitingRoomGateway gateway;
  FakeRoom& room = gateway.open();
  gateway.moderator(room);
  room.expect({.user_id = "anna", .email = {}, .role = Role::attendee});
  CHECK(gateway.knock("anna").passed());
}

TEST_CASE("when the room closes nobody waits for it any more, and its successor knows nobody") {
  WaitingRoomGateway gateway;
  FakeRoom& room = gateway.open();
  FakeParticipant& host = gateway.moderator(room);
  const Knock anna = gateway.knock("anna");
  const Knock ben = gateway.knock("ben");
  gateway.admit(host, gateway.waiting(host).front());
  room.close("closed");
  CHECK(ben.code() == "ROOM_CLOSED");
  CHECK(ben.client.last("waitingroom:denied").at("reason") == "room_closed");
  CHECK(gateway.ended("room_closed") == 1);

  gateway.moderator(gateway.open());
  CHECK(gateway.knock("anna").held());
}

TEST_CASE("those who are being let in together are denied when the room closes on the way") {
  WaitingRoomGateway gateway;
  FakeRoom& room = gateway.open();
  FakeParticipant& host = gateway.moderator(room);
  const auto after = gateway.rooms.add_step(500, "closes", [&](JoinRequest&, AdmissionTicket ticket) {
    ticket.allow();
    room.close("closed");
  });
  const Knock anna = gateway.knock("anna");
  const Knock ben = gateway.knock("ben");
  gateway.admit(host, "all");
  CHECK(anna.passed());
  CHECK(ben.code() == "ROOM_CLOSED");
}

TEST_CASE("nobody waits for a meeting that is over") {
  WaitingRoomGateway gateway;
  const Knock anna = gateway.knock("anna", {.room_id = "m-1", .expected_room = with_waiting_room()});
  MeetingInfo meeting;
  meeting.id = meeting.room_id = "m-2";
  gateway.host.bus().publish(MeetingDeleted{meeting});
  CHECK(anna.held());
  meeting.id = meeting.room_id = "m-1";
  SUBCASE("ended") { gateway.host.bus().publish(MeetingEnded{meeting}); }
  SUBCASE("deleted") { gateway.host.bus().publish(MeetingDeleted{meeting}); }
  CHECK(anna.code() == "ROOM_CLOSED");
}
