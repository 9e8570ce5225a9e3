#include <doctest/doctest.h>

#include <set>

#include "engagement_fixture.h"

using namespace sluice;
using namespace sluice::testing;

namespace {

/// One thing that is asked: how it goes right, and for whom and with what it does not.
struct Row {
  const char* event;
  json::object right;
  const char* attendee;  ///< the answer to an attendee; empty: it may
  json::object bad{};    ///< empty: the event has no data
  const char* path = "";
};

std::vector<Row> rows() {
  return {
      {"hand:raise", {}, ""},
      {"hand:lower", {}, "", {{"participantId", 7}}, "participantId"},
      {"hand:lower",
       {{"participantId", "p-other"}},
       "PERMISSION_DENIED",
       {{"participantId", std::string(129, 'x')}},
       "participantId"},
      {"hand:lower", {{"participantId", "all"}}, "PERMISSION_DENIED"},
      {"hand:list", {{"offset", 0}}, "", {{"offset", -1}}, "offset"},
      {"hand:list", {{"limit", 1}}, "", {{"limit", "x"}}, "limit"},
      {"reaction:send", {{"emoji", "👍"}}, "", {{"emoji", std::string(65, 'x')}}, "emoji"},
      {"reaction:list", {}, ""},
      {"layout:update", {{"layout", "grid"}}, "", {{"layout", "circle"}}, "layout"},
      {"layout:update",
       {{"layout", "grid"}, {"scope", "room"}},
       "PERMISSION_DENIED",
       {{"layout", "grid"}, {"scope", "world"}},
       "scope"},
  };
}

}  // namespace

TEST_CASE("each event: who may, who is outside, and what is no request") {
  std::set<std::string> tested;
  EngagementGateway gateway;
  for (const Row& row : rows()) {
    CAPTURE(row.event);
    CAPTURE(json::serialize(row.right));
    tested.insert(row.event);
    FakeRoom& room = gateway.open();
    FakeParticipant& host = gateway.join(room, "host", Role::host);
    FakeParticipant& attendee = gateway.join(room, "attendee");
    gateway.join(room, "other");
    FakeClient& outside = gateway.host.connect({.user_id = "outside"});
    CHECK(gateway.host.call(outside, row.event, json::value(row.right)).code() == "NOT_IN_ROOM");
    CHECK(gateway.ask(attendee, row.event, row.right).code() == row.attendee);
    CHECK(gateway.ask(host, row.event, row.right).code() == "");
    if (!row.bad.empty()) {
      const Answer bad = gateway.ask(host, row.event, row.bad);
      CHECK(bad.code() == "INVALID_PAYLOAD");
      CHECK(bad.details().at("path") == row.path);
    }
    room.close("closed");
  }
  for (const std::string& name : gateway.host.events().names()) CHECK_MESSAGE(tested.contains(name), name);
}

TEST_CASE("nobody reaches a participant of another room, or of another tenant's room of the same name") {
  EngagementGateway gateway;
  FakeParticipant& host = gateway.join(gateway.open(), "host", Role::host);
  for (FakeRoom* room : {&gateway.open("other"), &gateway.open("lobby", "acme")}) {
    FakeParticipant& there = gateway.join(*room, "there-" + room->tenant());
    gateway.ask(there, "hand:raise");
    CHECK(gateway.ask(host, "hand:lower", {{"participantId", there.id()}}).code() == "NOT_FOUND");
    gateway.ask(host, "hand:lower", {{"participantId", "all"}});
    CHECK(gateway.hands(there).size() == 1);
    CHECK(gateway.hands(host).empty());
  }
}

TEST_CASE("the manifest names what engagement needs, and every option may be reloaded") {
  const Manifest manifest = sluice_plugin.manifest();
  CHECK(manifest.name == "engagement");
  CHECK(manifest.requires_ == std::vector<std::string>{"sluice.rooms/1"});
  for (const SchemaNode& option : manifest.options.node().children) {
    CAPTURE(option.name);
    CHECK(option.reloadable);
  }
  EngagementGateway gateway;
  gateway.plugin->reconfigure(Config{json::value(json::object{{"reactions", json::array{"yes"}}})});
  FakeParticipant& anna = gateway.join(gateway.open(), "anna");
  CHECK(gateway.ask(anna, "reaction:send", {{"emoji", "yes"}}).ok());
}
