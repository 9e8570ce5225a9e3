// What rooms are told: stats:update.
#include <doctest/doctest.h>

#include <set>

#include "tests/unit/plugins/analytics/quality/desk_fixture.h"

using namespace sluice;
using namespace sluice::analytics;
using namespace sluice::testing;
using namespace std::chrono_literals;

namespace {

/// `anna: good` for each entry, in order.
std::vector<std::string> entries(const json::value& update) {
  std::vector<std::string> out;
  for (const json::value& one : update.at("participants").as_array()) {
    const json::value& word = one.at("quality");
    out.push_back(std::string{one.at("participantId").as_string()} + ": " +
                  (word.is_null() ? "-" : std::string{word.as_string()}));
  }
  return out;
}

}  // namespace

TEST_CASE("a room is told the words of all, and the figures of the room") {
  DeskFixture desk;
  desk.start();
  FakeRoom& room = desk.open();
  FakeParticipant& anna = desk.join(room, "anna");
  FakeParticipant& ben = desk.join(room, "ben");
  FakeParticipant& elsewhere = desk.join(desk.open("other"), "cleo");
  desk.receives(anna, 43);
  desk.receives(ben, 43, 0.02);
  desk.seconds();
  const json::value update = DeskFixture::client_of(anna).last("stats:update");
  CHECK(entries(update) == std::vector<std::string>{"p-anna: excellent", "p-ben: good"});
  CHECK(update.at("participants").at(0).as_object().size() == 2);  // no figures of a person
  CHECK(update.at("room").at("quality") == "good");
  CHECK(update.at("room").at("good").to_number<int>() == 1);
  CHECK(update.at("room").at("excellent").to_number<int>() == 1);
  CHECK(update.at("room").at("mos") == 4.3);
  CHECK(update.at("room").at("roundTripMs").to_number<int>() == 40);
  CHECK(update.at("room").at("loss") == 0.01);
  CHECK(DeskFixture::client_of(ben).got("stats:update"));
  CHECK_FALSE(DeskFixture::client_of(elsewhere).got("stats:update"));
}

TEST_CASE("only changes are told, and only so often") {
  DeskFixture desk;
  desk.start();
  FakeRoom& room = desk.open();
  FakeParticipant& anna = desk.join(room, "anna");
  FakeParticipant& ben = desk.join(room, "ben");
  FakeClient& client = DeskFixture::client_of(anna);
  desk.receives(anna);
  desk.receives(ben);
  desk.seconds(20);
  CHECK(client.sent("stats:update").size() == 1);

  desk.receives(ben, 40, 0.2);
  desk.seconds(6);
  REQUIRE(client.sent("stats:update").size() == 3);
  CHECK(
      entries(client.sent("stats:update").at(1)).empty());  // the room's figures; Ben's word comes after three seconds
  CHECK(entries(client.last("stats:update")) == std::vector<std::string>{"p-ben: poor"});
  desk.receives(anna, 40, 0.2);
  desk.seconds(20);
  const auto all = client.sent("stats:update");
  CHECK(entries(all.back()) == std::vector<std::string>{"p-anna: poor"});
}

TEST_CASE("who comes later learns of all with the next one") {
  DeskFixture desk;
  desk.start();
  FakeRoom& room = desk.open();
  FakeParticipant& anna = desk.join(room, "anna");
  desk.receives(anna);
  desk.seconds(10);
  FakeParticipant& ben = desk.join(room, "ben");
  desk.seconds(5);
  CHECK(entries(DeskFixture::client_of(ben).last("stats:update")) == std::vector<std::string>{"p-anna: excellent"});
}

TEST_CASE("who was away has missed something, and learns of all, too") {
  DeskFixture desk;
  desk.start();
  FakeRoom& room = desk.open();
  FakeParticipant& anna = desk.join(room, "anna");
  FakeParticipant& ben = desk.join(room, "ben");
  desk.receives(anna);
  desk.seconds(10);
  FakeClient& lost = DeskFixture::client_of(ben);
  room.away(ben);
  desk.host.disconnect(lost);
  desk.seconds();
  room.returned(ben, desk.host.connect({.user_id = "ben"}));
  desk.seconds(5);
  CHECK(entries(DeskFixture::client_of(ben).last("stats:update")) == std::vector<std::string>{"p-anna: excellent"});
}

TEST_CASE("a large room is told a hundred at a time, until all are known") {
  DeskFixture desk;
  desk.start();
  FakeRoom& room = desk.open();
  std::vector<FakeParticipant*> all;
  for (int i = 0; i < 250; ++i) {
    all.push_back(&desk.join(room, "user-" + std::to_string(i)));
    desk.receives(*all.back());
  }
  FakeClient& client = DeskFixture::client_of(*all.front());
  std::set<std::string> known;
  for (const std::size_t expected : {100, 100, 50}) {
    client.clear();
    desk.seconds(5);
    REQUIRE(client.sent("stats:update").size() == 1);
    const auto told = entries(client.last("stats:update"));
    CHECK(told.size() == expected);
    known.insert(told.begin(), told.end());
  }
  CHECK(known.size() == 250);
  client.clear();
  desk.seconds(10);
  CHECK_FALSE(client.got("stats:update"));

  SUBCASE("what has changed goes before what a newcomer lacks") {
    desk.join(room, "late");
    desk.receives(*all.back(), 40, 0.2);
    desk.seconds(3);
    desk.seconds(5);
    const auto told = client.sent("stats:update");
    CHECK(entries(told.at(1)).front() == "p-user-249: poor");
    CHECK(entries(told.at(1)).size() == 100);
  }
}

TEST_CASE("where updates are switched off nothing is told, and all is measured") {
  DeskFixture desk{{.updates = false}};
  desk.start();
  FakeParticipant& anna = desk.join(desk.open(), "anna");
  desk.receives(anna);
  desk.seconds(10);
  CHECK_FALSE(DeskFixture::client_of(anna).got("stats:update"));
  CHECK(desk.word_of(anna) == "excellent");
  desk.desk->reconfigure({.updates = true, .update_every_ms = 1s});
  desk.seconds();
  CHECK(DeskFixture::client_of(anna).got("stats:update"));
}
