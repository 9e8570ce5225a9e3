#include <doctest/doctest.h>

#include "waitingroom_fixture.h"

using namespace sluice;
using namespace sluice::testing;
using namespace std::chrono_literals;

TEST_CASE("moderators are shown who waits, the others are not") {
  WaitingRoomGateway gateway;
  FakeRoom& room = gateway.open();
  FakeParticipant& host = gateway.moderator(room);
  FakeParticipant& co_host = gateway.in_room(room, "co", Role::co_host);
  FakeParticipant& attendee = gateway.in_room(room, "attendee");
  gateway.host.advance(1s);
  gateway.knock(guest("anna"));
  gateway.gather();
  const json::value list = gateway.client_of(host).last("waitingroom:updated");
  CHECK(list.at("total") == 1);
  const json::object& entry = list.at("waiting").at(0).as_object();
  CHECK(entry.size() == 5);
  CHECK_FALSE(entry.at("participantId").as_string().empty());
  CHECK(entry.at("name") == "anna");
  CHECK(entry.at("userId") == "anna");
  CHECK(entry.at("guest") == true);
  CHECK(entry.at("since") == 1'000'000'001'000);
  CHECK(gateway.client_of(co_host).last("waitingroom:updated") == list);
  CHECK_FALSE(gateway.client_of(attendee).got("waitingroom:updated"));
}

TEST_CASE("changes that follow each other quickly are told together") {
  WaitingRoomGateway gateway;
  FakeParticipant& host = gateway.moderator(gateway.open());
  for (int i = 0; i < 10; ++i) gateway.knock("user-" + std::to_string(i));
  CHECK_FALSE(gateway.client_of(host).got("waitingroom:updated"));
  gateway.gather();
  CHECK(gateway.client_of(host).sent("waitingroom:updated").size() == 1);
  CHECK(gateway.client_of(host).last("waitingroom:updated").at("total") == 10);
}

TEST_CASE("who becomes a moderator is shown the list, once") {
  WaitingRoomGateway gateway;
  FakeRoom& room = gateway.open();
  FakeParticipant& ben = gateway.in_room(room, "ben");
  gateway.knock("anna");
  gateway.gather();
  CHECK_FALSE(gateway.client_of(ben).got("waitingroom:updated"));
  ben.set_role(Role::co_host);
  for (int i = 0; i < 3; ++i) {
    gateway.host.bus().publish(ParticipantUpdated{ben});
    gateway.gather();
  }
  CHECK(gateway.client_of(ben).sent("waitingroom:updated").size() == 1);

  ben.set_role(Role::attendee);
  gateway.host.bus().publish(ParticipantUpdated{ben});
  gateway.knock("cleo");
  gateway.gather();
  CHECK(gateway.client_of(ben).sent("waitingroom:updated").size() == 1);
}

TEST_CASE("the list is given in pages") {
  WaitingRoomGateway gateway{{{"list_page", 4}}};
  FakeParticipant& host = gateway.moderator(gateway.open());
  CHECK(gateway.ask(host, "waitingroom:list").data() == json::value{{"waiting", json::array()}, {"total", 0}});
  for (int i = 0; i < 6; ++i) gateway.knock("user-" + std::to_string(i));
  struct Row {
    json::object data;
    std::size_t count;
    const char* first;
  };
  for (const Row& row :
       {Row{{}, 4, "user-0"}, Row{{{"offset", 4}}, 2, "user-4"}, Row{{{"offset", 1}, {"limit", 2}}, 2, "user-1"},
        Row{{{"limit", 1'000}}, 4, "user-0"}, Row{{{"offset", 6}}, 0, ""}}) {
    CAPTURE(json::serialize(row.data));
    const Answer answer = gateway.ask(host, "waitingroom:list", row.data);
    CHECK(answer["total"] == 6);
    const json::array& page = answer["waiting"].as_array();
    REQUIRE(page.size() == row.count);
    if (row.count != 0) CHECK(page.front().at("name") == row.first);
  }
}

TEST_CASE("a moderator lets one in") {
  WaitingRoomGateway gateway;
  FakeParticipant& host = gateway.moderator(gateway.open());
  const Knock anna = gateway.knock("anna");
  const Knock ben = gateway.knock("ben");
  const std::string id = gateway.waiting(host).at(1);
  CHECK(gateway.admit(host, id).data() == json::value{{"admitted", 1}});
  CHECK(ben.passed());
  CHECK(ben.client.last("waitingroom:admitted") == json::value{{"roomId", "lobby"}});
  CHECK(anna.held());
  CHECK(gateway.admit(host, id).code() == "NOT_FOUND");
  CHECK(gateway.audit == std::vector<std::string>{"waitingroom.admit ben by host"});
  CHECK(gateway.ended("admitted") == 1);
}

TEST_CASE("a moderator lets all in, in the order in which they came") {
  WaitingRoomGateway gateway;
  FakeParticipant& host = gateway.moderator(gateway.open());
  std::vector<std::string> order;
  const auto after = gateway.rooms.add_step(500, "after", [&](JoinRequest& request, AdmissionTicket ticket) {
    order.push_back(request.name);
    ticket.allow();
  });
  std::vector<Knock> all;
  std::vector<std::string> names;
  for (int i = 0; i < 45; ++i) {
    names.push_back("user-" + std::to_string(i));
    all.push_back(gateway.knock(names.back()));
  }
  CHECK(gateway.admit(host, "all").data() == json::value{{"admitted", 45}});
  CHECK(order == names);
  CHECK(gateway.host.metrics().value("waiting") == 0);
  CHECK(gateway.audit == std::vector<std::string>{"waitingroom.admit all by host"});
  CHECK(gateway.admit(host, "all").data() == json::value{{"admitted", 0}});
}

TEST_CASE("those for whom the room has no place hear it from the chain") {
  WaitingRoomGateway gateway;
  FakeParticipant& host = gateway.moderator(gateway.open());
  int places = 1;
  const auto after = gateway.rooms.add_step(500, "places", [&](JoinRequest&, AdmissionTicket ticket) {
    if (places-- > 0) return ticket.allow();
    ticket.deny(Error{ErrorCode::room_full, "the room is full"});
  });
  const Knock anna = gateway.knock("anna");
  const Knock ben = gateway.knock("ben");
  gateway.admit(host, "all");
  CHECK(anna.passed());
  CHECK(ben.code() == "ROOM_FULL");
}

TEST_CASE("who gives up while all are let in is left out, and who comes then waits") {
  WaitingRoomGateway gateway;
  FakeParticipant& host = gateway.moderator(gateway.open());
  std::optional<Knock> ben;
  std::optional<Knock> late;
  const auto after = gateway.rooms.add_step(500, "after", [&](JoinRequest&, AdmissionTicket ticket) {
    if (!late) {
      late.emplace(gateway.knock("late"));
      gateway.abandon(*ben);
    }
    ticket.allow();
  });
  const Knock anna = gateway.knock("anna");
  ben.emplace(gateway.knock("ben"));
  gateway.admit(host, "all");
  CHECK(anna.passed());
  CHECK_FALSE(ben->decided());
  REQUIRE(late);
  CHECK(late->held());
}

TEST_CASE("a moderator turns one away") {
  WaitingRoomGateway gateway;
  FakeRoom& room = gateway.open();
  FakeParticipant& host = gateway.moderator(room);
  const Knock anna = gateway.knock("anna");
  json::object data{{"participantId", gateway.waiting(host).front()}};
  std::string told = "denied";
  SUBCASE("without a word") {}
  SUBCASE("with a reason, which is cleaned") {
    data["reason"] = "not\x07 today";
    told = "not today";
  }
  SUBCASE("for good") { data["ban"] = true; }
  CHECK(gateway.ask(host, "waitingroom:deny", data).ok());
  CHECK(anna.code() == "ADMISSION_DENIED");
  CHECK(anna.client.last("waitingroom:denied") == json::value{{"roomId", "lobby"}, {"reason", told}});
  CHECK(anna.outcome->denied->details().at("reason") == "denied");
  CHECK(room.banned.contains("anna") == data.contains("ban"));
  CHECK(gateway.audit == std::vector<std::string>{"waitingroom.deny anna by host"});
  CHECK(gateway.ask(host, "waitingroom:deny", data).code() == "NOT_FOUND");
  CHECK(gateway.knock("anna").held());
}

TEST_CASE("a ban needs the right to remove people") {
  WaitingRoomGateway gateway;
  RoomPolicy policy = with_waiting_room();
  policy.least_role[Permission::remove_participant] = Role::host;
  FakeRoom& room = gateway.open(policy);
  FakeParticipant& co_host = gateway.in_room(room, "co", Role::co_host);
  const Knock anna = gateway.knock("anna");
  const json::object data{{"participantId", gateway.waiting(co_host).front()}, {"ban", true}};
  CHECK(gateway.ask(co_host, "waitingroom:deny", data).code() == "PERMISSION_DENIED");
  CHECK(anna.held());
  CHECK(room.banned.empty());
}

TEST_CASE("each event is for moderators of this room alone, and reads its data") {
  WaitingRoomGateway gateway;
  FakeRoom& room = gateway.open();
  FakeParticipant& host = gateway.moderator(room);
  FakeParticipant& attendee = gateway.in_room(room, "attendee");
  FakeParticipant& elsewhere = gateway.moderator(gateway.open(with_waiting_room(), "other"), "host-2");
  FakeParticipant& tenant = gateway.moderator(gateway.open(with_waiting_room(), "lobby", "acme"), "host-3");
  FakeClient& outside = gateway.host.connect(user("outside"));
  const Knock anna = gateway.knock("anna");
  const json::object right{{"participantId", gateway.waiting(host).front()}};

  struct Row {
    const char* event;
    std::string elsewhere;  ///< what a moderator of another room is answered; empty: an empty list
    json::object bad;
    const char* path;
  };
  const std::vector<Row> rows{
      {"waitingroom:list", "", {{"offset", -1}}, "offset"},
      {"waitingroom:list", "", {{"limit", "many"}}, "limit"},
      {"waitingroom:admit", "NOT_FOUND", {}, "participantId"},
      {"waitingroom:admit", "NOT_FOUND", {{"participantId", std::string(129, 'x')}}, "participantId"},
      {"waitingroom:deny", "NOT_FOUND", {{"participantId", 7}}, "participantId"},
      {"waitingroom:deny", "NOT_FOUND", {{"participantId", "p"}, {"reason", std::string(257, 'x')}}, "reason"},
      {"waitingroom:deny", "NOT_FOUND", {{"participantId", "p"}, {"ban", "yes"}}, "ban"},
  };
  std::set<std::string> tested;
  for (const Row& row : rows) {
    CAPTURE(row.event);
    tested.insert(row.event);
    CHECK(gateway.host.call(outside, row.event, json::value(right)).code() == "NOT_IN_ROOM");
    CHECK(gateway.ask(attendee, row.event, right).code() == "PERMISSION_DENIED");
    for (FakeParticipant* other : {&elsewhere, &tenant}) {
      const Answer answer = gateway.ask(*other, row.event, right);
      CHECK(answer.code() == row.elsewhere);
      if (row.elsewhere.empty()) CHECK(answer["total"] == 0);
    }
    const Answer bad = gateway.ask(host, row.event, row.bad);
    CHECK(bad.code() == "INVALID_PAYLOAD");
    CHECK(bad.details().at("path") == row.path);
  }
  CHECK(anna.held());
  for (const std::string& name : gateway.host.events().names()) CHECK_MESSAGE(tested.contains(name), name);
}

TEST_CASE("where a host must approve, the permission alone is not enough") {
  WaitingRoomGateway gateway;
  RoomPolicy policy = with_host_approval();
  policy.least_role[Permission::admit] = Role::presenter;
  FakeRoom& room = gateway.open(policy);
  FakeParticipant& presenter = gateway.in_room(room, "presenter", Role::presenter);
  const Knock anna = gateway.knock("anna");
  CHECK(anna.info("hostPresent") == false);
  const Answer refused = gateway.ask(presenter, "waitingroom:list");
  CHECK(refused.code() == "PERMISSION_DENIED");
  CHECK(refused.details() == json::object{{"requiredRole", "co_host"}, {"currentRole", "presenter"}});

  policy.require_host_approval = false;
  policy.waiting_room = true;
  room.set_policy(policy);
  gateway.host.run();
  CHECK(gateway.admit(presenter, gateway.waiting(presenter).front()).ok());
  CHECK(anna.passed());
}
