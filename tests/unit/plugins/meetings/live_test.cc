#include <doctest/doctest.h>

#include "live_fixture.h"

namespace sluice::meetings::testing {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using Fixture = LiveMeetingsFixture;

template <class Event>
std::shared_ptr<int> count_of(FakeHost& host) {
  auto counter = std::make_shared<int>(0);
  host.bus().on<Event>([counter](const Event&) { ++*counter; });
  return counter;
}

void become(Fixture& fixture, MeetingStatus status) {
  fixture.context.repository.change(
      "campus1", "m", std::nullopt, [status](Meeting& m) { m.status = status; }, [](const Result<Meeting, Error>&) {});
  fixture.host.run();
}

std::int64_t runs(Fixture& fixture, const std::string& where) {
  const auto rows = fixture.sql("SELECT COUNT(*) FROM \"meetings_session\" WHERE " + where);
  return std::get<std::int64_t>(rows.at(0).at(0));
}

TEST_CASE("starting a meeting opens its room, writes that it is live, and says what a client needs") {
  Fixture fixture;
  fixture.host.media().offered_ice_servers = {{.urls = {"stun:stun.example.org"}},
                                              {.urls = {"turn:turn.example.org"}, .username = "u", .credential = "c"}};
  fixture.create({Fixture::person("ben", Role::co_host)});
  const auto started = count_of<MeetingStarted>(fixture.host);

  const HttpAnswer answer = fixture.start();

  REQUIRE(answer.status() == 200);
  CHECK(answer.body().at("message") == "Meeting started successfully");
  CHECK(data(answer, "status") == "live");
  CHECK(data(answer, "webrtc_config.router_id") == "m");
  CHECK(data(answer, "webrtc_config").as_object().contains("router_capabilities"));
  CHECK(data(answer, "webrtc_config.ice_servers").as_array().size() == 2);
  CHECK(data(answer, "webrtc_config.turn_servers").as_array().size() == 1);
  CHECK(data(answer, "live_stats.participant_count") == 0);
  CHECK(data(answer, "live_stats").as_object().contains("start_time"));
  CHECK(fixture.host.media().ice_servers_asked_for.back() == "anna");
  CHECK(fixture.record().status == MeetingStatus::live);
  CHECK(fixture.room().options().info.at("meetingId") == "m");
  CHECK_FALSE(fixture.room().options().close_when_empty);
  CHECK(*started == 1);
  CHECK(runs(fixture, "\"ended_at\" IS NULL") == 1);

  SUBCASE("starting it again answers the same, and starts nothing") {
    CHECK(fixture.start(user("ben")).status() == 200);
    CHECK(*started == 1);
    CHECK(fixture.rooms.all().size() == 1);
  }
}

TEST_CASE("two who start a meeting at the same time start it once, and both are answered") {
  Fixture fixture;
  const Meeting meeting = fixture.create();
  int answered = 0;
  for (int i = 0; i < 2; ++i) {
    fixture.core.meetings.start(meeting, user("anna"), [&](const Result<Meeting, Error>& done) {
      CHECK(done.has_value());
      ++answered;
    });
  }
  fixture.host.run();
  CHECK(answered == 2);
  CHECK(runs(fixture, "1 = 1") == 1);
}

TEST_CASE("who may start and end a meeting") {
  struct Row {
    const char* who;
    Identity caller;
    int status;
  };
  const Row rows[] = {{"an attendee", user("eve"), 403},
                      {"a user who is not invited", user("zoe"), 404},
                      {"a user of the same name in another tenant", user("anna", "campus2"), 404},
                      {"another tenant's administrator", admin("campus2"), 404},
                      {"a guest", guest(), 401},
                      {"a co-host", user("ben"), 200},
                      {"the host", user("anna"), 200},
                      {"an administrator", admin(), 200}};
  for (const Row& row : rows) {
    CAPTURE(row.who);
    Fixture fixture;
    fixture.create({Fixture::person("ben", Role::co_host), Fixture::person("eve", Role::attendee)});
    CHECK(fixture.start(row.caller).status() == row.status);
    CHECK(fixture.is_open() == (row.status == 200));
    if (!fixture.is_open()) fixture.live();
    CHECK(fixture.end(row.caller).status() == row.status);
    CHECK(fixture.is_open() == (row.status != 200));
  }
}

TEST_CASE("both prefixes answer alike") {
  Fixture fixture;
  int compared = 0;
  for (const auto& [route, operation] : fixture.host.http().operations) {
    constexpr std::string_view kVersioned = "/api/v1/meetings";
    const std::size_t at = route.find(kVersioned);
    if (at == std::string::npos) continue;
    std::string other = route;
    other.replace(at, kVersioned.size(), "/api/meeting");
    CAPTURE(route);
    REQUIRE(fixture.host.http().operations.contains(other));
    CHECK(fixture.host.http().operations.at(other) == operation);
    ++compared;
  }
  CHECK(compared >= 20);
}

TEST_CASE("a meeting that is over or cancelled neither starts nor ends") {
  for (const MeetingStatus status : {MeetingStatus::ended, MeetingStatus::cancelled}) {
    Fixture fixture;
    fixture.create([status](Meeting& m) { m.status = status; });
    const HttpAnswer answer = fixture.start();
    CHECK(answer.status() == 409);
    CHECK(code(answer) == "CONFLICT");
    CHECK_FALSE(fixture.is_open());
    CHECK(fixture.end().status() == (status == MeetingStatus::ended ? 200 : 409));
  }
  Fixture fixture;
  CHECK(fixture.start().status() == 404);
  fixture.create();
  CHECK(fixture.end().status() == 409);
}

TEST_CASE("ending a meeting closes its room and writes the final statistics") {
  Fixture fixture;
  fixture.create();
  const auto messages = fixture.core.figures.provide("total_chat_messages", [](const MeetingInfo&) { return 25; });
  const auto url = fixture.core.figures.provide("recording_url",
                                                [](const MeetingInfo& m) { return json::value("https://x/" + m.id); });
  const auto broken =
      fixture.core.figures.provide("broken", [](const MeetingInfo&) -> json::value { throw std::runtime_error{"no"}; });
  const auto ended = count_of<MeetingEnded>(fixture.host);
  FakeRoom& room = fixture.live();
  FakeClient& anna = fixture.host.connect(user("anna"));
  room.join(anna, Role::host);
  fixture.host.advance(minutes{10});
  room.join(fixture.host.connect(user("ben")));
  fixture.host.advance(minutes{10});

  const HttpAnswer answer = fixture.end();

  REQUIRE(answer.status() == 200);
  CHECK(answer.body().at("message") == "Meeting ended successfully");
  CHECK(data(answer, "status") == "ended");
  CHECK(data(answer, "final_stats.duration_minutes") == 20);
  CHECK(data(answer, "final_stats.max_participants") == 2);
  CHECK(data(answer, "final_stats.total_joins") == 2);
  CHECK(data(answer, "final_stats.average_participants") == 1.5);
  CHECK(data(answer, "final_stats.total_chat_messages") == 25);
  CHECK(data(answer, "final_stats.recording_url") == "https://x/m");
  CHECK_FALSE(data(answer, "final_stats").as_object().contains("broken"));
  CHECK(anna.last("room:closed").at("reason") == "ended");
  CHECK_FALSE(fixture.is_open());
  CHECK(*ended == 1);
  const Meeting record = fixture.record();
  CHECK(record.status == MeetingStatus::ended);
  REQUIRE(record.statistics);
  CHECK(record.statistics->max_participants == 2);
  CHECK(runs(fixture, R"("ended_at" IS NOT NULL AND "reason" = 'ended' AND "total_joins" = 2)") == 1);

  SUBCASE("ending it again answers the same") {
    const HttpAnswer again = fixture.end();
    CHECK(again.status() == 200);
    CHECK(data(again, "final_stats.total_joins") == 2);
    CHECK(*ended == 1);
  }
}

TEST_CASE("a recurring meeting starts again, and each run has its own statistics") {
  Fixture fixture;
  fixture.create([](Meeting& m) {
    m.type = MeetingType::recurring;
    m.over_at = m.end_time + std::chrono::hours{24 * 7};
  });
  fixture.live().join(fixture.host.connect(user("anna")));
  CHECK(data(fixture.end(), "meeting_status") == "scheduled");
  fixture.live();
  CHECK(data(fixture.end(), "final_stats.total_joins") == 0);
  CHECK(runs(fixture, "\"ended_at\" IS NOT NULL") == 2);

  SUBCASE("but not after its last occurrence") {
    fixture.host.advance(std::chrono::hours{24 * 8});
    fixture.live();
    CHECK(data(fixture.end(), "meeting_status") == "ended");
    CHECK(fixture.start().status() == 409);
  }
}

TEST_CASE("a room that is closed by others ends its meeting") {
  Fixture fixture;
  fixture.create();
  const auto ended = count_of<MeetingEnded>(fixture.host);
  fixture.live().close("closed by the host");
  fixture.host.run();
  CHECK(fixture.record().status == MeetingStatus::ended);
  CHECK(*ended == 1);
  CHECK(runs(fixture, "\"reason\" = 'closed by the host'") == 1);
}

TEST_CASE("a meeting ends when nobody has been in it for a while") {
  Options options;
  options.empty_room_close_ms = seconds{60};
  options.unattended_close_ms = minutes{15};
  Fixture fixture{options};
  fixture.create();
  FakeRoom& room = fixture.live();

  SUBCASE("in which nobody has ever been: later") {
    fixture.host.advance(minutes{14});
    CHECK(fixture.is_open());
    fixture.host.advance(minutes{2});
    CHECK_FALSE(fixture.is_open());
  }
  SUBCASE("who comes back in time keeps it going") {
    FakeParticipant& anna = room.join(fixture.host.connect(user("anna")));
    fixture.host.advance(std::chrono::hours{2});
    room.leave(anna);
    fixture.host.advance(seconds{59});
    FakeParticipant& again = room.join(fixture.host.connect(user("anna")));
    fixture.host.advance(std::chrono::hours{2});
    CHECK(fixture.is_open());
    room.leave(again);
    fixture.host.advance(seconds{61});
    CHECK_FALSE(fixture.is_open());
    CHECK(fixture.record().status == MeetingStatus::ended);
    CHECK(runs(fixture, "\"reason\" = 'empty'") == 1);
  }
}

TEST_CASE("what the store does not take is answered, and nothing is half done") {
  Fixture fixture;
  fixture.create();

  SUBCASE("no run: the meeting does not start") {
    fixture.break_table("session");
    const HttpAnswer answer = fixture.start();
    CHECK(answer.status() == 500);
    CHECK(code(answer) == "INTERNAL");
    CHECK_FALSE(fixture.is_open());
    CHECK(fixture.record().status == MeetingStatus::scheduled);
    fixture.mend_table("session");
    CHECK(fixture.start().status() == 200);
  }
  SUBCASE("no room: the record is as before") {
    fixture.rooms.full = true;
    CHECK(fixture.start().status() == 429);
    fixture.host.run();
    CHECK(fixture.record().status == MeetingStatus::scheduled);
    CHECK(runs(fixture, "\"ended_at\" IS NULL") == 0);
  }
  SUBCASE("no final statistics: the meeting goes on") {
    fixture.live();
    fixture.break_table("session");
    CHECK(fixture.end().status() == 500);
    CHECK(fixture.is_open());
    fixture.mend_table("session");
    CHECK(fixture.end().status() == 200);
    CHECK_FALSE(fixture.is_open());
  }
  SUBCASE("a room that is gone is written down as soon as the store works again") {
    FakeRoom& room = fixture.live();
    fixture.break_table("session");
    room.close("over");
    fixture.host.run();
    CHECK(fixture.start().status() == 409);
    fixture.mend_table("session");
    fixture.host.advance(seconds{6});
    CHECK(fixture.record().status == MeetingStatus::ended);
  }
}

TEST_CASE("what decides about a meeting is in its audit trail") {
  Fixture fixture;
  fixture.create();
  fixture.live();
  fixture.end();
  become(fixture, MeetingStatus::scheduled);
  fixture.context.audit.flush();
  fixture.host.run();
  const auto rows = fixture.sql(R"(SELECT "action", "actor_id" FROM "meetings_audit" ORDER BY "id")");
  REQUIRE(rows.size() == 2);
  CHECK(rows[0] == StoreRow{"meeting.start", "anna"});
  CHECK(rows[1] == StoreRow{"meeting.end", "anna"});
}

}  // namespace
}  // namespace sluice::meetings::testing
