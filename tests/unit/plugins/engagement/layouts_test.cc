#include <doctest/doctest.h>

#include "engagement_fixture.h"

using namespace sluice;
using namespace sluice::testing;

TEST_CASE("a moderator chooses the layout of the room, and who comes later hears of it") {
  EngagementGateway gateway;
  FakeRoom& room = gateway.open();
  FakeParticipant& host = gateway.join(room, "host", Role::host);
  FakeParticipant& anna = gateway.join(room, "anna");
  CHECK_FALSE(gateway.client_of(anna).got("layout:updated"));
  CHECK(gateway.ask(host, "layout:update", {{"layout", "speaker"}, {"scope", "room"}}).ok());
  const json::value told{{"layout", "speaker"}, {"scope", "room"}, {"by", "p-host"}};
  CHECK(gateway.client_of(anna).last("layout:updated") == told);
  CHECK(gateway.client_of(host).last("layout:updated") == told);

  FakeParticipant& ben = gateway.join(room, "ben");
  CHECK(gateway.client_of(ben).last("layout:updated") == told);
  CHECK_FALSE(gateway.client_of(gateway.join(gateway.open("other"), "cleo")).got("layout:updated"));

  SUBCASE("also when the moderator has left") {
    room.leave(host);
    CHECK(gateway.client_of(gateway.join(room, "dan")).last("layout:updated") == told);
  }
  SUBCASE("but not in the next room of this name") {
    room.close("closed");
    CHECK_FALSE(gateway.client_of(gateway.join(gateway.open(), "dan")).got("layout:updated"));
  }
}

TEST_CASE("everybody chooses for oneself, and finds it again after a lost connection") {
  EngagementGateway gateway;
  FakeRoom& room = gateway.open();
  FakeParticipant& anna = gateway.join(room, "anna");
  FakeParticipant& ben = gateway.join(room, "ben");
  CHECK(gateway.ask(anna, "layout:update", {{"layout", "presentation"}, {"scope", "self"}}).ok());
  CHECK(gateway.ask(anna, "layout:update", {{"layout", "grid"}}).ok());
  const json::value told{{"layout", "grid"}, {"scope", "self"}, {"by", "p-anna"}};
  CHECK(gateway.client_of(anna).last("layout:updated") == told);
  CHECK_FALSE(gateway.client_of(ben).got("layout:updated"));

  room.away(anna);
  FakeClient& again = gateway.host.connect(anna.identity());
  room.returned(anna, again);
  CHECK_FALSE(again.got("layout:updated"));  // not before it has been told that it is back
  gateway.host.run();
  CHECK(again.last("layout:updated") == told);

  room.leave(anna);
  CHECK_FALSE(gateway.client_of(gateway.join(room, "anna")).got("layout:updated"));
}

TEST_CASE("who has gone before it could be told is not told") {
  EngagementGateway gateway;
  FakeRoom& room = gateway.open();
  gateway.ask(gateway.join(room, "host", Role::host), "layout:update", {{"layout", "grid"}, {"scope", "room"}});
  FakeClient& client = gateway.host.connect({.user_id = "anna"});
  room.leave(room.join(client));
  gateway.host.run();
  CHECK_FALSE(client.got("layout:updated"));
}
