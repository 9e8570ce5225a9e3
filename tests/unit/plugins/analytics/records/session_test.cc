#include <doctest/doctest.h>

#include "tests/unit/plugins/analytics/records/analytics_rooms.h"

namespace sluice::analytics::testing {
namespace {

struct Fixture : AnalyticsRooms {
  explicit Fixture(RecordOptions options = {}) : AnalyticsRooms{options} { start(); }
};

TEST_CASE("joins and leaves, the most at once and the average over time") {
  Fixture all;
  FakeRoom& room = all.room("lobby");
  FakeParticipant& anna = all.join(room, "anna", Role::host);
  all.host.advance(10s);
  FakeParticipant& ben = all.join(room, "ben");
  all.host.advance(10s);
  room.leave(ben);
  all.host.advance(20s);

  const SessionRow row = all.row(room);
  CHECK(row.joins == 2);
  CHECK(row.people == 2);
  CHECK(row.peak == 2);
  CHECK(row.seen_at - row.started_at == 40'000);
  CHECK(row.attended_ms == 50'000);  // 1.25 on average
  CHECK(!row.ended_at);
  const PersonRow left = all.person(room, "ben");
  CHECK(left.present_ms == 10'000);
  CHECK(left.last_left_at == row.started_at + 20'000);
  CHECK(left.name == "User ben");
  const PersonRow here = all.person(room, "anna");
  CHECK(here.present_ms == 40'000);
  CHECK(!here.last_left_at);
  CHECK(here.role == "host");
  room.leave(anna);
}

TEST_CASE("who comes and goes is one person whose time adds up") {
  Fixture all;
  FakeRoom& room = all.room("lobby");
  all.join(room, "anna");
  for (int i = 0; i < 3; ++i) {
    FakeParticipant& ben = all.join(room, "ben");
    all.host.advance(5s);
    room.leave(ben);
    all.host.advance(7s);
  }
  const PersonRow ben = all.person(room, "ben");
  CHECK(ben.joins == 3);
  CHECK(ben.present_ms == 15'000);
  CHECK(all.row(room).people == 2);
  CHECK(all.row(room).joins == 4);
}

TEST_CASE("a lost connection is not presence, and coming back is no join") {
  Fixture all;
  FakeRoom& room = all.room("lobby");
  FakeParticipant& anna = all.join(room, "anna");
  all.host.advance(10s);
  room.away(anna);
  all.host.advance(3s);
  room.returned(anna, all.host.connect(user("anna")));
  all.host.advance(10s);
  const PersonRow row = all.person(room, "anna");
  CHECK(row.present_ms == 20'000);
  CHECK(row.away_ms == 3'000);
  CHECK(row.aways == 1);
  CHECK(row.joins == 1);

  SUBCASE("who leaves while it is away was away until then") {
    room.away(anna);
    all.host.advance(4s);
    room.leave(anna);
    all.host.advance(9s);
    CHECK(all.person(room, "anna").away_ms == 7'000);
    CHECK(all.person(room, "anna").present_ms == 20'000);
  }
}

// FakeRoom names participants by their users: the second device has another identity's id with the same user.
TEST_CASE("two devices of one user are one person, there while one of them is") {
  Fixture all;
  FakeRoom& room = all.room("lobby");
  FakeRoom& other = all.room("attic");
  Session both{1, room, all.table.this_moment()};
  const RecordOptions options;
  FakeParticipant& phone = all.join(room, "anna");
  FakeParticipant laptop{other, all.host.connect(user("anna")), "p-laptop", "Anna", Role::attendee};
  both.joined(phone, options, all.table.this_moment());
  all.host.advance(10s);
  both.joined(laptop, options, all.table.this_moment());
  all.host.advance(10s);
  both.left(phone.id(), options, all.table.this_moment());
  all.host.advance(10s);
  const auto people = both.people(all.table.this_moment());
  REQUIRE(people.size() == 1);
  CHECK(people[0].present_ms == 30'000);
  CHECK(people[0].devices == 2);
  CHECK(people[0].joins == 2);
  CHECK(both.row(all.table.this_moment()).peak == 2);  // participants are connections

  SUBCASE("both hear the same: it counts once") {
    both.joined(phone, options, all.table.this_moment());
    const Voice voices[] = {{phone.id(), 20, true}, {laptop.id(), 30, true}};
    both.heard(voices, 1s, options, all.table.this_moment().at);
    CHECK(both.people(all.table.this_moment())[0].talk_ms == 1'000);
  }
}

TEST_CASE("talk is what a client calls speech, or what is loud") {
  RecordOptions options;
  options.quietest_speech_dbov = 55;
  options.quietest_plain_dbov = 40;
  Fixture all{options};
  FakeRoom& room = all.room("lobby");
  FakeParticipant& anna = all.join(room, "anna");
  const auto talked = [&](int minus_dbov, bool voice) {
    const std::int64_t before = all.person(room, "anna").talk_ms;
    all.host.advance(1s);
    all.heard(room, anna, minus_dbov, voice);
    return all.person(room, "anna").talk_ms - before;
  };
  CHECK(talked(55, true) == 1'000);
  CHECK(talked(56, true) == 0);
  CHECK(talked(40, false) == 1'000);
  CHECK(talked(41, false) == 0);
  CHECK(talked(127, true) == 0);
  CHECK(all.row(room).talk_ms == 2'000);
}

TEST_CASE("who was heard lately speaks now") {
  Fixture all;
  FakeRoom& room = all.room("lobby");
  FakeParticipant& anna = all.join(room, "anna");
  all.join(room, "ben");
  CHECK(all.table.find(room)->speaking(all.host.timers().now()) == 0);
  all.heard(room, anna, 20, true);
  CHECK(all.table.find(room)->speaking(all.host.timers().now()) == 1);
  all.host.advance(3s);
  CHECK(all.table.find(room)->speaking(all.host.timers().now()) == 0);
}

TEST_CASE("camera and screen time ends with a pause, with the track and with its sender") {
  Fixture all;
  FakeRoom& room = all.room("lobby");
  FakeParticipant& anna = all.join(room, "anna");
  FakeParticipant& ben = all.join(room, "ben");
  const std::string camera = all.media.publish_camera(room, anna).producer_id;
  all.host.advance(10s);
  all.media.set_paused(camera, true);
  all.host.advance(10s);
  all.media.set_paused(camera, false);
  all.host.advance(5s);
  all.media.end(camera);
  all.host.advance(5s);
  CHECK(all.person(room, "anna").camera_ms == 15'000);

  const std::string first = all.media.publish_screen(room, anna).producer_id;
  all.host.advance(10s);
  all.media.publish_screen(room, ben);
  CHECK(all.table.find(room)->screen_shown());
  all.host.advance(10s);
  all.media.end(first);
  all.host.advance(10s);
  room.leave(ben);
  all.host.advance(10s);
  CHECK(all.person(room, "anna").screen_ms == 20'000);
  CHECK(all.person(room, "ben").screen_ms == 20'000);
  CHECK(all.row(room).screen_ms == 30'000);  // both at once count once
  CHECK(!all.table.find(room)->screen_shown());
}

TEST_CASE("messages, reactions and hands are counted for the room and for who it was") {
  Fixture all;
  FakeRoom& room = all.room("lobby");
  FakeParticipant& anna = all.join(room, "anna");
  all.join(room, "ben");
  all.says(room, anna);
  all.says(room, anna);
  all.host.bus().publish(HandRaised{anna});
  all.host.bus().publish(ReactionSent{anna, "+1"});
  CHECK(all.row(room).chat_messages == 2);
  CHECK(all.row(room).hands == 1);
  CHECK(all.row(room).reactions == 1);
  CHECK(all.person(room, "anna").chat_messages == 2);
  CHECK(all.person(room, "anna").hands == 1);
  CHECK(all.person(room, "anna").reactions == 1);
  CHECK(all.person(room, "ben").chat_messages == 0);
}

TEST_CASE("recordings and streams last until they stop, and two at once count once") {
  Fixture all;
  FakeRoom& room = all.room("lobby");
  all.join(room, "anna");
  all.host.bus().publish(RecordingStarted{room, "r1"});
  all.host.advance(10s);
  all.host.bus().publish(RecordingStarted{room, "r2"});
  all.host.advance(10s);
  all.host.bus().publish(RecordingStopped{"", "lobby", "r1"});
  all.host.bus().publish(RecordingStopped{"", "lobby", "r1"});
  all.host.advance(10s);
  all.host.bus().publish(RecordingStopped{"", "lobby", "r2"});
  all.host.advance(10s);
  CHECK(all.row(room).recording_ms == 30'000);

  all.host.bus().publish(StreamStarted{room, "s"});
  all.host.advance(5s);
  all.host.bus().publish(StreamAudienceChanged{room, "s", {.viewers = 3, .peak = 7, .in_all = 9}});
  all.host.bus().publish(StreamStopped{"", "lobby", "s", {.viewers = 0, .peak = 8, .in_all = 12}});
  CHECK(all.row(room).streaming_ms == 5'000);
  CHECK(all.row(room).viewers_peak == 8);
  CHECK(all.row(room).viewers_in_all == 12);
}

TEST_CASE("beyond so many people who comes counts, without a row of its own") {
  RecordOptions options;
  options.people = 2;
  options.events = 3;
  Fixture all{options};
  FakeRoom& room = all.room("lobby");
  for (const char* const id : {"anna", "ben", "cem", "dana"}) {
    FakeParticipant& one = all.join(room, id);
    all.heard(room, one, 20, true);
    all.host.bus().publish(HandRaised{one});
  }
  const SessionRow row = all.row(room);
  CHECK(row.joins == 4);
  CHECK(row.peak == 4);
  CHECK(row.people == 2);
  CHECK(row.left_out == 2);
  CHECK(row.hands == 4);
  CHECK(all.changes().events.size() == 3);
  room.close("closed");
  CHECK(all.changes().people.size() == 2);
}

}  // namespace
}  // namespace sluice::analytics::testing
