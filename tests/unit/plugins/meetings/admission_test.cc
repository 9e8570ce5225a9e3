#include <doctest/doctest.h>

#include "live_fixture.h"
#include "plugins/meetings/join_pass.h"

namespace sluice::meetings::testing {
namespace {

using Fixture = LiveMeetingsFixture;

/// One `room:join` at the meetings' step.
struct Knock {
  Knock(Fixture& fixture, const Identity& who, const std::string& token = {}, const std::string& password = {},
        const std::string& room = "m")
      : host{fixture.host},
        client{fixture.host.connect(who)},
        request{.client = client,
                .room_id = room,
                .token = token,
                .password = password,
                .device = json::object(),
                .name = "as typed",
                .attributes = json::object()},
        outcome{fixture.rooms.admit(request)} {}

  Knock& settled() {
    host.run();
    return *this;
  }
  [[nodiscard]] std::string denied() const {
    return outcome->denied ? std::string{to_string(outcome->denied->code())} : std::string{};
  }

  FakeHost& host;
  FakeClient& client;
  JoinRequest request;
  std::shared_ptr<FakeRooms::Outcome> outcome;
};

std::string token(Fixture& fixture, const Identity& who, json::value body = json::object()) {
  const HttpAnswer answer = fixture.call("POST", "/{id}/join", who, "m", std::move(body));
  if (answer.status() != 200) throw std::logic_error{answer.response().body};
  return std::string{data(answer, "access_token").as_string()};
}

TEST_CASE("a join token opens its room, and says who somebody is there") {
  Fixture fixture;
  fixture.create([](Meeting& m) {
    m.allow_guests = true;
    m.password_hash = hash_password("secure123");
  });
  fixture.live();
  const std::string shown =
      token(fixture, guest(), {{"participant_name", "John Doe"}, {"meeting_password", "secure123"}});
  const Identity bearer = *fixture.host.tokens().verify(shown);

  SUBCASE("shown when connecting") {
    Knock knock{fixture, bearer};
    CHECK(knock.settled().outcome->allowed);
    CHECK(knock.request.role == Role::attendee);
    CHECK(knock.request.name == "John Doe");
    CHECK(knock.request.attributes.at("meetingParticipantId") == json::value(read_pass(bearer)->participant_id));
  }
  SUBCASE("shown in the join, by a client without a token of its own") {
    Identity anonymous = guest();
    anonymous.tenant = "campus1";
    Knock knock{fixture, anonymous, shown};
    CHECK(knock.settled().outcome->allowed);
  }
  SUBCASE("not by somebody else, for another room, in another tenant, or after its time") {
    CHECK(Knock{fixture, user("zoe"), shown}.settled().denied() == "ADMISSION_DENIED");
    CHECK(Knock{fixture, bearer, shown, {}, "lobby"}.settled().denied() == "ADMISSION_DENIED");
    CHECK(Knock{fixture, bearer, {}, {}, "lobby"}.settled().denied() == "ADMISSION_DENIED");
    CHECK(Knock{fixture, user("zoe", "campus2"), shown}.settled().denied() == "ROOM_NOT_FOUND");
    CHECK(Knock{fixture, guest(), shown}.settled().denied() == "ROOM_NOT_FOUND");
    fixture.host.advance(std::chrono::minutes{11});
    Identity anonymous = guest();
    anonymous.tenant = "campus1";
    CHECK(Knock{fixture, anonymous, shown}.settled().denied() == "TOKEN_EXPIRED");
  }
  SUBCASE("not for who has been blocked since") {
    fixture.call("PUT", "/{id}/security-policy", user("anna"), "m",
                 {{"blocked_users", json::array{json::value(bearer.user_id)}}});
    CHECK(Knock{fixture, bearer}.settled().denied() == "ADMISSION_DENIED");
  }
  SUBCASE("nor when the meeting is full") {
    fixture.call("PUT", "/{id}/security-policy", user("anna"), "m", {{"max_participants", 1}});
    fixture.room().join(fixture.host.connect(user("anna")), Role::host);
    CHECK(Knock{fixture, bearer}.settled().denied() == "ROOM_FULL");
  }
  SUBCASE("nor when the meeting is over, or deleted") {
    fixture.end();
    CHECK(Knock{fixture, bearer}.settled().denied() == "ROOM_CLOSED");
    fixture.context.repository.remove("campus1", "m", [](const Result<Meeting, Error>&) {});
    fixture.host.run();
    CHECK(Knock{fixture, bearer}.settled().denied() == "ROOM_CLOSED");
  }
}

TEST_CASE("a token of the gateway that is none to join with opens nothing") {
  Fixture fixture;
  fixture.create();
  fixture.live();
  const std::string other = fixture.host.tokens().issue({.identity = user("anna")});
  CHECK(Knock{fixture, user("anna"), other}.settled().denied() == "ADMISSION_DENIED");
}

TEST_CASE("who is invited needs no token, others the password") {
  Fixture fixture;
  fixture.create([](Meeting& m) { m.password_hash = hash_password("secure123"); },
                 {Fixture::person("ben", Role::presenter), Fixture::address("eve@x.org", Role::viewer)});
  fixture.live();
  SUBCASE("invited by name") {
    Knock knock{fixture, user("ben")};
    CHECK(knock.settled().outcome->allowed);
    CHECK(knock.request.role == Role::presenter);
    CHECK(knock.request.name == "as typed");
  }
  SUBCASE("invited by address") {
    Knock knock{fixture, with_email("eve", "eve@x.org")};
    CHECK(knock.settled().outcome->allowed);
    CHECK(knock.request.role == Role::viewer);
  }
  SUBCASE("with the password") {
    Knock knock{fixture, user("zoe"), {}, "secure123"};
    CHECK(knock.settled().outcome->allowed);
    CHECK(knock.request.role == Role::attendee);
  }
  SUBCASE("without it") {
    CHECK(Knock{fixture, user("zoe")}.settled().denied() == "ADMISSION_DENIED");
    CHECK(Knock{fixture, user("zoe"), {}, "wrong"}.settled().denied() == "ADMISSION_DENIED");
  }
  SUBCASE("who guesses has to wait") {
    for (int i = 0; i < fixture.context.options.password_attempts; ++i) {
      Knock{fixture, user("zoe"), {}, "wrong"}.settled();
    }
    CHECK(Knock{fixture, user("zoe"), {}, "secure123"}.settled().denied() == "RATE_LIMITED");
  }
  SUBCASE("who goes away while the password is looked at is forgotten") {
    Knock knock{fixture, user("zoe"), {}, "secure123"};
    knock.outcome->request = nullptr;
    knock.settled();
    CHECK_FALSE(knock.outcome->allowed);
  }
}

TEST_CASE("a role that was changed since the token was issued is the new one") {
  Fixture fixture;
  Meeting meeting = fixture.create({Fixture::person("ben", Role::attendee)});
  fixture.live();
  const std::string shown = token(fixture, user("ben"));
  fixture.core.meetings.role_changed(meeting, Fixture::person("ben", Role::co_host));
  Knock knock{fixture, user("ben"), shown};
  CHECK(knock.settled().outcome->allowed);
  CHECK(knock.request.role == Role::co_host);
}

TEST_CASE("a meeting begins when its host joins; others wait for it") {
  Fixture fixture;
  fixture.create([](Meeting& m) { m.waiting_room_enabled = true; }, {Fixture::person("ben", Role::attendee)});
  Knock early{fixture, user("ben")};
  CHECK(early.settled().outcome->allowed);  // to the waiting room, which is the next step
  REQUIRE(early.request.expected_room);
  CHECK(early.request.expected_room->waiting_room == std::optional{true});
  CHECK_FALSE(fixture.is_open());

  Knock host{fixture, user("anna")};
  CHECK(host.settled().outcome->allowed);
  CHECK(host.request.role == Role::host);
  CHECK_FALSE(host.request.expected_room);
  CHECK(fixture.is_open());
  CHECK(fixture.record().status == MeetingStatus::live);
}

TEST_CASE("where a meeting begins by `start` alone, its host waits, too") {
  Options options;
  options.start_on_host_join = false;
  Fixture fixture{options};
  fixture.create();
  Knock host{fixture, user("anna")};
  CHECK(host.settled().outcome->allowed);
  CHECK(host.request.expected_room.has_value());
  CHECK_FALSE(fixture.is_open());
}

TEST_CASE("a room of the meeting's name that somebody has opened is no way in") {
  Fixture fixture;
  fixture.create();
  fixture.other_room("m", "campus1").join(fixture.host.connect(user("mallory")), Role::host);
  Knock knock{fixture, user("zoe")};
  knock.settled();
  CHECK_FALSE(fixture.is_open());
  CHECK(knock.request.expected_room.has_value());
}

TEST_CASE("rooms that are no meetings are not the step's business, unless configured so") {
  SUBCASE("untouched") {
    Fixture fixture;
    Knock knock{fixture, guest(), "key of the room", "any", "lobby"};
    CHECK(knock.settled().outcome->allowed);
    CHECK(knock.request.name == "as typed");
    CHECK_FALSE(knock.request.expected_room);
  }
  SUBCASE("refused") {
    Options options;
    options.only_meetings = true;
    Fixture fixture{options};
    CHECK(Knock{fixture, user("anna"), {}, {}, "lobby"}.settled().denied() == "ROOM_NOT_FOUND");
  }
}

TEST_CASE("a meeting of another tenant is no meeting") {
  Fixture fixture;
  fixture.create();
  fixture.live();
  Knock knock{fixture, user("anna", "campus2")};
  CHECK(knock.settled().outcome->allowed);  // to a room of his own tenant
  CHECK(knock.request.role == Role::attendee);
}

TEST_CASE("what the store does not answer lets nobody in") {
  Fixture fixture;
  fixture.create();
  fixture.break_table("meeting");
  CHECK(Knock{fixture, user("anna")}.settled().denied() == "INTERNAL");
}

TEST_CASE("a live meeting lets people in without asking the store") {
  Fixture fixture;
  fixture.create({Fixture::person("ben", Role::presenter)});
  fixture.live();
  fixture.break_table("meeting");
  CHECK(Knock{fixture, user("ben")}.settled().outcome->allowed);
}

TEST_CASE("what somebody was before he was removed does not come back with him") {
  Fixture fixture;
  const Meeting meeting = fixture.create({Fixture::person("ben", Role::co_host)});
  fixture.live();
  const Identity bearer = *fixture.host.tokens().verify(token(fixture, user("ben")));
  REQUIRE(read_pass(bearer)->role == Role::co_host);
  fixture.context.repository.remove_participants("campus1", "m", {"ben"}, Standing::host,
                                                 [&](const Result<Repository::Removed, Error>& removed) {
                                                   fixture.core.meetings.removed(meeting, removed->removed.at(0), "");
                                                 });
  fixture.host.run();

  SUBCASE("by the token of before") {
    Knock knock{fixture, bearer};
    CHECK(knock.settled().outcome->allowed);
    CHECK(knock.request.role == Role::attendee);
  }
  SUBCASE("nor because he was there again, as an attendee") {
    fixture.room().join(fixture.host.connect(user("ben")), Role::attendee);
    fixture.host.run();
    CHECK(fixture.call("POST", "/{id}/end", user("ben")).status() == 403);
    CHECK(fixture.call("GET", "/{id}/live-stats", user("ben")).status() == 200);
    fixture.end();
    fixture.context.repository.change(
        "campus1", "m", std::nullopt, [](Meeting& m) { m.status = MeetingStatus::scheduled; },
        [](const Result<Meeting, Error>&) {});
    fixture.host.run();
    fixture.live();
    Knock knock{fixture, user("ben")};
    CHECK(knock.settled().outcome->allowed);
    CHECK(knock.request.role == Role::attendee);
  }
}

TEST_CASE("an administrator's role stands in the token, and in no list") {
  Fixture fixture;
  fixture.create();
  fixture.live();
  const Identity bearer = *fixture.host.tokens().verify(token(fixture, admin()));
  Knock knock{fixture, bearer};
  CHECK(knock.settled().outcome->allowed);
  CHECK(knock.request.role == Role::co_host);
}

TEST_CASE("who was there once without being invited is asked for the password again") {
  Fixture fixture;
  fixture.create([](Meeting& m) { m.password_hash = hash_password("secure123"); });
  fixture.live();
  fixture.room().join(fixture.host.connect(user("zoe")), Role::attendee);
  fixture.end();
  const auto rows = fixture.sql(R"(SELECT "status", "left_at" FROM "meetings_participant" WHERE "user_id" = 'zoe')");
  REQUIRE(rows.size() == 1);
  CHECK(rows[0][0] == StoreValue{std::string{"left"}});
  CHECK(std::holds_alternative<std::int64_t>(rows[0][1]));

  CHECK(fixture.call("GET", "/{id}/health", user("zoe")).status() == 200);
  fixture.context.repository.change(
      "campus1", "m", std::nullopt, [](Meeting& m) { m.status = MeetingStatus::scheduled; },
      [](const Result<Meeting, Error>&) {});
  fixture.host.run();
  CHECK(Knock{fixture, user("zoe")}.settled().denied() == "ADMISSION_DENIED");
  fixture.live();
  CHECK(Knock{fixture, user("zoe")}.settled().denied() == "ADMISSION_DENIED");
}

TEST_CASE("a join token opens no other meeting by REST") {
  Fixture fixture;
  fixture.create();
  Identity bearer = *fixture.host.tokens().verify(token(fixture, user("anna")));
  CHECK(fixture.call("GET", "/{id}/health", bearer).status() == 200);
  bearer.claims["meeting"] = "another";
  CHECK(fixture.call("GET", "/{id}/health", bearer).status() == 404);
  CHECK(fixture.call("POST", "/{id}/join", bearer).status() == 403);
}

TEST_CASE("relays are for who has been let in, not for who waits at the door") {
  Fixture fixture;
  fixture.host.media().offered_ice_servers = {{.urls = {"stun:stun.example.org"}},
                                              {.urls = {"turn:turn.example.org"}, .username = "u", .credential = "c"}};
  fixture.create([](Meeting& m) { m.waiting_room_enabled = true; }, {Fixture::person("ben", Role::attendee)});
  fixture.live();
  const auto relays = [](const HttpAnswer& answer) {
    return data(answer, "webrtc_config.turn_servers").as_array().size();
  };
  const HttpAnswer held = fixture.call("POST", "/{id}/join", user("zoe"));
  CHECK(relays(held) == 0);
  CHECK(data(held, "webrtc_config.ice_servers").as_array().size() == 1);
  CHECK(relays(fixture.call("POST", "/{id}/join", user("ben"))) == 1);

  const Identity bearer = *fixture.host.tokens().verify(token(fixture, user("zoe")));
  CHECK(relays(fixture.call("GET", "/{id}/webrtc-config", bearer)) == 0);
  fixture.room().join(fixture.host.connect(user("zoe")), Role::attendee);
  CHECK(relays(fixture.call("GET", "/{id}/webrtc-config", bearer)) == 1);
}

}  // namespace
}  // namespace sluice::meetings::testing
