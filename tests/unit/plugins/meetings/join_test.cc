#include <doctest/doctest.h>

#include "live_fixture.h"
#include "plugins/meetings/join_pass.h"

namespace sluice::meetings::testing {
namespace {

using Fixture = LiveMeetingsFixture;
using std::chrono::minutes;

HttpAnswer join(Fixture& fixture, const Identity& who, json::value body = json::object()) {
  return fixture.call("POST", "/{id}/join", who, "m", std::move(body));
}

Identity identity_of(Fixture& fixture, const HttpAnswer& answer) {
  return *fixture.host.tokens().verify(std::string{data(answer, "access_token").as_string()});
}

std::string reasons(const HttpAnswer& answer) {
  return json::serialize(answer.body().at("error").at("details").at("reasons"));
}

TEST_CASE("joining hands out a token for the meeting's room, and what the client needs there") {
  Fixture fixture;
  fixture.create([](Meeting& m) { m.features.chat_enabled = false; });
  fixture.live();
  const HttpAnswer answer = join(fixture, user("anna"), {{"participant_name", "ignored: the account has a name"}});

  REQUIRE(answer.status() == 200);
  CHECK(answer.body().at("message") == "Successfully joined meeting");
  CHECK(data(answer, "room_id") == "m");
  CHECK(data(answer, "webrtc_config").as_object().contains("router_capabilities"));
  CHECK(data(answer, "meeting_info.name") == "Weekly");
  CHECK(data(answer, "meeting_info.host") == "anna");
  CHECK(data(answer, "meeting_info.status") == "live");
  CHECK(data(answer, "meeting_info.features_enabled.chat") == false);
  CHECK(data(answer, "meeting_info.waiting_room_enabled") == false);
  const Identity bearer = identity_of(fixture, answer);
  CHECK(bearer.user_id == "anna");
  CHECK(bearer.tenant == "campus1");
  CHECK(bearer.name == "Somebody");
  const auto pass = read_pass(bearer);
  REQUIRE(pass);
  CHECK(pass->room_id == "m");
  CHECK(pass->role == Role::host);
  CHECK(data(answer, "participant_id") == json::value(pass->participant_id));

  SUBCASE("the token ends when the answer says so") {
    const std::string token{data(answer, "access_token").as_string()};
    fixture.host.advance(fixture.context.options.join_token_s - std::chrono::seconds{1});
    CHECK(fixture.host.tokens().verify(token).has_value());
    fixture.host.advance(std::chrono::seconds{1});
    CHECK_FALSE(fixture.host.tokens().verify(token).has_value());
  }
}

TEST_CASE("a guest who was let in may see the meeting, and nothing of another one") {
  Fixture fixture;
  fixture.create([](Meeting& m) { m.allow_guests = true; });
  fixture.live();
  Identity bearer = identity_of(fixture, join(fixture, guest()));
  CHECK(fixture.call("GET", "/{id}/live-stats", bearer).status() == 200);
  CHECK(fixture.call("POST", "/{id}/end", bearer).status() == 403);
  bearer.claims["meeting"] = "another";
  CHECK(fixture.call("GET", "/{id}/live-stats", bearer).status() == 404);
}

TEST_CASE("a join token makes nobody an administrator") {
  Fixture fixture;
  fixture.create();
  Identity who = admin();
  who.user_type = "admin";
  const Identity bearer = identity_of(fixture, join(fixture, who));
  CHECK_FALSE(is_admin(bearer, fixture.context.options));
  CHECK(read_pass(bearer)->role == Role::co_host);
}

TEST_CASE("who may join, as what, and who may not") {
  struct Row {
    const char* what;
    Identity who;
    void (*change)(Meeting&);
    int status;
    const char* result;  ///< the role, or the error's code
  };
  const auto as_it_is = [](Meeting&) {};
  const auto viewer = [] {
    Identity who = user("zoe");
    who.role = "viewer";
    return who;
  }();
  const auto would_be_host = [] {
    Identity who = user("zoe");
    who.role = "host";
    return who;
  }();
  const Row rows[] = {
      {"the host", user("anna"), as_it_is, 200, "host"},
      {"somebody invited by name", user("ben"), as_it_is, 200, "presenter"},
      {"somebody invited by address", with_email("eve", "Eve@x.org"), as_it_is, 200, "viewer"},
      {"a user who has the link", user("zoe"), as_it_is, 200, "attendee"},
      {"a user whose token makes a viewer", viewer, as_it_is, 200, "viewer"},
      {"a user whose token says host", would_be_host, as_it_is, 200, "attendee"},
      {"an administrator", admin(), as_it_is, 200, "co_host"},
      {"a guest where guests may", guest(), [](Meeting& m) { m.allow_guests = true; }, 200, "attendee"},
      {"a guest where they may not", guest(), as_it_is, 404, "NOT_FOUND"},
      {"another tenant", user("anna", "campus2"), as_it_is, 404, "NOT_FOUND"},
      {"another tenant where guests may", user("x", "campus2"), [](Meeting& m) { m.allow_guests = true; }, 404,
       "NOT_FOUND"},
      {"blocked by name", user("zoe"), [](Meeting& m) { m.security.blocked_users = {"zoe"}; }, 403, "ADMISSION_DENIED"},
      {"the host of a meeting for a domain", user("anna"), [](Meeting& m) { m.security.allowed_domains = {"x.org"}; },
       200, "host"},
      {"somebody of another domain", with_email("ben", "b@y.org"),
       [](Meeting& m) { m.security.allowed_domains = {"x.org"}; }, 403, "ADMISSION_DENIED"},
      {"a guest where the policy says no", guest(),
       [](Meeting& m) {
         m.allow_guests = true;
         m.security.allow_anonymous_join = false;
       },
       404, "NOT_FOUND"},
      {"anybody, of what is over", user("ben"), [](Meeting& m) { m.status = MeetingStatus::ended; }, 410,
       "ROOM_CLOSED"},
      {"anybody, of what is cancelled", user("ben"), [](Meeting& m) { m.status = MeetingStatus::cancelled; }, 410,
       "ROOM_CLOSED"},
      {"who is early", user("ben"), [](Meeting& m) { m.start_time += std::chrono::hours{2}; }, 409, "CONFLICT"},
      {"the host is never early", user("anna"), [](Meeting& m) { m.start_time += std::chrono::hours{2}; }, 200, "host"},
      {"who is a little early", user("ben"), [](Meeting& m) { m.start_time += minutes{10}; }, 200, "presenter"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    Fixture fixture;
    fixture.create(row.change, {Fixture::person("ben", Role::presenter), Fixture::address("eve@x.org", Role::viewer)});
    const HttpAnswer answer = join(fixture, row.who);
    CHECK(answer.status() == row.status);
    if (row.status == 200) {
      CHECK(data(answer, "meeting_info.role") == row.result);
    } else {
      CHECK(code(answer) == row.result);
    }
  }
}

TEST_CASE("where only the invited may join") {
  Options options;
  options.uninvited_may_join = false;
  Fixture fixture{options};
  fixture.create({Fixture::person("ben", Role::attendee)});
  CHECK(join(fixture, user("ben")).status() == 200);
  const HttpAnswer answer = join(fixture, user("zoe"));
  CHECK(answer.status() == 403);
  CHECK(reasons(answer) == R"(["not_invited"])");
}

TEST_CASE("a tenant's policy holds for everybody, the host included") {
  Options options;
  options.tenants["campus1"].blocked_users = {"anna"};
  options.tenants["campus1"].max_participants = 1;
  Fixture fixture{options};
  fixture.create();
  CHECK(reasons(join(fixture, user("anna"))) == R"(["blocked"])");
  fixture.start(admin());
  fixture.room().join(fixture.host.connect(user("ben")));
  const HttpAnswer full = join(fixture, user("zoe"));
  CHECK(full.status() == 409);
  CHECK(code(full) == "ROOM_FULL");
  CHECK(full.body().at("error").at("details").at("limit") == 1);
  fixture.context.audit.flush();
  fixture.host.run();
  CHECK(fixture.sql(R"(SELECT 1 FROM "meetings_audit" WHERE "action" = 'meeting.join_refused')").size() == 1);
}

TEST_CASE("a deactivated user joins nothing") {
  Fixture fixture;
  fixture.create({Fixture::person("ben", Role::attendee)});
  User ben;
  ben.tenant = "campus1";
  ben.id = "ben";
  fixture.context.users.put({ben}, [](const Result<std::vector<User>, Error>&) {});
  fixture.host.run();
  fixture.context.users.change(
      "campus1", "ben", [](User& u) { u.active = false; }, [](const Result<User, Error>&) {});
  fixture.host.run();
  const HttpAnswer answer = join(fixture, user("ben"));
  CHECK(answer.status() == 403);
  CHECK(reasons(answer) == R"(["deactivated"])");
}

TEST_CASE("a password is asked of who is not invited") {
  Fixture fixture;
  const std::string hash = hash_password("secure123");
  fixture.create(
      [&](Meeting& m) {
        m.password_hash = hash;
        m.allow_guests = true;
      },
      {Fixture::person("ben", Role::attendee)});
  const json::value right = {{"meeting_password", "secure123"}, {"participant_name", "John Doe"}};
  const json::value wrong = {{"meeting_password", "secure124"}};

  CHECK(join(fixture, user("anna")).status() == 200);
  CHECK(join(fixture, user("ben")).status() == 200);
  CHECK(reasons(join(fixture, user("zoe"))) == R"(["password_required"])");
  const HttpAnswer refused = join(fixture, user("zoe"), wrong);
  CHECK(refused.status() == 403);
  CHECK(reasons(refused) == R"(["wrong_password"])");
  CHECK(join(fixture, user("zoe"), right).status() == 200);

  SUBCASE("a guest is the name that he gives, of the meeting's tenant, and the same one when he comes again") {
    const HttpAnswer first = join(fixture, guest(), right);
    REQUIRE(first.status() == 200);
    const Identity bearer = identity_of(fixture, first);
    CHECK(bearer.guest);
    CHECK(bearer.name == "John Doe");
    CHECK(bearer.tenant == "campus1");
    CHECK(bearer.user_id != guest().user_id);
    // By the token, which stands for the password.
    const HttpAnswer second = join(fixture, bearer);
    REQUIRE(second.status() == 200);
    CHECK(identity_of(fixture, second).user_id == bearer.user_id);
    CHECK(data(second, "participant_id") == data(first, "participant_id"));
    CHECK(identity_of(fixture, join(fixture, guest(), right)).user_id != bearer.user_id);
  }
  SUBCASE("too many attempts have to wait, whoever the guest says he is") {
    for (int i = 0; i < fixture.context.options.password_attempts; ++i)
      CHECK(join(fixture, guest(), wrong).status() == 403);
    const HttpAnswer answer = join(fixture, guest(), right);
    CHECK(answer.status() == 429);
    CHECK(code(answer) == "RATE_LIMITED");
    CHECK(answer.response().headers.contains("Retry-After"));
    CHECK(join(fixture, user("zoe"), right).status() == 200);
    fixture.host.advance(fixture.context.options.password_window_ms);
    CHECK(join(fixture, guest(), right).status() == 200);
  }
}

TEST_CASE("guests of a network are counted together, and users by their names") {
  CHECK(attempts_of(guest(), "203.0.113.7:1") == attempts_of(guest(), "203.0.113.7:2"));
  CHECK(attempts_of(guest(), "203.0.113.7:1") != attempts_of(guest(), "203.0.113.8:1"));
  CHECK(attempts_of(guest(), "[2001:db8:1:2::5]:1") == attempts_of(guest(), "[2001:db8:1:2:ffff::9]:2"));
  CHECK(attempts_of(guest(), "[2001:db8:1:2::5]:1") != attempts_of(guest(), "[2001:db8:1:3::5]:1"));
  CHECK(attempts_of(user("a"), "203.0.113.7:1") != attempts_of(user("a", "campus2"), "203.0.113.7:1"));
}

TEST_CASE("attempts at a password are remembered of so many callers and no more") {
  PasswordAttempts attempts;
  const PasswordAttempts::Limit limit{.most = 1, .window = minutes{1}};
  const Instant t0{};
  for (std::size_t i = 0; i < PasswordAttempts::kMostRemembered; ++i) {
    REQUIRE_FALSE(attempts.begin(std::to_string(i), "m", limit, t0));
  }
  CHECK(attempts.begin("one more", "m", limit, t0) == std::optional<Duration>{minutes{1}});
  CHECK(attempts.begin("0", "m", limit, t0 + std::chrono::seconds{20}) ==
        std::optional<Duration>{std::chrono::seconds{40}});
  CHECK_FALSE(attempts.begin("one more", "m", limit, t0 + minutes{1}));
  attempts.succeeded("one more", "m");
  CHECK_FALSE(attempts.begin("one more", "m", limit, t0 + minutes{1}));
}

TEST_CASE("bodies that do not fit are refused with the field's path") {
  Fixture fixture;
  fixture.create();
  struct Row {
    const char* route;
    json::value body;
    const char* path;
  };
  const Row rows[] = {{"/{id}/join", {{"participant_name", 5}}, "participant_name"},
                      {"/{id}/join", {{"meeting_password", std::string(300, 'x')}}, "meeting_password"},
                      {"/{id}/join", {{"device_info", "phone"}}, "device_info"},
                      {"/{id}/validate-access", {{"user", "ben"}}, "user"}};
  for (const Row& row : rows) {
    CAPTURE(row.path);
    const HttpAnswer answer = fixture.call("POST", row.route, user("anna"), "m", row.body);
    CHECK(answer.status() == 400);
    CHECK(answer.body().at("error").at("details").at("path") == row.path);
  }
}

TEST_CASE("a database that fails is an error of ours, and no token") {
  Fixture fixture;
  fixture.create();
  fixture.break_table("meeting");
  const HttpAnswer answer = join(fixture, user("anna"));
  CHECK(answer.status() == 500);
  CHECK(code(answer) == "INTERNAL");
  CHECK(fixture.host.tokens().issued.empty());
}

TEST_CASE("validate-access says whether somebody may join, and what it takes") {
  Fixture fixture;
  fixture.create(
      [](Meeting& m) {
        m.password_hash = "scrypt$";
        m.waiting_room_enabled = true;
        m.security.blocked_users = {"mallory"};
      },
      {Fixture::person("ben", Role::co_host), Fixture::person("eve", Role::attendee)});
  const std::string route = "/{id}/validate-access";
  const HttpAnswer self = fixture.call("POST", route, user("zoe"));
  CHECK(data(self, "allowed") == true);
  CHECK(data(self, "requires.password") == true);
  CHECK(data(self, "requires.waiting_room") == true);
  CHECK(data(self, "requires.approval") == false);
  const HttpAnswer blocked = fixture.call("POST", route, user("mallory"));
  CHECK(blocked.status() == 200);
  CHECK(data(blocked, "allowed") == false);
  CHECK(data(blocked, "reasons") == json::array{"blocked"});

  const json::value about_eve = {{"user", {{"user_id", "eve"}}}};
  const HttpAnswer other = fixture.call("POST", route, user("ben"), "m", about_eve);
  CHECK(data(other, "role") == "attendee");
  CHECK(data(other, "requires.password") == false);
  CHECK(data(other, "requires.waiting_room") == false);
  const HttpAnswer of_guests = fixture.call("POST", route, user("ben"), "m", {{"user", json::object()}});
  CHECK(data(of_guests, "reasons") == json::array{"guests_not_allowed"});

  CHECK(fixture.call("POST", route, user("eve"), "m", about_eve).status() == 403);
  CHECK(fixture.call("POST", route, user("zoe"), "m", about_eve).status() == 404);
  CHECK(fixture.call("POST", route, user("ben", "campus2"), "m", about_eve).status() == 404);
  CHECK(fixture.call("POST", route, user("ben", "campus2")).status() == 404);
  CHECK(fixture.call("POST", route, guest()).status() == 404);
}

}  // namespace
}  // namespace sluice::meetings::testing
