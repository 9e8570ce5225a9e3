#include <doctest/doctest.h>

#include "waitingroom_fixture.h"

using namespace sluice;
using namespace sluice::testing;
using namespace std::chrono_literals;

TEST_CASE("who waits follows from the room's policy, the option, and the role") {
  RoomPolicy open_door;
  open_door.waiting_room = false;
  struct Row {
    const char* what;
    RoomPolicy policy;
    bool by_default;
    Role role;
    bool waits;
  };
  for (const Row& row : {
           Row{"a waiting room", with_waiting_room(), false, Role::attendee, true},
           Row{"a waiting room, for a presenter", with_waiting_room(), false, Role::presenter, true},
           Row{"a waiting room, for a viewer", with_waiting_room(), false, Role::viewer, true},
           Row{"hosts pass", with_waiting_room(), false, Role::host, false},
           Row{"co-hosts pass", with_waiting_room(), false, Role::co_host, false},
           Row{"approval", with_host_approval(), false, Role::attendee, true},
           Row{"approval, for a co-host", with_host_approval(), false, Role::co_host, false},
           Row{"a policy that says nothing", {}, false, Role::attendee, false},
           Row{"a policy that says nothing, and the option", {}, true, Role::attendee, true},
           Row{"a policy that says no goes before the option", open_door, true, Role::attendee, false},
       }) {
    CAPTURE(row.what);
    WaitingRoomGateway gateway{{{"default", row.by_default}}};
    FakeRoom& room = gateway.open(row.policy);
    gateway.moderator(room);
    const Knock anna = gateway.knock("anna", {.role = row.role});
    CHECK(anna.held() == row.waits);
    CHECK(anna.passed() == !row.waits);
  }
}

TEST_CASE("who waits is told so, and where in the queue") {
  WaitingRoomGateway gateway;
  gateway.moderator(gateway.open());
  const Knock anna = gateway.knock("anna");
  const Knock ben = gateway.knock("ben");
  CHECK(*anna.outcome->held == json::object{{"waiting", true}, {"position", 1}, {"hostPresent", true}});
  CHECK(ben.info("position") == 2);
  CHECK(gateway.host.metrics().value("waiting") == 2);
}

TEST_CASE("a position is told when it changes, and not otherwise") {
  WaitingRoomGateway gateway;
  FakeParticipant& host = gateway.moderator(gateway.open());
  Knock anna = gateway.knock("anna");
  const Knock ben = gateway.knock("ben");
  const Knock cleo = gateway.knock("cleo");
  gateway.gather();
  CHECK_FALSE(cleo.client.got("waitingroom:waiting"));

  SUBCASE("somebody before it is let in") { CHECK(gateway.admit(host, gateway.waiting(host).front()).ok()); }
  SUBCASE("somebody before it gives up") {
    gateway.abandon(anna);
    CHECK(gateway.ended("left") == 1);
  }
  gateway.gather();
  CHECK(ben.position() == 1);
  CHECK(cleo.client.last("waitingroom:waiting") ==
        json::value{{"roomId", "lobby"}, {"position", 2}, {"total", 2}, {"hostPresent", true}});
  gateway.host.advance(1min);
  CHECK(cleo.client.sent("waitingroom:waiting").size() == 1);
}

TEST_CASE("who has gone is gone from the list") {
  WaitingRoomGateway gateway;
  FakeParticipant& host = gateway.moderator(gateway.open());
  Knock anna = gateway.knock("anna");
  gateway.gather();
  gateway.abandon(anna);
  gateway.gather();
  CHECK(gateway.client_of(host).last("waitingroom:updated") == json::value{{"waiting", json::array()}, {"total", 0}});
  CHECK(gateway.host.metrics().value("waiting") == 0);
  CHECK_FALSE(anna.client.got("waitingroom:denied"));
}

TEST_CASE("nobody waits for ever") {
  WaitingRoomGateway gateway{{{"wait_limit_ms", 60'000}}};
  gateway.moderator(gateway.open());
  const Knock anna = gateway.knock("anna");
  gateway.host.advance(30s);
  const Knock ben = gateway.knock("ben");
  gateway.host.advance(30s);
  CHECK(anna.code() == "TIMEOUT");
  CHECK(anna.client.last("waitingroom:denied") == json::value{{"roomId", "lobby"}, {"reason", "timeout"}});
  CHECK(ben.held());
  CHECK(gateway.ended("timeout") == 1);
}

TEST_CASE("without a limit they do") {
  WaitingRoomGateway gateway{{{"wait_limit_ms", 0}}};
  gateway.moderator(gateway.open());
  const Knock anna = gateway.knock("anna");
  gateway.host.advance(24h);
  CHECK(anna.held());
}

TEST_CASE("while no moderator is there the option decides") {
  struct Row {
    const char* host_absent;
    RoomPolicy policy;
    bool waits;
    std::string code;
  };
  for (const Row& row :
       {Row{"wait", with_waiting_room(), true, ""}, Row{"admit", with_waiting_room(), false, ""},
        Row{"admit", with_host_approval(), true, ""}, Row{"deny", with_waiting_room(), false, "ADMISSION_DENIED"}}) {
    CAPTURE(row.host_absent);
    CAPTURE(row.policy.require_host_approval);
    WaitingRoomGateway gateway{{{"host_absent", row.host_absent}}};
    FakeRoom& room = gateway.open(row.policy);
    gateway.in_room(room, "early");
    const Knock anna = gateway.knock("anna");
    CHECK(anna.held() == row.waits);
    CHECK(anna.code() == row.code);
    if (row.waits) CHECK(anna.info("hostPresent") == false);
    if (!row.code.empty()) CHECK(anna.outcome->denied->details().at("reason") == "host_absent");
    gateway.moderator(room);
    CHECK(gateway.knock("ben").held());
  }
}

TEST_CASE("a moderator who comes sees who waits, and they hear of it") {
  WaitingRoomGateway gateway;
  FakeRoom& room = gateway.open();
  const Knock anna = gateway.knock("anna");
  FakeParticipant& host = gateway.moderator(room);
  gateway.gather();
  const json::value list = gateway.client_of(host).last("waitingroom:updated");
  CHECK(list.at("total") == 1);
  CHECK(list.at("waiting").at(0).at("name") == "anna");
  CHECK(anna.client.last("waitingroom:waiting").at("hostPresent") == true);
}

TEST_CASE("when the last moderator leaves the option decides about those who wait") {
  struct Row {
    const char* host_absent;
    bool held;
    bool passed;
  };
  for (const Row& row : {Row{"wait", true, false}, Row{"admit", false, true}, Row{"deny", false, false}}) {
    CAPTURE(row.host_absent);
    WaitingRoomGateway gateway{{{"host_absent", row.host_absent}}};
    FakeRoom& room = gateway.open();
    FakeParticipant& host = gateway.moderator(room);
    FakeParticipant& second = gateway.in_room(room, "second", Role::co_host);
    const Knock anna = gateway.knock("anna");
    room.leave(host);
    gateway.gather();
    CHECK(anna.held());
    room.leave(second);
    gateway.gather();
    CHECK(anna.held() == row.held);
    CHECK(anna.passed() == row.passed);
    if (row.held) CHECK(anna.client.last("waitingroom:waiting").at("hostPresent") == false);
    if (!row.held && !row.passed) CHECK(anna.client.last("waitingroom:denied").at("reason") == "host_absent");
  }
}

TEST_CASE("a moderator whose connection is lost is still there, and sees the list when it is back") {
  WaitingRoomGateway gateway{{{"host_absent", "deny"}}};
  FakeRoom& room = gateway.open();
  FakeParticipant& host = gateway.moderator(room);
  const Knock anna = gateway.knock("anna");
  room.away(host);
  gateway.gather();
  const Knock ben = gateway.knock("ben");
  CHECK(anna.held());
  CHECK(ben.held());
  FakeClient& again = gateway.host.connect(user("host"));
  room.returned(host, again);
  gateway.gather();
  CHECK(again.last("waitingroom:updated").at("total") == 2);
}

TEST_CASE("before the gateway stops, those who wait are told") {
  WaitingRoomGateway gateway;
  gateway.open();
  const Knock anna = gateway.knock("anna");
  SUBCASE("by drain") { gateway.plugin->drain(); }
  SUBCASE("by stop, which takes the step out of the chain") {
    gateway.plugin->stop();
    CHECK(gateway.knock("ben").passed());
  }
  CHECK(anna.code() == "DRAINING");
  CHECK(anna.client.last("waitingroom:denied").at("reason") == "shutdown");
}

TEST_CASE("a reload meets those who wait") {
  WaitingRoomGateway gateway{{{"default", true}}};
  gateway.moderator(gateway.open({}));
  const Knock anna = gateway.knock("anna");
  CHECK(anna.held());
  gateway.plugin->reconfigure(Config{json::value(json::object{{"default", false}})});
  gateway.host.run();
  CHECK(anna.passed());
}
