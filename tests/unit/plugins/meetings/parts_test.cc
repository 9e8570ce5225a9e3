#include <doctest/doctest.h>

#include "live_fixture.h"

namespace sluice::meetings::testing {
namespace {

using Fixture = LiveMeetingsFixture;

Meetings::PartHandler says(std::string what) {
  return [what = std::move(what)](const HttpRequest& request, const MeetingInfo& meeting, rest::Reply reply) {
    reply.ok(
        json::object{{"what", what}, {"meeting", meeting.id}, {"tenant", meeting.tenant}, {"method", request.method}});
  };
}

TEST_CASE("a part that nobody keeps is FEATURE_NOT_LOADED, until somebody does") {
  struct Row {
    const char* method;
    const char* path;
    const char* part;
    int attendee;  ///< what an attendee is answered once it is loaded
  };
  const Row rows[] = {{"GET", "/{id}/chat", "chat", 200},
                      {"GET", "/{id}/recordings", "recordings", 200},
                      {"GET", "/{id}/recordings/{path...}", "recordings", 200},
                      {"POST", "/{id}/recording/start", "recording", 403},
                      {"POST", "/{id}/recording/stop", "recording", 403},
                      {"POST", "/{id}/recording/pause", "recording", 403},
                      {"POST", "/{id}/recording/resume", "recording", 403},
                      {"GET", "/{id}/analytics", "analytics", 200},
                      {"GET", "/{id}/analytics/series", "analytics", 403},
                      {"GET", "/{id}/analytics/export", "analytics", 403},
                      {"GET", "/{id}/breakout-rooms", "breakout-rooms", 200},
                      {"POST", "/{id}/breakout-rooms", "breakout-rooms", 403}};
  for (const Row& row : rows) {
    CAPTURE(row.path);
    Fixture fixture;
    fixture.create({Fixture::person("ben", Role::attendee)});
    const HttpAnswer absent = fixture.call(row.method, row.path, user("anna"));
    CHECK(absent.status() == 404);
    CHECK(code(absent) == "FEATURE_NOT_LOADED");

    auto registration = fixture.side.service().provide_part(row.part, says("here"));
    const HttpAnswer answer = fixture.call(row.method, row.path, user("anna"));
    CHECK(answer.status() == 200);
    CHECK(data(answer, "meeting") == "m");
    CHECK(data(answer, "method") == row.method);
    CHECK(fixture.call(row.method, row.path, user("ben")).status() == row.attendee);
    CHECK(fixture.call(row.method, row.path, user("zoe")).status() == 404);
    CHECK(fixture.call(row.method, row.path, user("anna", "campus2")).status() == 404);
    CHECK(fixture.call(row.method, row.path, guest()).status() == 401);

    registration.reset();
    CHECK(code(fixture.call(row.method, row.path, user("anna"))) == "FEATURE_NOT_LOADED");
  }
}

TEST_CASE("a part has one provider at a time, whose errors are answers") {
  Fixture fixture;
  fixture.create();
  const auto first =
      fixture.side.service().provide_part("chat", [](const HttpRequest&, const MeetingInfo&, rest::Reply) {
        throw Error{ErrorCode::conflict, "no"};
      });
  CHECK_THROWS_AS(static_cast<void>(fixture.side.service().provide_part("chat", says("second"))), std::logic_error);
  CHECK(fixture.call("GET", "/{id}/chat", user("anna")).status() == 409);
  const auto second = fixture.side.service().provide_part(
      "analytics", [](const HttpRequest&, const MeetingInfo&, rest::Reply) { throw std::runtime_error{"oh"}; });
  CHECK(fixture.call("GET", "/{id}/analytics", user("anna")).status() == 500);
}

TEST_CASE("the summary of a tenant's meetings is the caller's tenant's") {
  Fixture fixture;
  CHECK(code(fixture.call("GET", "/analytics/summary", admin())) == "FEATURE_NOT_LOADED");
  const auto provider = fixture.side.service().provide_part("analytics/summary", says("all"));
  CHECK(data(fixture.call("GET", "/analytics/summary", admin("campus2")), "tenant") == "campus2");
  CHECK(fixture.call("GET", "/analytics/summary", user("anna")).status() == 403);
  CHECK(fixture.call("GET", "/analytics/summary", guest()).status() == 401);
}

TEST_CASE("a provider of live statistics replaces the plugin's own") {
  Fixture fixture;
  fixture.create();
  const auto provider = fixture.side.service().provide_part("live-stats", says("better"));
  CHECK(data(fixture.call("GET", "/{id}/live-stats", user("anna")), "what") == "better");
  CHECK(fixture.call("GET", "/{id}/live-stats", user("zoe")).status() == 404);
}

TEST_CASE("what others know of a live meeting stands in its live statistics, and is not kept") {
  Fixture fixture;
  fixture.create();
  const auto provider = fixture.side.service().provide_figure("live.active_speakers",
                                                              [](const MeetingInfo&) -> json::value { return 2; });
  fixture.live();
  CHECK(data(fixture.call("GET", "/{id}/live-stats", user("anna")), "live_stats.active_speakers") == 2);
  const HttpAnswer ended = fixture.call("POST", "/{id}/end", user("anna"));
  CHECK(!ended.body().at("data").at("final_stats").as_object().contains("live.active_speakers"));
  CHECK(!data(fixture.call("GET", "/{id}/live-stats", user("anna")), "live_stats")
             .as_object()
             .contains("active_speakers"));
}

TEST_CASE("other plugins find meetings with the rights of a caller") {
  Fixture fixture;
  fixture.create({Fixture::person("ben", Role::attendee)});
  Meetings& meetings = fixture.side.service();
  const auto find = [&](const Identity& caller, MeetingAccess access) {
    std::string out;
    meetings.find(caller, "m", access, [&out](Result<MeetingInfo, Error> found) {
      out = found ? found->id + " of " + found->host_user_id : std::string{to_string(found.error().code())};
    });
    fixture.host.run();
    return out;
  };
  CHECK(find(user("ben"), MeetingAccess::participant) == "m of anna");
  CHECK(find(user("ben"), MeetingAccess::moderator) == "PERMISSION_DENIED");
  CHECK(find(user("anna"), MeetingAccess::moderator) == "m of anna");
  CHECK(find(user("zoe"), MeetingAccess::participant) == "NOT_FOUND");
  CHECK(find(user("anna", "campus2"), MeetingAccess::participant) == "NOT_FOUND");
}

TEST_CASE("a room is known as a meeting's while it is open") {
  Fixture fixture;
  fixture.create();
  FakeRoom& lobby = fixture.other_room("lobby", "campus1");
  Meetings& meetings = fixture.side.service();
  CHECK_FALSE(meetings.meeting_of(lobby));
  const auto info = meetings.meeting_of(fixture.live());
  REQUIRE(info);
  CHECK(info->name == "Weekly");
  CHECK(info->recording_config.contains("auto_record"));
}

}  // namespace
}  // namespace sluice::meetings::testing
