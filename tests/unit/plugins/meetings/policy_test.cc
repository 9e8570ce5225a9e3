#include "plugins/meetings/policy.h"

#include <doctest/doctest.h>

#include "live_fixture.h"
#include "plugins/meetings/room_setup.h"

namespace sluice::meetings::testing {
namespace {

TEST_CASE("a domain is that of the whole address, without regard to case") {
  CHECK(domain_matches("example.org", "anna@example.org"));
  CHECK(domain_matches("Example.org", "anna@EXAMPLE.ORG"));
  CHECK_FALSE(domain_matches("example.org", "anna@evil-example.org"));
  CHECK_FALSE(domain_matches("example.org", "anna@sub.example.org"));
  CHECK_FALSE(domain_matches("example.org", "example.org"));
  CHECK_FALSE(domain_matches("example.org", ""));
  CHECK_FALSE(domain_matches("example.org", "anna@example.org@evil.org"));
  CHECK(domain_matches("*.example.org", "anna@a.b.example.org"));
  CHECK_FALSE(domain_matches("*.example.org", "anna@example.org"));
  CHECK_FALSE(domain_matches("*.example.org", "anna@evilexample.org"));
}

TEST_CASE("who a policy refuses, and why") {
  SecurityPolicy policy;
  policy.allowed_domains = {"example.org"};
  policy.blocked_users = {"ben", "Eve@example.org"};
  policy.allow_anonymous_join = false;
  using enum PolicyRefusal;
  struct Row {
    const char* who;
    Identity identity;
    std::vector<PolicyRefusal> reasons;
  };
  const Row rows[] = {{"somebody of the domain", with_email("anna", "anna@example.org"), {}},
                      {"of another one", with_email("anna", "anna@x.org"), {domain_not_allowed}},
                      {"without an address", user("anna"), {domain_not_allowed}},
                      {"blocked by name", with_email("ben", "ben@example.org"), {blocked}},
                      {"blocked by address", with_email("e", "eve@EXAMPLE.org"), {blocked}},
                      {"a guest", guest(), {anonymous_not_allowed, domain_not_allowed}}};
  for (const Row& row : rows) {
    CAPTURE(row.who);
    CHECK(refusals(policy, row.identity) == row.reasons);
  }
  CHECK(refusals(SecurityPolicy{}, guest()).empty());
}

TEST_CASE("of a meeting's policy and its tenant's the stricter holds") {
  Options options;
  SecurityPolicy& tenant = options.tenants["campus1"];
  tenant.recording_permissions = WhoMay::co_host;
  tenant.chat_permissions = WhoMay::attendee;
  tenant.max_participants = 50;
  tenant.require_waiting_room = true;
  Meeting meeting;
  meeting.tenant = "campus1";
  meeting.max_participants = 100;
  meeting.security.recording_permissions = WhoMay::attendee;
  meeting.security.chat_permissions = WhoMay::nobody;
  meeting.security.screen_share_permissions = WhoMay::presenter;

  const RoomPolicy room = room_policy(meeting, options);
  CHECK(room.least_role.at(Permission::record) == LeastRole{Role::co_host});
  CHECK(room.least_role.at(Permission::chat) == LeastRole{});
  CHECK(room.least_role.at(Permission::chat_private) == LeastRole{});
  CHECK(room.least_role.at(Permission::share_screen) == LeastRole{Role::presenter});
  CHECK(room.waiting_room == std::optional{true});
  CHECK(participant_limit(meeting, options) == 50);
  meeting.security.max_participants = 20;
  CHECK(participant_limit(meeting, options) == 20);

  SUBCASE("what a feature switches off no policy switches on") {
    meeting.features.recording_enabled = false;
    CHECK(room_policy(meeting, options).least_role.at(Permission::record) == LeastRole{});
  }
  SUBCASE("where clients encrypt for each other the gateway cannot record") {
    meeting.security.enable_end_to_end_encrypt = true;
    const RoomPolicy encrypted = room_policy(meeting, options);
    CHECK(encrypted.least_role.at(Permission::record) == LeastRole{});
    CHECK(encrypted.least_role.at(Permission::stream) == LeastRole{});
    CHECK(room_options(meeting, options).info.at("endToEndEncryption") == true);
  }
  SUBCASE("another tenant's policy does not concern it") {
    meeting.tenant = "campus2";
    CHECK(participant_limit(meeting, options) == 20);
    CHECK(room_policy(meeting, options).waiting_room == std::optional{false});
  }
}

TEST_CASE("a policy is read and replaced by those who manage the meeting") {
  using Fixture = LiveMeetingsFixture;
  Options options;
  options.tenants["campus1"].blocked_users = {"mallory"};
  Fixture fixture{options};
  fixture.create({Fixture::person("ben", Role::co_host), Fixture::person("eve", Role::attendee)});
  const std::string path = "/{id}/security-policy";
  const json::value body = {{"allowed_domains", json::array{"Example.org", "example.org"}},
                            {"blocked_users", json::array{" zoe "}},
                            {"recording_permissions", "host"}};

  struct Row {
    const char* who;
    Identity caller;
    int get;
    int put;
  };
  const Row rows[] = {{"the host", user("anna"), 200, 200},
                      {"a co-host", user("ben"), 200, 403},
                      {"an attendee", user("eve"), 403, 403},
                      {"an administrator", admin(), 200, 200},
                      {"another tenant", user("anna", "x"), 404, 404},
                      {"a guest", guest(), 401, 401}};
  for (const Row& row : rows) {
    CAPTURE(row.who);
    CHECK(fixture.call("GET", path, row.caller).status() == row.get);
    CHECK(fixture.call("PUT", path, row.caller, "m", body).status() == row.put);
  }
  const HttpAnswer answer = fixture.call("GET", path, user("anna"));
  CHECK(data(answer, "security_policy.allowed_domains") == json::array{"example.org"});
  CHECK(data(answer, "security_policy.blocked_users") == json::array{"zoe"});
  CHECK(data(answer, "security_policy.recording_permissions") == "host");
  CHECK(data(answer, "tenant_policy.blocked_users") == json::array{"mallory"});
  CHECK(fixture.record().security.allowed_domains.size() == 1);
}

TEST_CASE("policies that make no sense are refused with the field's path") {
  LiveMeetingsFixture fixture;
  fixture.create();
  struct Row {
    json::value body;
    const char* path;
  };
  const Row rows[] = {
      {{{"allowed_domains", json::array{"example.org", "not a domain"}}}, "allowed_domains[1]"},
      {{{"allowed_domains", json::array{std::string(300, 'a')}}}, "allowed_domains[0]"},
      {{{"blocked_users", json::array{json::value("  ")}}}, "blocked_users[0]"},
      {{{"blocked_users", json::array{json::value("anna")}}}, "blocked_users"},
      {{{"max_participants", 0}}, "max_participants"},
      {{{"recording_permissions", "everybody"}}, "recording_permissions"},
      {{{"require_waiting_room", "yes"}}, "require_waiting_room"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.path);
    const HttpAnswer answer = fixture.call("PUT", "/{id}/security-policy", user("anna"), "m", row.body);
    CHECK(answer.status() == 400);
    CHECK(answer.body().at("error").at("details").at("path") == row.path);
  }
  CHECK(fixture.record().security.allowed_domains.empty());
}

TEST_CASE("a new policy meets who is in the room") {
  LiveMeetingsFixture fixture;
  fixture.create();
  FakeRoom& room = fixture.live();
  FakeParticipant& ben = room.join(fixture.host.connect(user("ben")));
  CHECK(ben.may(Permission::chat));
  fixture.call("PUT", "/{id}/security-policy", user("anna"), "m", {{"chat_permissions", "co_host"}});
  CHECK_FALSE(ben.may(Permission::chat));
  fixture.call("PUT", "/{id}/security-policy", user("anna"), "m", {{"blocked_users", json::array{json::value("ben")}}});
  CHECK(room.size() == 0);
}

}  // namespace
}  // namespace sluice::meetings::testing
