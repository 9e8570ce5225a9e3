// What holds in one room beyond the configuration: policies, the lock, who is expected, who is banned.

#include <doctest/doctest.h>

#include "moderation_fixture.h"

using namespace sluice;
using namespace sluice::testing;

TEST_CASE("a room's policy stands before the configuration, and is that room's alone") {
  Assembly assembly;
  assembly.room().set_policy(
      {.waiting_room = {}, .least_role = {{Permission::chat, std::nullopt}, {Permission::admit, Role::host}}});
  CHECK_FALSE(assembly.participant(assembly.hanna).may(Permission::chat));
  CHECK_FALSE(assembly.participant(assembly.cora).may(Permission::admit));
  CHECK(assembly.participant(assembly.hanna).may(Permission::admit));
  CHECK(assembly.participant(assembly.elsewhere).may(Permission::chat));
  CHECK(assembly.participant(assembly.stranger).may(Permission::chat));
}

TEST_CASE("who is affected by a new policy is told, each by its role") {
  Assembly assembly;
  assembly.room().set_policy({.waiting_room = {}, .least_role = {{Permission::chat, Role::attendee}}});
  REQUIRE(assembly.vera.got("room:policy-changed"));
  const json::value told = assembly.vera.last("room:policy-changed");
  CHECK_FALSE(told.at("locked").as_bool());
  CHECK_FALSE(told.at("features").at("chat").as_bool());
  CHECK(told.at("features").at("react").as_bool());
  CHECK_FALSE(assembly.anton.got("room:policy-changed"));
  CHECK_FALSE(assembly.stranger.got("room:policy-changed"));

  assembly.clear();
  assembly.room().set_policy(
      {.waiting_room = {}, .least_role = {{Permission::chat, Role::attendee}}});  // the same again
  CHECK(assembly.vera.sent().empty());

  assembly.room().set_policy({.locked = true, .waiting_room = {}, .least_role = {{Permission::chat, Role::attendee}}});
  for (FakeClient* client : assembly.people()) {
    CHECK(client->last("room:policy-changed").at("locked").as_bool());
  }
}

TEST_CASE("a policy that takes away a permission ends what was sent by it") {
  Assembly assembly;
  const std::string screen = assembly.producer(assembly.anton, "screen");
  const std::string mic = assembly.producer(assembly.anton, "mic");
  assembly.clear();
  assembly.room().set_policy({.waiting_room = {}, .least_role = {{Permission::share_screen, Role::presenter}}});
  assembly.host.run();
  CHECK_FALSE(assembly.host.media().producers.contains(screen));
  CHECK(assembly.host.media().producers.contains(mic));
  CHECK(text(assembly.anton.last("producer:closed"), "producerId") == screen);
  CHECK(text(assembly.hanna.last("producer:closed"), "producerId") == screen);
  CHECK(assembly.hanna.got("screenshare:stopped"));
}

TEST_CASE("a reloaded configuration holds at once for who is there") {
  Assembly assembly;
  const std::string mic = assembly.producer(assembly.anton, "mic");
  assembly.plugin->reconfigure(Config{json::value{{"least_role", json::object{{"publish_audio", "presenter"}}}}});
  assembly.host.run();
  CHECK_FALSE(assembly.anton.last("room:policy-changed").at("features").at("publishAudio").as_bool());
  CHECK_FALSE(assembly.host.media().producers.contains(mic));
}

TEST_CASE("into a locked room come those who lead it and those who are expected") {
  Assembly assembly;
  assembly.room().expect({.user_id = "gina", .email = {}, .role = Role::presenter});
  REQUIRE(assembly.ask(assembly.cora, "room:lock", {{"locked", true}}).ok());
  for (FakeClient* client : assembly.people()) {
    CHECK(client->last("room:locked") == json::value{{"locked", true}, {"by", assembly.id(assembly.cora)}});
  }
  CHECK_FALSE(assembly.stranger.got("room:locked"));

  const Answer refused = assembly.join(assembly.person("nora"));
  CHECK(refused.code() == "ADMISSION_DENIED");
  CHECK(refused.details() == json::object{{"reason", "locked"}});
  CHECK(assembly.join(assembly.person_with_role("paul", "presenter")).code() == "ADMISSION_DENIED");
  CHECK(assembly.join(assembly.person_with_role("carl", "co_host")).ok());
  const Answer expected = assembly.join(assembly.person("gina"));
  REQUIRE(expected.ok());
  CHECK(text(expected["self"], "role") == "presenter");
  CHECK(expected["room"].at("locked").as_bool());
  CHECK(assembly.join(assembly.person("nina", "other")).ok());  // another tenant's room of that id

  CHECK(assembly.ask(assembly.cora, "room:lock", {{"locked", false}}).ok());
  CHECK(assembly.join(assembly.person("nora")).ok());
}

TEST_CASE("a step that makes somebody a host opens the locked door, and who waits behind it is not locked out") {
  Assembly assembly;
  const auto token = assembly.admission().add_step(100, "token", [](JoinRequest& request, AdmissionTicket ticket) {
    if (request.token == "host's") request.role = Role::host;
    ticket.allow();
  });
  std::vector<AdmissionTicket> waiting;
  const auto door = assembly.admission().add_step(400, "door", [&](JoinRequest& request, AdmissionTicket ticket) {
    if (request.role == Role::host) return ticket.allow();
    ticket.hold({});
    waiting.push_back(std::move(ticket));
  });
  FakeClient& early = assembly.person("early");
  CHECK(assembly.join(early).ok());  // held
  assembly.ask(assembly.hanna, "room:lock", {{"locked", true}});
  CHECK(assembly.join(assembly.person("nora")).code() == "ADMISSION_DENIED");
  CHECK(assembly.join(assembly.person("hugo"), "lobby", {{"token", "host's"}}).ok());
  waiting.front().allow();
  CHECK(early.got("room:joined"));
}

TEST_CASE("who is expected comes in as what was said, by user id or by e-mail address") {
  Assembly assembly;
  assembly.room().expect({.user_id = "gina", .email = {}, .role = Role::co_host});
  assembly.room().expect({.user_id = {}, .email = "Nora@Example.org", .role = Role::viewer});
  const auto role_of = [&](Identity identity) {
    return text(assembly.join(assembly.host.connect(std::move(identity)))["self"], "role");
  };
  CHECK(role_of({.user_id = "gina"}) == "co_host");
  CHECK(role_of({.user_id = "n", .email = "nora@example.ORG"}) == "viewer");
  CHECK(role_of({.user_id = "n2", .email = "nora@example.org", .role = "host"}) == "host");  // none the less for it
  CHECK(role_of({.user_id = "guest-1", .email = "nora@example.org", .guest = true}) == "attendee");  // nobody checked

  assembly.room().expect({.user_id = "gina", .email = {}, .role = Role::presenter});
  CHECK(assembly.room().expected({.user_id = "gina"})->role == Role::presenter);
  assembly.room().no_longer_expect({.user_id = "gina", .email = {}, .role = Role::viewer});
  CHECK(assembly.room().expected({.user_id = "gina"}) == nullptr);
  CHECK_THROWS_AS(assembly.room().expect({.user_id = {}, .email = {}, .role = Role::viewer}), Error);
}

TEST_CASE("a room expects 10,000 users, and bans 1,000") {
  Assembly assembly;
  const auto user = [](int number) {
    return ExpectedUser{.user_id = "user-" + std::to_string(number), .email = {}, .role = Role::viewer};
  };
  for (int i = 0; i < 10'000; ++i) assembly.room().expect(user(i));
  CHECK_THROWS_WITH_AS(assembly.room().expect(user(10'000)), "at most 10000 expected users", Error);
  assembly.room().expect(user(7));  // is expected already
  for (int i = 0; i < 1'000; ++i) assembly.room().ban("banned-" + std::to_string(i));
  CHECK_THROWS_AS(assembly.room().ban("one more"), Error);
}

TEST_CASE("who is banned does not come in again, by no name that it may have") {
  Assembly assembly;
  assembly.room().expect({.user_id = "anton", .email = {}, .role = Role::host});
  FakeClient& second_window = assembly.enter(assembly.person_with_role("anton", "attendee"), "lobby");
  FakeClient& guest = assembly.host.connect({.user_id = "guest-7", .guest = true});
  assembly.enter(guest, "lobby");

  const auto ban = [&](FakeClient& client) {
    return assembly.ask(assembly.hanna, "participant:remove", whom(assembly.id(client), {{"ban", true}}));
  };
  CHECK(ban(assembly.anton).ok());
  CHECK(assembly.anton.got("participant:removed"));
  CHECK(second_window.got("participant:removed"));
  CHECK(assembly.join(assembly.anton).code() == "ADMISSION_DENIED");
  CHECK(assembly.join(second_window).code() == "ADMISSION_DENIED");
  CHECK(assembly.join(assembly.anton, "elsewhere").ok());  // that room's alone

  CHECK(ban(guest).ok());
  CHECK(assembly.join(guest).code() == "ADMISSION_DENIED");
  CHECK(assembly.join(assembly.person("anton", "other")).ok());  // another tenant's user of the same id
}

TEST_CASE("a room that a plugin makes has an owner, who is its host, and tells what it is for") {
  VideoRoomGateway gateway{{{"create_on_join", false}}};
  gateway.rooms().create({.id = "m1",
                          .name = "Weekly",
                          .tenant = {},
                          .max_participants = {},
                          .policy = {.waiting_room = {}, .least_role = {{Permission::chat, std::nullopt}}},
                          .owner = "olga",
                          .info = {{"meetingId", "m1"}}});
  const Answer joined = gateway.join(gateway.person_with_role("olga", "attendee"), "m1");
  CHECK(text(joined["self"], "role") == "host");
  CHECK(text(joined["room"].at("info"), "meetingId") == "m1");
  CHECK_FALSE(joined["features"].at("chat").as_bool());
  CHECK(text(gateway.join(gateway.person("ben"), "m1")["self"], "role") == "attendee");
  CHECK_THROWS_AS(
      gateway.rooms().create(
          {.id = "m2", .name = {}, .tenant = {}, .max_participants = {}, .info = {{"text", std::string(4'096, 'x')}}}),
      Error);
}

TEST_CASE("a viewer that comes first into a room does not own it") {
  VideoRoomGateway gateway;
  FakeClient& vera = gateway.person_with_role("vera", "viewer");
  CHECK(text(gateway.join(vera)["self"], "role") == "viewer");
  gateway.host.call(vera, "room:leave");
  CHECK(text(gateway.join(vera)["self"], "role") == "viewer");
}

TEST_CASE("whether there is such a room is asked at the end of the chain") {
  VideoRoomGateway gateway{{{"create_on_join", false}}};
  std::vector<AdmissionTicket> waiting;
  const auto door = gateway.admission().add_step(400, "door", [&](JoinRequest& request, AdmissionTicket ticket) {
    CHECK(request.role == Role::attendee);  // nobody is the host of what is not there
    ticket.hold({});
    waiting.push_back(std::move(ticket));
  });
  FakeClient& anna = gateway.person("anna");
  CHECK(gateway.join(anna, "m1").ok());
  SUBCASE("it is there by then") {
    gateway.rooms().create({.id = "m1", .name = {}, .tenant = {}, .max_participants = {}});
    waiting.front().allow();
    CHECK(anna.got("room:joined"));
  }
  SUBCASE("it is not") {
    waiting.front().allow();
    CHECK(text(anna.last("room:denied"), "code") == "ROOM_NOT_FOUND");
  }
}

TEST_CASE("a room that somebody else will open is not made by who joins first") {
  VideoRoomGateway gateway;
  const auto meetings = gateway.admission().add_step(100, "meeting", [](JoinRequest& request, AdmissionTicket ticket) {
    if (request.room_id == "m1") request.expected_room = RoomPolicy{.waiting_room = true};
    ticket.allow();
  });
  CHECK(gateway.join(gateway.person("anna"), "m1").code() == "ROOM_NOT_FOUND");
  CHECK(gateway.rooms().all().empty());
  CHECK(gateway.join(gateway.person("anna"), "m2").ok());
  gateway.rooms().create({.id = "m1", .name = {}, .tenant = {}, .max_participants = {}});
  CHECK(gateway.join(gateway.person("ben"), "m1").ok());
}
