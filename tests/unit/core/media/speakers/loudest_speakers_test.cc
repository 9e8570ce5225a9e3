#include "core/media/speakers/loudest_speakers.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>

#include "tests/unit/core/media/speakers/synthetic_speech.h"

namespace sluice::test {
namespace {

using Change = LoudestSpeakers::Change;

struct Stage {
  Stage() {
    loudest.set_places(2, now);
    for (int who = 1; who <= 4; ++who) loudest.add(TestRoom::id(who), now);
    loudest.take_changes();
  }

  void speaks(int who, int dbov = -28) { dbov_[who] = dbov; }
  void falls_silent(int who) {
    dbov_.erase(who);
    loudest.update({.id = TestRoom::id(who)}, now);
  }
  /// Reports each 100 ms of all who speak.
  void run(Duration time) {
    for (const Instant end = now + time; now < end; now += 100ms) {
      for (const auto& [who, dbov] : dbov_) {
        loudest.update({.id = TestRoom::id(who), .activity = {13, 5, 8}, .minus_dbov = level(dbov)}, now);
      }
    }
  }
  void onset(int who, int dbov = -28) {
    loudest.update({.id = TestRoom::id(who), .activity = {13, 1, 0}, .minus_dbov = level(dbov)}, now);
  }
  static std::uint8_t level(int dbov) { return static_cast<std::uint8_t>(-dbov); }
  [[nodiscard]] std::set<int> loud() const {
    std::set<int> out;
    for (int who = 1; who <= 9; ++who) {
      if (loudest.loud(TestRoom::id(who))) out.insert(who);
    }
    return out;
  }

  Instant now = Instant{} + 1h;
  LoudestSpeakers loudest;

 private:
  std::map<int, int> dbov_;
};

}  // namespace

TEST_CASE("as long as there are places for all, everybody has one") {
  LoudestSpeakers loudest;
  const Instant t0{};
  loudest.set_places(3, t0);
  for (int who = 1; who <= 3; ++who) loudest.add(TestRoom::id(who), t0);
  CHECK(loudest.take_changes().size() == 3);
  for (int who = 1; who <= 3; ++who) CHECK(loudest.loud(TestRoom::id(who)));
  loudest.add(TestRoom::id(4), t0);
  CHECK(loudest.take_changes().empty());
  CHECK(!loudest.loud(TestRoom::id(4)));
}

TEST_CASE_FIXTURE(Stage,
                  "who begins to speak gets a silent one's place at once: the last to come of those who never spoke") {
  CHECK(loud() == std::set{1, 2});
  onset(3);
  CHECK(loud() == std::set{1, 3});
  CHECK(loudest.take_changes() == std::vector<Change>{{TestRoom::id(2), false}, {TestRoom::id(3), true}});
  onset(4);
  CHECK(loud() == std::set{3, 4});
}

TEST_CASE_FIXTURE(Stage, "a pause shorter than the grace costs nobody its place") {
  speaks(1);
  speaks(2);
  run(3s);
  falls_silent(1);
  run(1s);
  onset(3);
  CHECK(loud() == std::set{1, 2});
  run(600ms);
  onset(3);
  CHECK(loud() == std::set{2, 3});
}

TEST_CASE_FIXTURE(Stage, "who has been silent longest goes first") {
  speaks(1);
  run(1s);
  falls_silent(1);
  speaks(2);
  run(5s);
  falls_silent(2);
  run(5s);
  onset(4);
  CHECK(loud() == std::set{2, 4});
}

TEST_CASE_FIXTURE(Stage, "where all of them speak a newcomer must be clearly louder than the quietest, for a while") {
  speaks(1, -25);
  speaks(2, -30);
  run(3s);
  loudest.take_changes();
  SUBCASE("as loud: waits") {
    speaks(3, -28);
    run(10s);
    CHECK(loud() == std::set{1, 2});
  }
  SUBCASE("one loud bang: waits") {
    onset(3, -5);
    CHECK(loud() == std::set{1, 2});
  }
  SUBCASE("louder: takes the place of the quietest") {
    speaks(3, -15);
    run(1s);
    CHECK(loud() == std::set{1, 3});
  }
}

TEST_CASE_FIXTURE(Stage, "two who fight for one place do not change it more than once a second") {
  speaks(1, -5);
  speaks(2, -30);
  run(3s);
  loudest.take_changes();
  for (int i = 0; i < 10; ++i) {
    speaks(3, i % 2 == 0 ? -10 : -40);
    speaks(2, i % 2 == 0 ? -40 : -10);
    run(500ms);
  }
  CHECK(loud().contains(1));
  CHECK(loudest.take_changes().size() <= 2 * 5);
}

TEST_CASE_FIXTURE(Stage, "who leaves frees a place for who spoke last, or else came first") {
  loudest.remove(TestRoom::id(1), now);
  CHECK(loud() == std::set{2, 3});
  speaks(2);
  speaks(3);
  run(2s);
  onset(4);
  REQUIRE(loud() == std::set{2, 3});
  loudest.add(TestRoom::id(5), now);
  loudest.remove(TestRoom::id(2), now);
  CHECK(loud() == std::set{3, 4});
  loudest.remove(TestRoom::id(4), now);
  CHECK(loud() == std::set{3, 5});
  loudest.remove(TestRoom::id(4711), now);
}

TEST_CASE_FIXTURE(Stage, "who is muted gives up its place to the next who speaks") {
  speaks(1);
  speaks(2);
  run(2s);
  loudest.mute(TestRoom::id(1));
  CHECK(loud() == std::set{1, 2});
  onset(3);
  CHECK(loud() == std::set{2, 3});
}

TEST_CASE_FIXTURE(Stage, "the number of places may change") {
  loudest.set_places(4, now);
  CHECK(loud() == std::set{1, 2, 3, 4});
  loudest.set_places(1, now);
  CHECK(loud() == std::set{1});
  loudest.set_places(0, now);
  CHECK(loud().empty());
  onset(1);
  CHECK(loud().empty());
}

TEST_CASE_FIXTURE(Stage, "reports of who is not there are ignored") {
  onset(7);
  loudest.mute(TestRoom::id(7));
  CHECK(loud() == std::set{1, 2});
}

}  // namespace sluice::test
