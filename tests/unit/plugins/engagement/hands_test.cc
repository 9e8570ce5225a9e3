#include <doctest/doctest.h>

#include "engagement_fixture.h"

using namespace sluice;
using namespace sluice::testing;
using namespace std::chrono_literals;

using Ids = std::vector<std::string>;

TEST_CASE("a raised hand is told to all, and seen by who comes later") {
  EngagementGateway gateway;
  FakeRoom& room = gateway.open();
  FakeParticipant& anna = gateway.join(room, "anna");
  FakeParticipant& ben = gateway.join(room, "ben");
  FakeParticipant& elsewhere = gateway.join(gateway.open("other"), "cleo");
  const json::value hand{{"participantId", anna.id()}, {"at", 1'000'000'000'000}, {"order", 1}};
  CHECK(gateway.ask(anna, "hand:raise").data() == hand);
  CHECK(gateway.client_of(ben).last("hand:raised") == hand);
  CHECK(gateway.client_of(anna).last("hand:raised") == hand);
  CHECK_FALSE(gateway.client_of(elsewhere).got("hand:raised"));
  CHECK(anna.attributes().at("handRaised") == json::value{{"at", 1'000'000'000'000}, {"order", 1}});
  CHECK(gateway.heard == Ids{"hand anna"});
  CHECK(gateway.host.metrics().value("hands_total") == 1);
  CHECK(gateway.ask(ben, "hand:raise")["order"] == 2);

  SUBCASE("raising it again changes nothing") {
    gateway.client_of(ben).clear();
    CHECK(gateway.ask(anna, "hand:raise").data() == hand);
    CHECK(gateway.client_of(ben).sent().empty());
    CHECK(gateway.hands(ben) == Ids{"p-anna", "p-ben"});
  }
}

TEST_CASE("hands that go down make room for those behind them") {
  EngagementGateway gateway;
  FakeRoom& room = gateway.open();
  FakeParticipant& anna = gateway.join(room, "anna");
  FakeParticipant& ben = gateway.join(room, "ben");
  FakeParticipant& cleo = gateway.join(room, "cleo");
  for (FakeParticipant* one : {&anna, &ben, &cleo}) CHECK(gateway.ask(*one, "hand:raise").ok());
  CHECK(gateway.ask(anna, "hand:lower").ok());
  CHECK(gateway.client_of(cleo).last("hand:lowered") ==
        json::value{{"participantId", "p-anna"}, {"at", 1'000'000'000'000}, {"order", 1}, {"by", "p-anna"}});
  CHECK(gateway.hands(ben) == Ids{"p-ben", "p-cleo"});
  CHECK(EngagementGateway::shown_order(anna) == 0);
  gateway.host.advance(500ms);
  CHECK(EngagementGateway::shown_order(ben) == 1);
  CHECK(EngagementGateway::shown_order(cleo) == 2);
  CHECK(gateway.ask(anna, "hand:raise")["order"] == 3);
}

TEST_CASE("lowering a hand that is not up changes nothing") {
  EngagementGateway gateway;
  FakeRoom& room = gateway.open();
  FakeParticipant& host = gateway.join(room, "host", Role::host);
  FakeParticipant& anna = gateway.join(room, "anna");
  CHECK(gateway.ask(anna, "hand:lower").ok());
  CHECK(gateway.ask(host, "hand:lower", {{"participantId", anna.id()}}).ok());
  CHECK(gateway.ask(host, "hand:lower", {{"participantId", "all"}}).ok());
  CHECK_FALSE(gateway.client_of(anna).got("hand:lowered"));
  CHECK(gateway.heard.empty());
}

TEST_CASE("a moderator lowers any hand, or all of them") {
  EngagementGateway gateway;
  FakeRoom& room = gateway.open();
  FakeParticipant& host = gateway.join(room, "host", Role::co_host);
  FakeParticipant& anna = gateway.join(room, "anna");
  FakeParticipant& ben = gateway.join(room, "ben");
  gateway.ask(anna, "hand:raise");
  gateway.ask(ben, "hand:raise");
  gateway.heard.clear();
  SUBCASE("one") {
    CHECK(gateway.ask(host, "hand:lower", {{"participantId", anna.id()}}).ok());
    CHECK(gateway.client_of(anna).last("hand:lowered").at("by") == "p-host");
    CHECK(gateway.hands(host) == Ids{"p-ben"});
    CHECK(gateway.heard == Ids{"hand.lower anna by host"});
  }
  SUBCASE("all, in one event") {
    CHECK(gateway.ask(host, "hand:lower", {{"participantId", "all"}}).ok());
    CHECK(gateway.client_of(ben).sent("hand:lowered").size() == 1);
    CHECK(gateway.client_of(ben).last("hand:lowered") == json::value{{"participantId", "all"}, {"by", "p-host"}});
    CHECK(gateway.hands(host).empty());
    CHECK_FALSE(anna.attributes().contains("handRaised"));
    CHECK_FALSE(ben.attributes().contains("handRaised"));
    CHECK(gateway.heard == Ids{"hand.lower all by host"});
  }
}

TEST_CASE("who leaves takes its hand down, who is away keeps it") {
  EngagementGateway gateway;
  FakeRoom& room = gateway.open();
  FakeParticipant& anna = gateway.join(room, "anna");
  FakeParticipant& ben = gateway.join(room, "ben");
  gateway.ask(anna, "hand:raise");
  gateway.ask(ben, "hand:raise");

  room.away(anna);
  CHECK(gateway.hands(ben) == Ids{"p-anna", "p-ben"});
  room.returned(anna, gateway.host.connect(anna.identity()));
  CHECK(gateway.ask(anna, "hand:raise")["order"] == 1);

  room.leave(anna);
  CHECK(gateway.client_of(ben).last("hand:lowered").at("participantId") == "p-anna");
  CHECK(gateway.client_of(ben).last("hand:lowered").at("by").is_null());
  CHECK(gateway.hands(ben) == Ids{"p-ben"});
  gateway.host.advance(500ms);
  CHECK(EngagementGateway::shown_order(ben) == 1);
}

TEST_CASE("where hands are switched off none is raised, and those that are up go down") {
  EngagementGateway gateway;
  FakeRoom& room = gateway.open();
  FakeParticipant& anna = gateway.join(room, "anna");
  gateway.ask(anna, "hand:raise");
  RoomPolicy policy;
  policy.least_role[Permission::raise_hand] = LeastRole{};
  room.set_policy(policy);
  CHECK(gateway.hands(anna).empty());
  CHECK(gateway.client_of(anna).last("hand:lowered").at("by").is_null());
  CHECK(gateway.ask(anna, "hand:raise").code() == "PERMISSION_DENIED");
  CHECK(gateway.ask(anna, "hand:lower").ok());
}

TEST_CASE("a hand goes down when its owner's new role may raise none") {
  EngagementGateway gateway;
  FakeRoom& room = gateway.open();
  RoomPolicy policy;
  policy.least_role[Permission::raise_hand] = Role::attendee;
  room.set_policy(policy);
  FakeParticipant& anna = gateway.join(room, "anna");
  gateway.ask(anna, "hand:raise");
  const auto become = [&](Role role) {
    anna.set_role(role);
    gateway.host.bus().publish(ParticipantUpdated{anna});
  };
  become(Role::presenter);
  CHECK(gateway.hands(anna).size() == 1);
  become(Role::viewer);
  CHECK(gateway.hands(anna).empty());
  CHECK(gateway.client_of(anna).last("hand:lowered").at("by").is_null());
}

TEST_CASE("hands are bounded in number, and in how often they go up") {
  EngagementGateway gateway{{{"max_hands", 1}}};
  FakeRoom& room = gateway.open();
  FakeParticipant& anna = gateway.join(room, "anna");
  FakeParticipant& ben = gateway.join(room, "ben");
  gateway.ask(anna, "hand:raise");
  const Answer full = gateway.ask(ben, "hand:raise");
  CHECK(full.code() == "LIMIT_EXCEEDED");
  CHECK(full.details().at("limit") == 1);

  for (int i = 0; i < 4; ++i) {
    CHECK(gateway.ask(anna, "hand:lower").ok());
    CHECK(gateway.ask(anna, "hand:raise").ok());
  }
  gateway.ask(anna, "hand:lower");
  const Answer often = gateway.ask(anna, "hand:raise");
  CHECK(often.code() == "RATE_LIMITED");
  CHECK(often.details().at("retryAfterMs").to_number<int>() == 2'001);
  gateway.host.advance(2s);
  CHECK(gateway.ask(anna, "hand:raise").ok());
}

TEST_CASE("hands are listed in pages") {
  EngagementGateway gateway;
  FakeRoom& room = gateway.open();
  FakeParticipant* last = nullptr;
  for (int i = 0; i < 250; ++i) {
    last = &gateway.join(room, "user-" + std::to_string(i));
    gateway.ask(*last, "hand:raise");
  }
  CHECK(gateway.hands(*last).size() == 200);
  const Answer rest = gateway.ask(*last, "hand:list", {{"offset", 200}});
  CHECK(rest["total"] == 250);
  CHECK(rest["hands"].as_array().size() == 50);
  CHECK(rest["hands"].as_array().front().at("order") == 201);
  CHECK(gateway.ask(*last, "hand:list", {{"offset", 5}, {"limit", 2}})["hands"].as_array().size() == 2);
}

TEST_CASE("when a room closes its hands are forgotten") {
  EngagementGateway gateway;
  FakeRoom& room = gateway.open();
  FakeParticipant& anna = gateway.join(room, "anna");
  gateway.ask(anna, "hand:raise");
  gateway.ask(gateway.join(room, "ben"), "hand:raise");
  gateway.ask(anna, "hand:lower");
  room.close("closed");
  gateway.host.advance(1s);
  FakeParticipant& again = gateway.join(gateway.open(), "anna");
  CHECK(gateway.hands(again).empty());
  CHECK(gateway.ask(again, "hand:raise")["order"] == 1);
}
