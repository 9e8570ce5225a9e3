#include "core/media/engine/router_speakers.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/control/control_loop.h"

namespace sluice::test {
namespace {

using namespace std::chrono_literals;

constexpr SpeechActivity kSpeaking{.immediate = 13, .medium = 5, .long_term = 8};

struct Room {
  static SpeakerReport report(int who, int dbov, SpeechActivity activity = kSpeaking) {
    return {.id = SpeakerId{static_cast<std::uint64_t>(who)},
            .activity = activity,
            .minus_dbov = static_cast<std::uint8_t>(-dbov),
            .voice = true};
  }
  static SpeakerId id(int who) { return SpeakerId{static_cast<std::uint64_t>(who)}; }

  void add(int who) { speakers->add(id(who), "p" + std::to_string(who)); }
  /// One batch of a worker.
  void hear(const std::vector<SpeakerReport>& reports) {
    clock.advance(100ms);
    for (const SpeakerReport& one : reports) speakers->handle(one, clock.now());
    const auto held = speakers;
    held->conclude(clock.now());
  }
  void watch_dominant() {
    speakers->on_dominant([this](const SpeakerLevel& level) { dominant.push_back(level.producer_id); });
  }
  void watch_levels(Duration interval) {
    speakers->on_levels(interval, [this](const std::vector<SpeakerLevel>& told) { levels.push_back(told); });
  }
  void watch_loudest(std::size_t count) {
    speakers->on_loudest(
        count, [this](const std::string& producer, bool loud) { changes.push_back((loud ? "+" : "-") + producer); });
    loop.run_ready();
  }

  ManualClock clock;
  ControlLoop loop{clock};
  std::shared_ptr<RouterSpeakers> speakers = std::make_shared<RouterSpeakers>(loop);
  std::vector<std::string> dominant;
  std::vector<std::vector<SpeakerLevel>> levels;
  std::vector<std::string> changes;
};

}  // namespace

TEST_CASE_FIXTURE(Room, "who leads is told on change, and nobody once its producer is muted or gone") {
  watch_dominant();
  add(1);
  add(2);
  hear({report(1, -20)});
  CHECK(dominant == std::vector<std::string>{"p1"});
  for (int i = 0; i < 10; ++i) hear({report(1, -20)});
  CHECK(dominant.size() == 1);
  for (int i = 0; i < 5; ++i) hear({report(1, -127, {}), report(2, -30)});
  CHECK(dominant == std::vector<std::string>{"p1", "p2"});

  SUBCASE("muted") { speakers->mute(id(2)); }
  SUBCASE("gone") { speakers->remove(id(2)); }
  CHECK(dominant.size() == 2);  // not inside of the plugin's own call
  loop.run_ready();
  CHECK(dominant == std::vector<std::string>{"p1", "p2", ""});
}

TEST_CASE_FIXTURE(Room, "reports of microphones that are not there are ignored") {
  watch_dominant();
  watch_levels(100ms);
  hear({report(7, -20)});
  speakers->mute(id(7));
  speakers->remove(id(7));
  loop.run_ready();
  CHECK(dominant.empty());
  CHECK(levels.empty());
}

TEST_CASE_FIXTURE(Room, "levels are told at their interval: the loudest since, of who is heard, and the end once") {
  watch_levels(300ms);
  for (const int who : {1, 2, 3}) add(who);
  hear({report(1, -40)});
  REQUIRE(levels.size() == 1);
  REQUIRE(levels[0].size() == 1);
  CHECK(levels[0][0] == SpeakerLevel{.producer_id = "p1", .minus_dbov = 40, .voice = true});

  hear({report(1, -50), report(2, -45)});
  hear({report(1, -30)});
  CHECK(levels.size() == 1);
  hear({report(1, -60)});
  REQUIRE(levels.size() == 2);
  REQUIRE(levels[1].size() == 2);
  CHECK(levels[1][0].minus_dbov == 30);
  CHECK(levels[1][1].minus_dbov == 45);

  hear({report(1, -127, {}), report(2, -127, {})});
  REQUIRE(levels.size() == 3);
  CHECK(levels[2].empty());
  for (int i = 0; i < 10; ++i) hear({report(1, -127, {})});
  CHECK(levels.size() == 3);
}

TEST_CASE_FIXTURE(Room, "a pause in which nobody is heard lets the levels fall, once") {
  watch_levels(100ms);
  add(1);
  hear({report(1, -40)});
  for (int i = 0; i < 5; ++i) hear({report(1, -127, {.immediate = 0, .medium = 0, .long_term = 4})});
  CHECK(levels.size() == 2);
  CHECK(levels.back().empty());
  hear({report(1, -40)});
  CHECK(levels.size() == 3);
}

TEST_CASE_FIXTURE(Room, "intervals are kept in bounds") {
  add(1);
  SUBCASE("too short") {
    watch_levels(1ms);
    for (int i = 0; i < 10; ++i) hear({report(1, -40)});
    CHECK(levels.size() == 10);
  }
  SUBCASE("too long") {
    watch_levels(1h);
    for (int i = 0; i < 250; ++i) hear({report(1, -40)});
    CHECK(levels.size() == 3);
  }
}

TEST_CASE_FIXTURE(Room, "who is not among the loudest is told, and who comes back") {
  for (const int who : {1, 2, 3}) add(who);
  watch_loudest(2);
  CHECK(changes == std::vector<std::string>{"-p3"});
  hear({report(3, -20, {.immediate = 13, .medium = 1, .long_term = 0})});
  CHECK(changes == std::vector<std::string>{"-p3", "-p2", "+p3"});
  changes.clear();

  SUBCASE("one who leaves makes room") {
    speakers->remove(id(1));
    CHECK(changes.empty());
    loop.run_ready();
    CHECK(changes == std::vector<std::string>{"+p2"});
  }
  SUBCASE("one who comes waits") {
    add(4);
    loop.run_ready();
    CHECK(changes == std::vector<std::string>{"-p4"});
  }
  SUBCASE("without a limit all are loud again") {
    watch_loudest(0);
    CHECK(changes == std::vector<std::string>{"+p2"});
    add(4);
    hear({report(4, -20)});
    CHECK(changes.size() == 1);
  }
}

TEST_CASE_FIXTURE(Room, "callbacks may put another callback in their place, take themselves out, and drop the router") {
  add(1);
  add(2);
  SUBCASE("another one") {
    speakers->on_dominant([this](const SpeakerLevel&) { watch_dominant(); });
    hear({report(1, -20)});
    CHECK(dominant.empty());
    for (int i = 0; i < 5; ++i) hear({report(1, -127, {}), report(2, -20)});
    CHECK(dominant == std::vector<std::string>{"p2"});
  }
  SUBCASE("none") {
    int calls = 0;
    speakers->on_dominant([&](const SpeakerLevel&) {
      ++calls;
      speakers->forget_callbacks();
    });
    hear({report(1, -20)});
    for (int i = 0; i < 5; ++i) hear({report(1, -127, {}), report(2, -20)});
    CHECK(calls == 1);
  }
  SUBCASE("the router goes") {
    watch_levels(100ms);
    speakers->on_dominant([&](const SpeakerLevel&) {
      speakers->forget_callbacks();
      speakers.reset();
    });
    hear({report(1, -20)});
    CHECK(speakers == nullptr);
    CHECK(levels.empty());
    loop.run_ready();
  }
}

}  // namespace sluice::test
