#include <doctest/doctest.h>

#include "engagement_fixture.h"

using namespace sluice;
using namespace sluice::testing;
using namespace std::chrono_literals;

TEST_CASE("a reaction is seen by all in the room") {
  EngagementGateway gateway;
  FakeRoom& room = gateway.open();
  FakeParticipant& anna = gateway.join(room, "anna");
  FakeParticipant& ben = gateway.join(room, "ben");
  FakeParticipant& elsewhere = gateway.join(gateway.open("other"), "cleo");
  CHECK(gateway.ask(anna, "reaction:send", {{"emoji", "🎉"}}).ok());
  const json::value told{{"participantId", "p-anna"}, {"emoji", "🎉"}};
  CHECK(gateway.client_of(anna).last("reaction:received") == told);
  CHECK(gateway.client_of(ben).last("reaction:received") == told);
  CHECK_FALSE(gateway.client_of(elsewhere).got("reaction:received"));
  CHECK(gateway.heard == std::vector<std::string>{"reaction 🎉 anna"});
  CHECK(gateway.host.metrics().value("reactions_total") == 1);
}

TEST_CASE("only what the operator lists is a reaction") {
  EngagementGateway gateway{{{"reactions", json::array{"yes", "❤️"}}}};
  FakeParticipant& anna = gateway.join(gateway.open(), "anna");
  CHECK(gateway.ask(anna, "reaction:list").data() == json::value{{"reactions", json::array{"yes", "❤️"}}});
  for (const char* unknown : {"👍", "", "no", "Yes", "<b>yes</b>"}) {
    CAPTURE(unknown);
    const Answer answer = gateway.ask(anna, "reaction:send", {{"emoji", unknown}});
    CHECK(answer.code() == "INVALID_PAYLOAD");
    CHECK(answer.details().at("path") == "emoji");
  }
  // With and without the variation selector.
  CHECK(gateway.ask(anna, "reaction:send", {{"emoji", "\xe2\x9d\xa4"}}).ok());
  CHECK(gateway.client_of(anna).last("reaction:received").at("emoji") == "❤️");
}

TEST_CASE("one participant sends so many reactions, and no more") {
  EngagementGateway gateway{{{"reactions_per_second", 2}, {"reaction_burst", 3}}};
  FakeRoom& room = gateway.open();
  FakeParticipant& anna = gateway.join(room, "anna");
  FakeParticipant& ben = gateway.join(room, "ben");
  const auto react = [&](FakeParticipant& one) { return gateway.ask(one, "reaction:send", {{"emoji", "👍"}}); };
  for (int i = 0; i < 3; ++i) CHECK(react(anna).ok());
  const Answer refused = react(anna);
  CHECK(refused.code() == "RATE_LIMITED");
  CHECK(refused.details().at("retryAfterMs").to_number<int>() == 501);
  CHECK(react(ben).ok());
  gateway.host.advance(501ms);
  CHECK(react(anna).ok());
  CHECK(react(anna).code() == "RATE_LIMITED");
  CHECK(gateway.client_of(ben).sent("reaction:received").size() == 5);
}

TEST_CASE("a large room is told of some, and how many others there were") {
  EngagementGateway gateway{{{"reaction_messages", 100}}};
  FakeRoom& room = gateway.open();
  std::vector<FakeParticipant*> all;
  for (int i = 0; i < 20; ++i) all.push_back(&gateway.join(room, "user-" + std::to_string(i)));
  for (FakeParticipant* one : all) gateway.ask(*one, "reaction:send", {{"emoji", one == all.back() ? "🔥" : "👏"}});
  FakeClient& client = gateway.client_of(*all.front());
  CHECK(client.sent("reaction:received").size() == 5);
  CHECK_FALSE(client.got("reactions:summary"));
  gateway.host.advance(1s);
  const json::value summary{{"reactions", json::array{json::object{{"emoji", "👏"}, {"count", 14}},
                                                      json::object{{"emoji", "🔥"}, {"count", 1}}}}};
  CHECK(client.last("reactions:summary") == summary);
  CHECK(gateway.heard.size() == 20);

  SUBCASE("each second anew") {
    gateway.ask(*all.front(), "reaction:send", {{"emoji", "👏"}});
    CHECK(client.sent("reaction:received").size() == 6);
    gateway.host.advance(1s);
    CHECK(client.sent("reactions:summary").size() == 1);
  }
  SUBCASE("a room that closes hears no more") {
    for (FakeParticipant* one : all) gateway.ask(*one, "reaction:send", {{"emoji", "👏"}});
    room.close("closed");
    gateway.host.advance(1s);
    CHECK(client.sent("reactions:summary").size() == 1);
  }
}

TEST_CASE("where reactions are switched off none is sent") {
  EngagementGateway gateway;
  FakeRoom& room = gateway.open();
  FakeParticipant& host = gateway.join(room, "host", Role::host);
  RoomPolicy policy;
  policy.least_role[Permission::react] = LeastRole{};
  room.set_policy(policy);
  CHECK(gateway.ask(host, "reaction:send", {{"emoji", "👍"}}).code() == "PERMISSION_DENIED");
  CHECK(gateway.heard.empty());
}
