// What those who lead a room decide about others. The table has a row for each event: success, wrong role, other rooms
// and tenants, bad payloads, targets that stand above, the audit trail.

#include <doctest/doctest.h>

#include "moderation_fixture.h"

using namespace sluice;
using namespace sluice::testing;

namespace {

struct Row {
  const char* event;
  const char* permission;
  Role least;
  json::object data;              ///< besides the target
  bool targets;                   ///< it names a participant
  bool spares_above;              ///< not of those who stand above the caller
  const char* action;             ///< as it is audited
  std::vector<json::object> bad;  ///< what is no such request
};

std::vector<Row> rows() {
  const json::object none;
  const json::object number{{"participantId", 7}};
  return {
      {"participant:mute",
       "mute_others",
       Role::co_host,
       {{"kind", "audio"}},
       true,
       true,
       "participant.mute",
       {none, number, {{"participantId", "x"}}, {{"participantId", "x"}, {"kind", "hat"}}}},
      {"participant:ask-unmute",
       "mute_others",
       Role::co_host,
       {{"kind", "video"}},
       true,
       true,
       "participant.ask_unmute",
       {none, number, {{"participantId", "x"}, {"kind", 1}}}},
      {"role:update",
       "change_role",
       Role::host,
       {{"role", "presenter"}},
       true,
       true,
       "participant.role",
       {none, {{"participantId", "x"}}, {{"participantId", "x"}, {"role", "king"}}}},
      {"participant:remove",
       "remove_participant",
       Role::co_host,
       {},
       true,
       true,
       "participant.remove",
       {none, number, {{"participantId", "x"}, {"ban", "yes"}}}},
      {"participant:spotlight",
       "spotlight",
       Role::co_host,
       {},
       true,
       false,
       "participant.spotlight",
       {number, {{"participantId", "x"}, {"enabled", "yes"}}}},
      {"participant:add",
       "add_participant",
       Role::host,
       {{"userId", "gina"}, {"role", "attendee"}},
       false,
       false,
       "participant.add",
       {none,
        {{"role", "attendee"}},
        {{"userId", "a"}, {"email", "b"}},
        {{"userId", "a"}, {"role", "king"}},
        {{"userId", std::string(300, 'x')}},
        {{"userId", ""}}}},
      {"room:lock",
       "lock_room",
       Role::co_host,
       {{"locked", true}},
       false,
       false,
       "room.lock",
       {none, {{"locked", "yes"}}}},
      {"room:close", "close_room", Role::host, {}, false, false, "room.close", {{{"reason", 7}}}},
  };
}

json::object request(Assembly& assembly, const Row& row, FakeClient& target) {
  return row.targets ? whom(assembly.id(target), row.data) : row.data;
}

}  // namespace

TEST_CASE("who may moderate does, and it is audited once") {
  for (const Row& row : rows()) {
    CAPTURE(row.event);
    Assembly assembly;
    FakeClient& caller = row.least == Role::host ? assembly.hanna : assembly.cora;
    CHECK(assembly.ask(caller, row.event, request(assembly, row, assembly.anton)).ok());
    REQUIRE(assembly.audited.size() == 1);
    const auto& audited = assembly.audited.front();
    CHECK(audited.action == row.action);
    CHECK(audited.actor == caller.identity().user_id);
    CHECK(audited.room == "lobby");
    if (row.targets) CHECK(audited.target == "anton");
  }
}

TEST_CASE("whose role is too low is refused, and nothing is audited") {
  for (const Row& row : rows()) {
    CAPTURE(row.event);
    Assembly assembly;
    for (FakeClient* caller : assembly.people()) {
      const Role role = assembly.participant(*caller).role();
      if (role <= row.least) continue;
      const Answer answer = assembly.ask(*caller, row.event, request(assembly, row, assembly.anton));
      CHECK(answer.code() == "PERMISSION_DENIED");
      CHECK(answer.details() == json::object{{"requiredRole", to_json(row.least)}, {"currentRole", to_json(role)}});
    }
    CHECK(assembly.audited.empty());
  }
}

TEST_CASE("what is switched off is refused to hosts, too") {
  for (const Row& row : rows()) {
    CAPTURE(row.event);
    Assembly assembly{{{"least_role", json::object{{row.permission, nullptr}}}}};
    const Answer answer = assembly.ask(assembly.hanna, row.event, request(assembly, row, assembly.anton));
    CHECK(answer.code() == "PERMISSION_DENIED");
    CHECK(answer.details() == json::object{{"feature", row.permission}});
  }
}

TEST_CASE("nobody of another room or tenant is reached, and who is in no room reaches nobody") {
  for (const Row& row : rows()) {
    CAPTURE(row.event);
    Assembly assembly;
    CHECK(assembly.ask(assembly.person_with_role("nobody", "host"), row.event, row.data).code() != "");
    if (!row.targets) continue;
    CHECK(assembly.ask(assembly.person_with_role("n2", "host"), row.event, request(assembly, row, assembly.anton))
              .code() == "NOT_IN_ROOM");
    for (FakeClient* target : {&assembly.elsewhere, &assembly.stranger}) {
      CHECK(assembly.ask(assembly.hanna, row.event, request(assembly, row, *target)).code() == "NOT_FOUND");
      CHECK(target->sent().empty());
    }
  }
}

TEST_CASE("bad payloads are refused") {
  for (const Row& row : rows()) {
    Assembly assembly;
    for (const json::object& bad : row.bad) {
      CAPTURE(row.event);
      CAPTURE(json::serialize(bad));
      CHECK(assembly.ask(assembly.hanna, row.event, bad).code() == "INVALID_PAYLOAD");
    }
    CHECK(assembly.audited.empty());
  }
}

TEST_CASE("nobody decides about who stands above") {
  for (const Row& row : rows()) {
    if (!row.spares_above) continue;
    CAPTURE(row.event);
    Assembly assembly{{{"least_role", json::object{{row.permission, "co_host"}}}}};
    const Answer answer = assembly.ask(assembly.cora, row.event, request(assembly, row, assembly.hanna));
    CHECK(answer.code() == "PERMISSION_DENIED");
    CHECK(answer.details() == json::object{{"requiredRole", "host"}, {"currentRole", "co_host"}});
    CHECK(assembly.participant(assembly.hanna).role() == Role::host);
    CHECK(assembly.hanna.sent().empty());
  }
}

TEST_CASE("a new role is told to all, and with what it lets him do to its owner") {
  Assembly assembly;
  CHECK(assembly.ask(assembly.hanna, "role:update", whom(assembly.id(assembly.anton), {{"role", "co_host"}})).ok());
  const json::object told{
      {"participantId", assembly.id(assembly.anton)}, {"role", "co_host"}, {"by", assembly.id(assembly.hanna)}};
  for (FakeClient* client : {&assembly.hanna, &assembly.cora, &assembly.vera}) {
    CHECK(client->last("role:updated") == json::value(told));
  }
  const json::value own = assembly.anton.last("role:updated");
  CHECK(text(own, "role") == "co_host");
  CHECK(own.at("features").at("moderate").as_bool());
  CHECK(text(assembly.vera.last("participant:updated").at("participant"), "role") == "co_host");
  CHECK_FALSE(assembly.stranger.got("role:updated"));
  CHECK(assembly.audited.back().details == json::object{{"from", "attendee"}, {"to", "co_host"}});

  assembly.clear();
  CHECK(assembly.ask(assembly.hanna, "role:update", whom(assembly.id(assembly.anton), {{"role", "co_host"}})).ok());
  CHECK(assembly.vera.sent().empty());  // nothing has changed
}

TEST_CASE("nobody raises anybody above himself") {
  Assembly assembly{{{"least_role", json::object{{"change_role", "co_host"}}}}};
  const auto update = [&](FakeClient& caller, FakeClient& target, const char* role) {
    return assembly.ask(caller, "role:update", whom(assembly.id(target), {{"role", role}})).code();
  };
  CHECK(update(assembly.cora, assembly.anton, "host") == "PERMISSION_DENIED");
  CHECK(update(assembly.cora, assembly.cora, "host") == "PERMISSION_DENIED");
  CHECK(update(assembly.cora, assembly.anton, "co_host") == "");
  CHECK(update(assembly.anton, assembly.cora, "viewer") == "");  // an equal may
}

TEST_CASE("the last host steps down only when another one is there") {
  Assembly assembly;
  const auto step_down = [&] {
    return assembly.ask(assembly.hanna, "role:update", whom(assembly.id(assembly.hanna), {{"role", "attendee"}}));
  };
  const Answer refused = step_down();
  CHECK(refused.code() == "CONFLICT");
  CHECK(refused.details() == json::object{{"reason", "last_host"}});
  assembly.ask(assembly.hanna, "role:update", whom(assembly.id(assembly.cora), {{"role", "host"}}));
  CHECK(step_down().ok());
  CHECK(assembly.participant(assembly.hanna).role() == Role::attendee);
}

TEST_CASE("a demoted participant's media ends, and it cannot send again") {
  Assembly assembly;
  const std::string mic = assembly.producer(assembly.anton, "mic");
  const std::string screen = assembly.producer(assembly.anton, "screen");
  assembly.clear();
  std::string expected_by;
  SUBCASE("by an event") {
    assembly.ask(assembly.hanna, "role:update", whom(assembly.id(assembly.anton), {{"role", "viewer"}}));
  }
  SUBCASE("by a plugin") {
    assembly.participant(assembly.anton).set_role(Role::viewer);
    assembly.host.run();
    CHECK(assembly.vera.last("role:updated").at("by").is_null());
  }
  CHECK(assembly.host.media().producers.empty());
  CHECK(assembly.vera.sent("producer:closed").size() == 2);
  CHECK(assembly.anton.sent("producer:closed").size() == 2);
  CHECK(assembly.vera.got("screenshare:stopped"));
  CHECK(assembly.seen(assembly.anton)["media"] == json::value{{"audio", false}, {"video", false}, {"screen", false}});
  CHECK(assembly.produce(assembly.anton, assembly.transport(assembly.anton, "send")).code() == "PERMISSION_DENIED");

  assembly.ask(assembly.anton, "room:leave");  // nor by coming in anew
  CHECK(text(assembly.join(assembly.person("anton"))["self"], "role") == "viewer");
}

TEST_CASE("the clients of a user that is added are told, wherever they are, and may come in") {
  Assembly assembly;
  FakeClient& gina = assembly.person("gina");
  FakeClient& other_gina = assembly.person("gina", "other");
  std::string expected;
  assembly.host.bus().on<UserExpected>([&](const UserExpected& event) { expected = event.user.user_id; });
  CHECK(assembly.ask(assembly.hanna, "participant:add", {{"userId", "gina"}, {"role", "presenter"}}).ok());
  CHECK(gina.last("participant:added") ==
        json::value{{"roomId", "lobby"}, {"role", "presenter"}, {"by", assembly.id(assembly.hanna)}});
  CHECK_FALSE(other_gina.got("participant:added"));
  CHECK_FALSE(assembly.anton.got("participant:added"));
  CHECK(expected == "gina");
  CHECK(assembly.audited.back().target == "gina");
  CHECK(text(assembly.join(gina)["self"], "role") == "presenter");

  FakeClient& nora = assembly.host.connect({.user_id = "n", .email = "nora@example.org"});
  CHECK(assembly.ask(assembly.hanna, "participant:add", {{"email", "Nora@example.org"}}).ok());
  CHECK(text(nora.last("participant:added"), "role") == "attendee");
}

TEST_CASE("nobody is added above who adds, nor who is banned") {
  Assembly assembly{{{"least_role", json::object{{"add_participant", "co_host"}}}}};
  const Answer above = assembly.ask(assembly.cora, "participant:add", {{"userId", "gina"}, {"role", "host"}});
  CHECK(above.code() == "PERMISSION_DENIED");
  CHECK(assembly.room().expected({.user_id = "gina"}) == nullptr);
  assembly.room().ban("gina");
  CHECK(assembly.ask(assembly.cora, "participant:add", {{"userId", "gina"}}).code() == "CONFLICT");
}

TEST_CASE("whoever was expected or is named by a step is not raised again by coming back") {
  Assembly assembly;
  const auto token = assembly.admission().add_step(100, "token", [](JoinRequest& request, AdmissionTicket ticket) {
    if (request.client.identity().user_id == "gina") request.role = Role::co_host;
    ticket.allow();
  });
  const auto role_of_gina = [&] { return text(assembly.join(assembly.person("gina"))["self"], "role"); };
  assembly.room().expect({.user_id = "gina", .email = {}, .role = Role::co_host});
  CHECK(role_of_gina() == "co_host");
  const auto all = assembly.room().participants();
  Participant& gina = *all.back();
  gina.set_role(Role::viewer);
  gina.remove("enough");
  CHECK(role_of_gina() == "viewer");

  // Until somebody says otherwise.
  assembly.room().participants().back()->remove("enough");
  CHECK(assembly.ask(assembly.hanna, "participant:add", {{"userId", "gina"}, {"role", "co_host"}}).ok());
  CHECK(role_of_gina() == "co_host");
}

TEST_CASE("nobody bans a user who stands above in another window") {
  Assembly assembly;
  FakeClient& tablet = assembly.enter(assembly.person_with_role("hanna", "attendee"), "lobby");
  assembly.participant(tablet).set_role(Role::attendee);
  const json::object ban = whom(assembly.id(tablet), {{"ban", true}});
  CHECK(assembly.ask(assembly.cora, "participant:remove", ban).code() == "PERMISSION_DENIED");
  CHECK(assembly.room().find(assembly.id(assembly.hanna)) != nullptr);
  CHECK(assembly.join(assembly.person_with_role("hanna", "host")).ok());
  CHECK(assembly.ask(assembly.cora, "participant:remove", whom(assembly.id(tablet))).ok());
}

TEST_CASE("a user who waits at the door may be let in when it is added") {
  Assembly assembly;
  std::vector<AdmissionTicket> waiting;
  const auto door = assembly.admission().add_step(400, "door", [&](JoinRequest&, AdmissionTicket ticket) {
    ticket.hold({});
    waiting.push_back(std::move(ticket));
  });
  assembly.host.bus().on<UserExpected>([&](const UserExpected& event) {
    JoinRequest* request = waiting.front().request();
    if (event.room.expected(request->client.identity()) != nullptr) waiting.front().allow();
  });
  FakeClient& gina = assembly.person("gina");
  assembly.join(gina);
  assembly.ask(assembly.hanna, "participant:add", {{"userId", "gina"}, {"role", "presenter"}});
  REQUIRE(gina.got("room:joined"));
  CHECK(text(gina.last("room:joined").at("self"), "role") == "presenter");
}

TEST_CASE("what was done to whom is audited with its particulars") {
  Assembly assembly;
  assembly.ask(assembly.cora, "participant:mute", whom("all", {{"kind", "video"}}));
  CHECK(assembly.audited.back().target.empty());
  CHECK(assembly.audited.back().details == json::object{{"kind", "video"}, {"all", true}});
  assembly.ask(assembly.cora, "room:lock", {{"locked", true}});
  assembly.ask(assembly.cora, "room:lock", {{"locked", true}});  // it is already
  CHECK(assembly.audited.size() == 2);
  assembly.ask(assembly.cora, "participant:spotlight", whom(assembly.id(assembly.anton)));
  CHECK(assembly.audited.back().details == json::object{{"enabled", true}});
  assembly.ask(assembly.cora, "participant:spotlight", {{"participantId", nullptr}});
  CHECK(assembly.audited.back().details == json::object{{"enabled", false}});
  assembly.ask(assembly.cora, "participant:remove", whom(assembly.id(assembly.vera), {{"reason", "rude"}}));
  CHECK(assembly.audited.back().details == json::object{{"reason", "rude"}, {"ban", false}});
  assembly.ask(assembly.hanna, "room:close", {{"reason", "late"}});
  CHECK(assembly.audited.back().details == json::object{{"reason", "late"}});
}
