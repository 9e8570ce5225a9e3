#include <doctest/doctest.h>

#include <algorithm>

#include "records/engagement.h"
#include "tests/unit/plugins/analytics/records/analytics_rooms.h"

namespace sluice::analytics::testing {
namespace {

struct Fixture : AnalyticsRooms {
  explicit Fixture(RecordOptions options = {}) : AnalyticsRooms{options} { start(); }
};

std::vector<EventKind> kinds(const SessionChanges& changes) {
  std::vector<EventKind> out;
  for (const EventRow& event : changes.events) out.push_back(event.kind);
  return out;
}

TEST_CASE("a session ends with its room, and says how engaged people were") {
  Fixture all;
  FakeRoom& room = all.room("lobby", "north");
  all.join(room, "anna");
  all.host.advance(60s);
  room.close("closed");
  const SessionChanges changes = all.changes();
  REQUIRE(changes.sessions.size() == 1);
  const SessionRow& row = changes.sessions[0];
  CHECK(row.tenant == "north");
  CHECK(row.room_name == "Room lobby");
  CHECK(row.meeting_id.empty());
  CHECK(row.reason == "closed");
  CHECK(row.ended_at == row.started_at + 60'000);
  CHECK(row.seen_at == row.ended_at);
  CHECK(row.engagement == EngagementCounts{.high = 0, .medium = 0, .low = 1});  // it was there, and nothing else
  CHECK(all.ended == std::vector<SessionId>{1});
  CHECK(all.changes(true).sessions.empty());

  SUBCASE("the next run of the room is another session") {
    all.join(all.room("lobby", "north"), "anna");
    CHECK(all.changes().sessions.at(0).id == 2);
  }
}

TEST_CASE("only what has changed is written again") {
  Fixture all;
  FakeRoom& room = all.room("lobby");
  FakeParticipant& anna = all.join(room, "anna");
  all.join(room, "ben");
  SessionChanges changes = all.changes();
  CHECK(changes.sessions.size() == 1);
  CHECK(changes.people.size() == 2);
  CHECK(kinds(changes) == std::vector{EventKind::joined, EventKind::joined});
  CHECK(changes.events[1].participants == 2);

  all.host.advance(10s);
  changes = all.changes();
  CHECK(changes.sessions.empty());
  CHECK(changes.people.empty());
  changes = all.changes(true);  // it lasts: so it is known until when
  CHECK(changes.sessions.size() == 1);
  CHECK(changes.people.empty());

  all.heard(room, anna, 20, true);
  changes = all.changes();
  REQUIRE(changes.people.size() == 1);
  CHECK(changes.people[0].user_id == "anna");
  CHECK(changes.people[0].is_present);
  CHECK(changes.events.empty());
}

TEST_CASE("a row that was written earlier goes on until its session was seen last") {
  PersonRow row;
  row.counted_at = 10'000;
  row.present_ms = 5'000;
  row.camera_ms = 1'000;
  row.is_present = true;
  row.camera_on = true;
  const PersonRow later = settle(row, 25'000);
  CHECK(later.present_ms == 20'000);
  CHECK(later.camera_ms == 16'000);
  CHECK(later.screen_ms == 0);
  CHECK(settle(later, 30'000).present_ms == 20'000);  // once
  CHECK(settle(row, 9'000).present_ms == 5'000);      // the clock was set back
}

TEST_CASE("a meeting's session is the meeting's, and goes on while nobody is there") {
  Fixture all;
  FakeRoom& room = all.room("meeting");
  all.host.bus().publish(MeetingStarted{all.meetings.info, room});
  CHECK(all.row(room).meeting_id == "meeting");
  CHECK(all.row(room).joins == 0);
  all.host.advance(1h);
  static_cast<void>(all.changes(true));
  CHECK(all.table.find(room) != nullptr);
}

TEST_CASE("of a room that is no meeting's, an hour without people is no part of a session") {
  Fixture all{{.gap_minutes = std::chrono::minutes{5}}};
  FakeRoom& room = all.room("lobby");
  FakeParticipant& anna = all.join(room, "anna");
  all.host.advance(60s);
  room.leave(anna);
  all.host.advance(4min);
  static_cast<void>(all.changes(true));
  REQUIRE(all.table.find(room) != nullptr);

  SUBCASE("who comes back in time is in the same one") {
    all.join(room, "anna");
    all.host.advance(1h);
    static_cast<void>(all.changes(true));
    CHECK(all.row(room).joins == 2);
  }
  SUBCASE("it ended when the last one left") {
    all.host.advance(1min);
    const SessionChanges changes = all.changes(true);
    CHECK(all.table.find(room) == nullptr);
    CHECK(changes.sessions.at(0).ended_at == changes.sessions.at(0).started_at + 60'000);
    CHECK(changes.sessions.at(0).reason == "empty");
  }
  SUBCASE("but it goes on while the room is recorded") {
    all.host.bus().publish(RecordingStarted{room, "r"});
    all.host.advance(1h);
    static_cast<void>(all.changes(true));
    CHECK(all.table.find(room) != nullptr);
    all.host.bus().publish(RecordingStopped{"", "lobby", "r"});
    all.host.advance(5min);
    static_cast<void>(all.changes(true));
    CHECK(all.table.find(room) == nullptr);
  }
}

TEST_CASE("rooms that were there before the plugin are taken over as they are") {
  AnalyticsRooms all;
  FakeRoom& room = all.room("lobby");
  FakeParticipant& anna = all.join(room, "anna");
  all.join(room, "ben");
  all.media.publish_screen(room, anna);
  all.room("attic");
  all.start();
  CHECK(all.table.open() == 1);
  all.host.advance(60s);
  CHECK(all.row(room).people == 2);
  CHECK(all.row(room).attended_ms == 120'000);
  CHECK(all.row(room).screen_ms == 60'000);
  CHECK(all.person(room, "anna").screen_ms == 60'000);
  all.media.end(all.media.tracks(room).front().producer_id);
  room.close("closed");
  CHECK(all.changes().sessions.at(0).reason == "closed");
}

TEST_CASE("when the gateway stops all sessions end") {
  Fixture all;
  all.join(all.room("lobby"), "anna");
  all.join(all.room("attic"), "ben");
  all.table.stop();
  const SessionChanges changes = all.changes();
  CHECK(changes.sessions.size() == 2);
  for (const SessionRow& row : changes.sessions) CHECK(row.reason == "gateway_stopped");
  CHECK(all.table.open() == 0);
}

PersonRow somebody(std::int64_t present, std::int64_t talk = 0, std::int64_t camera = 0) {
  PersonRow row;
  row.present_ms = present;
  row.talk_ms = talk;
  row.camera_ms = camera;
  return row;
}

TEST_CASE("engagement by its formula") {
  const EngagementScale scale{.session_ms = 100, .all_talk_ms = 40, .people = 4};
  CHECK(engagement_score(somebody(0), scale) == 0);
  CHECK(engagement_score(somebody(100), scale) == 30);
  CHECK(engagement_score(somebody(100, 10), scale) == 60);  // its fair share of the talk
  CHECK(engagement_score(somebody(100, 40), scale) == 60);  // more is no more
  CHECK(engagement_score(somebody(100, 0, 100), scale) == 45);
  CHECK(engagement_score(somebody(50, 5, 50), scale) == 45);
  PersonRow active = somebody(100, 10, 100);
  active.chat_messages = 3;
  active.hands = 1;
  active.reactions = 3;
  CHECK(engagement_score(active, scale) == 100);
  active.chat_messages = 1'000;
  CHECK(engagement_score(active, scale) == 100);
  CHECK(engagement_of(60) == Engagement::high);
  CHECK(engagement_of(59) == Engagement::medium);
  CHECK(engagement_of(35) == Engagement::medium);
  CHECK(engagement_of(34) == Engagement::low);
  CHECK(engagement_score(somebody(100, 10), EngagementScale{}) == 0);  // a session of no length
}

}  // namespace
}  // namespace sluice::analytics::testing
