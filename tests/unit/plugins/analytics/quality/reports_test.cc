// What clients report, and what becomes of it.
#include <doctest/doctest.h>

#include "tests/unit/plugins/analytics/quality/desk_fixture.h"

using namespace sluice;
using namespace sluice::analytics;
using namespace sluice::testing;
using namespace std::chrono_literals;

namespace {

QualitySample second_of(DeskFixture& desk, FakeParticipant& one) {
  desk.seconds();
  const auto last = desk.desk->last_of(one.room(), one.id());
  REQUIRE(last.has_value());
  return *last;
}

json::object video(json::object stream, int interval_ms = 5'000) {
  return {{"intervalMs", interval_ms}, {"video", json::array{json::value(std::move(stream))}}};
}

}  // namespace

TEST_CASE("a report adds what only the client sees") {
  DeskFixture desk;
  desk.start();
  FakeParticipant& anna = desk.join(desk.open(), "anna");
  desk.receives(anna);
  CHECK(desk.report(anna, video({{"frameWidth", 1'280},
                                 {"frameHeight", 720},
                                 {"framesPerSecond", 24.5},
                                 {"freezeCount", 3},
                                 {"totalFreezesDurationMs", 1'000}}))
            .ok());
  const QualitySample first = second_of(desk, anna);
  CHECK(first.width == 1'280);
  CHECK(first.height == 720);
  CHECK(first.frames_per_second == 24.5);
  CHECK(first.freezes == 3);
  CHECK(first.frozen_ms == 200.0);
  // The freezes have been counted; the rest holds until the next report.
  const QualitySample second = second_of(desk, anna);
  CHECK(second.freezes == 0);
  CHECK(second.frozen_ms == 200.0);
  CHECK(desk.host.metrics().value("reports_total") == 1);
}

TEST_CASE("a report does not change what we measure ourselves") {
  DeskFixture desk;
  desk.start();
  FakeParticipant& anna = desk.join(desk.open(), "anna");
  desk.receives(anna, 40);
  desk.report(anna, {{"roundTripMs", 900}});
  CHECK(second_of(desk, anna).round_trip_ms == 40.0);

  SUBCASE("where we have no figure, its own will do") {
    desk.receives(anna).round_trip_time_ms.reset();
    CHECK(second_of(desk, anna).round_trip_ms == 900.0);
  }
}

TEST_CASE("what a client had to make up is as bad as what was lost on the way") {
  DeskFixture desk;
  desk.start();
  FakeParticipant& anna = desk.join(desk.open(), "anna");
  desk.receives(anna);
  const double before = *second_of(desk, anna).mos;
  desk.report(anna, {{"audio", json::array{json::object{{"totalSamplesReceived", 240'000},
                                                        {"concealedSamples", 48'000},
                                                        {"jitterMs", 30},
                                                        {"jitterBufferMs", 120}}}}});
  const QualitySample after = second_of(desk, anna);
  CHECK(before > 4.4);
  CHECK(*after.mos < 3);
  CHECK(after.jitter_ms == 30.0);
  CHECK(after.loss_down == 0.0);  // the loss of the way stays ours
}

TEST_CASE("a picture that stands still makes a connection poor") {
  DeskFixture desk;
  desk.start();
  FakeParticipant& anna = desk.join(desk.open(), "anna");
  desk.receives(anna);
  desk.seconds();
  desk.report(anna, video({{"freezeCount", 1}, {"totalFreezesDurationMs", 2'000}}));
  desk.seconds(2);
  CHECK(desk.word_of(anna) == "excellent");
  desk.seconds();
  CHECK(desk.word_of(anna) == "poor");
}

TEST_CASE("a report is forgotten after fifteen seconds") {
  DeskFixture desk;
  desk.start();
  FakeParticipant& anna = desk.join(desk.open(), "anna");
  desk.receives(anna);
  desk.report(anna, video({{"frameWidth", 640}, {"frameHeight", 360}}));
  desk.seconds(15);
  CHECK(second_of(desk, anna).width.has_value() == false);
}

TEST_CASE("freezes of two reports within a second are not forgotten") {
  DeskFixture desk;
  desk.start();
  FakeParticipant& anna = desk.join(desk.open(), "anna");
  desk.receives(anna);
  desk.seconds();
  desk.report(anna, video({{"freezeCount", 2}}));
  desk.report(anna, video({{"freezeCount", 1}}));
  CHECK(second_of(desk, anna).freezes == 3);
}

TEST_CASE("the answer says what the gateway makes of the caller itself") {
  DeskFixture desk;
  desk.start();
  FakeParticipant& anna = desk.join(desk.open(), "anna");
  CHECK(desk.report(anna).data() == json::value(json::object()));  // not measured yet
  desk.receives(anna, 40, 0.02);
  desk.seconds();
  const json::value told = desk.report(anna).data();
  CHECK(told.at("quality") == "good");
  CHECK(told.at("roundTripMs") == 40.0);
  CHECK(told.at("lossDown") == 0.02);
  CHECK(told.at("mos").as_double() > 4);
}

TEST_CASE("hostile reports are refused, and change nothing") {
  DeskFixture desk;
  desk.start();
  FakeParticipant& anna = desk.join(desk.open(), "anna");
  desk.receives(anna);
  const Answer far = desk.report(anna, video({{"frameWidth", 1e308}, {"frameHeight", 1}}));
  CHECK(far.code() == "INVALID_PAYLOAD");
  CHECK(far.details().at("path") == "video[0].frameWidth");
  CHECK(desk.report(anna, {{"audio", "loud"}}).code() == "INVALID_PAYLOAD");
  CHECK_FALSE(second_of(desk, anna).width.has_value());
}

TEST_CASE("who is in no room has nothing to report") {
  DeskFixture desk;
  desk.start();
  FakeClient& nobody = desk.host.connect({.user_id = "nobody"});
  CHECK(desk.host.call(nobody, "stats:report").code() == "NOT_IN_ROOM");
}

TEST_CASE("reports are bounded for each participant alone") {
  DeskFixture desk{{.reports_per_minute = 6}};
  desk.start();
  FakeRoom& room = desk.open();
  FakeParticipant& anna = desk.join(room, "anna");
  FakeParticipant& ben = desk.join(room, "ben");
  CHECK(desk.report(anna).ok());
  const Answer refused = desk.report(anna);
  CHECK(refused.code() == "RATE_LIMITED");
  CHECK(refused.details().at("retryAfterMs").to_number<int>() == 10'001);
  CHECK(desk.report(ben).ok());
  desk.host.advance(10'001ms);
  CHECK(desk.report(anna).ok());
}
