#include "quality/quality_desk.h"

#include <doctest/doctest.h>

#include "tests/unit/plugins/analytics/quality/desk_fixture.h"

using namespace sluice;
using namespace sluice::analytics;
using namespace sluice::testing;
using namespace std::chrono_literals;

TEST_CASE("each second of each participant is measured, and told to who listens") {
  DeskFixture desk;
  desk.start();
  FakeRoom& room = desk.open();
  FakeParticipant& anna = desk.join(room, "anna");
  desk.receives(anna, 40, 0.02);
  desk.speaks(anna, 1'000);
  desk.seconds();
  desk.speaks(anna, 45, 5, 12);
  desk.seconds();
  CHECK(desk.samples == 2);
  REQUIRE(desk.newest.size() == 1);
  CHECK(desk.newest.front().participant_id == anna.id());
  const QualitySample& sample = desk.newest.front().quality;
  CHECK(sample.round_trip_ms == 40.0);
  CHECK(sample.loss_down == 0.02);
  CHECK(sample.loss_up == 0.1);
  CHECK(sample.jitter_ms == 12.0);
  CHECK(sample.down_bps == 1'000'000);
  CHECK(*sample.mos == doctest::Approx(3.41).epsilon(0.01));  // 10 % of its sound does not arrive
  CHECK(desk.desk->series_of(room, anna.id()).size() == 2);
}

TEST_CASE("of a participant without media nothing is known") {
  DeskFixture desk;
  desk.start();
  FakeRoom& room = desk.open();
  FakeParticipant& anna = desk.join(room, "anna");
  desk.stats_of(anna);
  desk.seconds(3);
  CHECK(desk.samples == 0);
  CHECK_FALSE(desk.desk->last_of(room, anna.id()).has_value());
  CHECK(desk.desk->series_of(room, anna.id()).empty());
  CHECK(desk.desk->quality_of(room).measured == 0);
  CHECK_FALSE(DeskFixture::client_of(anna).got("stats:update"));
}

TEST_CASE("feedback alone says nothing about the way down") {
  DeskFixture desk;
  desk.start();
  FakeParticipant& anna = desk.join(desk.open(), "anna");
  desk.receives(anna, 40, 0).sending_bps = 8'000;
  desk.seconds();
  CHECK_FALSE(desk.newest.front().quality.loss_down.has_value());
  CHECK_FALSE(desk.newest.front().quality.mos.has_value());
  CHECK(desk.newest.front().quality.round_trip_ms == 40.0);
}

TEST_CASE("a path that breaks is poor, and one that is closed is not known") {
  DeskFixture desk;
  desk.start();
  FakeRoom& room = desk.open();
  FakeParticipant& anna = desk.join(room, "anna");
  TransportStats& path = desk.receives(anna);
  desk.seconds();
  CHECK(desk.word_of(anna) == "excellent");
  path.state = TransportState::disconnected;
  desk.seconds(3);
  CHECK(desk.word_of(anna) == "poor");
  path.state = TransportState::closed;
  desk.seconds(10);
  CHECK(desk.word_of(anna) == "");
  CHECK(DeskFixture::client_of(anna).last("stats:update").at("participants").at(0).at("quality").is_null());
}

TEST_CASE("a room whose workers have not answered is not asked again") {
  DeskFixture desk;
  desk.start();
  desk.join(desk.open(), "anna");
  desk.host.advance(10s);
  CHECK(desk.stats.questions == 1);
  desk.stats.answer();
  desk.host.advance(1s);
  CHECK(desk.stats.questions == 2);
}

TEST_CASE("a thousand rooms are not asked at once") {
  DeskFixture desk;
  desk.start();
  for (int i = 0; i < 1'000; ++i) desk.join(desk.open("room-" + std::to_string(i)), "user-" + std::to_string(i));
  for (int i = 0; i < 20; ++i) {
    desk.host.advance(50ms);
    CHECK(desk.stats.questions == 50 * (i + 1));
  }
}

TEST_CASE("nobody is asked for where nobody is") {
  DeskFixture desk;
  desk.start();
  FakeRoom& room = desk.open();
  desk.host.advance(5s);
  CHECK(desk.stats.questions == 0);
  FakeParticipant& anna = desk.join(room, "anna");
  desk.receives(anna);
  desk.seconds();
  CHECK(desk.stats.questions == 1);
  CHECK(desk.host.metrics().value("participants", {{"quality", "excellent"}}) == 1);
  room.leave(anna);
  desk.seconds(3);
  CHECK(desk.stats.questions == 1);
  CHECK(desk.desk->quality_of(room).measured == 0);
  CHECK(desk.host.metrics().value("participants", {{"quality", "excellent"}}) == 0);
}

TEST_CASE("an answer that comes when the room has closed does nothing") {
  DeskFixture desk;
  desk.start();
  FakeRoom& room = desk.open();
  desk.receives(desk.join(room, "anna"));
  desk.host.advance(1s);
  CHECK(desk.stats.questions == 1);
  room.close("closed");
  desk.stats.answer();
  CHECK(desk.samples == 0);
  CHECK(desk.host.timers().pending() == 0);  // no rooms, no ticks
}

TEST_CASE("an answer that comes when the plugin has gone does nothing") {
  DeskFixture desk;
  desk.start();
  desk.receives(desk.join(desk.open(), "anna"));
  desk.host.advance(1s);
  desk.desk.reset();
  desk.stats.answer();
  CHECK(desk.samples == 0);
}

TEST_CASE("who has left is forgotten, and an answer that still speaks of it does no harm") {
  DeskFixture desk;
  desk.start();
  FakeRoom& room = desk.open();
  FakeParticipant& anna = desk.join(room, "anna");
  FakeParticipant& ben = desk.join(room, "ben");
  desk.receives(anna);
  desk.receives(ben);
  desk.seconds();
  CHECK(desk.newest.size() == 2);
  desk.host.advance(1s);
  const std::string id = anna.id();
  room.leave(anna);
  desk.stats.answer();
  REQUIRE(desk.newest.size() == 1);
  CHECK(desk.newest.front().participant_id == ben.id());
  CHECK(desk.desk->series_of(room, id).empty());
}

TEST_CASE("who is away is measured as long as its media goes on, and is itself when it returns") {
  DeskFixture desk;
  desk.start();
  FakeRoom& room = desk.open();
  FakeParticipant& anna = desk.join(room, "anna");
  desk.receives(anna);
  desk.seconds();
  FakeClient& lost = DeskFixture::client_of(anna);
  room.away(anna);
  desk.host.disconnect(lost);
  desk.seconds();
  CHECK(desk.desk->series_of(room, anna.id()).size() == 2);
  room.returned(anna, desk.host.connect({.user_id = "anna"}));
  desk.seconds();
  CHECK(desk.desk->series_of(room, anna.id()).size() == 3);
  CHECK(desk.report(anna).ok());
}

TEST_CASE("the room is its middle participant, and the means of all") {
  DeskFixture desk;
  desk.start();
  FakeRoom& room = desk.open();
  for (const double loss : {0.0, 0.02, 0.30}) {
    desk.receives(desk.join(room, "user-" + std::to_string(loss)), 100, loss);
  }
  desk.seconds();
  const RoomQuality quality = desk.desk->quality_of(room);
  CHECK(quality.measured == 3);
  CHECK(quality.grade == Grade::good);
  CHECK(quality.excellent == 1);
  CHECK(quality.good == 1);
  CHECK(quality.poor == 1);
  CHECK(quality.round_trip_ms == 100.0);
  CHECK(*quality.loss == doctest::Approx(0.32 / 3));
  CHECK(quality.total_bps == 3'000'000);
  CHECK(desk.host.metrics().value("participants", {{"quality", "poor"}}) == 1);

  SUBCASE("of two, it is the worse one") {
    room.leave(*room.find("p-user-" + std::to_string(0.0)));
    desk.seconds();
    CHECK(desk.desk->quality_of(room).grade == Grade::poor);
  }
  SUBCASE("what is long ago is not the present") {
    desk.host.advance(6s);  // nobody answers
    CHECK(desk.desk->quality_of(room).measured == 0);
    CHECK(desk.word_of(*room.find("p-user-" + std::to_string(0.0))) == "");
  }
}

TEST_CASE("rooms that were there before the plugin are measured, too") {
  DeskFixture desk;
  FakeParticipant& anna = desk.join(desk.open(), "anna");
  desk.receives(anna);
  desk.start();
  desk.seconds();
  CHECK(desk.word_of(anna) == "excellent");
}

TEST_CASE("so many seconds are kept as the options say, and other options hold at once") {
  DeskFixture desk{{.keep_s = 10s}};
  desk.start();
  FakeRoom& room = desk.open();
  FakeParticipant& anna = desk.join(room, "anna");
  desk.receives(anna);
  desk.seconds(25);
  const auto series = desk.desk->series_of(room, anna.id());
  REQUIRE(series.size() == 10);
  CHECK(series.back().at - series.front().at == 9s);
  desk.desk->reconfigure({.keep_s = 20s});
  desk.seconds(15);
  CHECK(desk.desk->series_of(room, anna.id()).size() == 20);
}
