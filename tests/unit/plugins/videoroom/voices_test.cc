// Whose voices are heard, as a room tells plugins.

#include <doctest/doctest.h>

#include <chrono>
#include <functional>

#include "sluice/contracts/room_stats.h"
#include "tests/unit/plugins/videoroom/videoroom_fixture.h"

namespace sluice {
namespace {

using namespace std::chrono_literals;
using testing::FakeClient;

struct HeardVoice {
  std::string participant_id;
  int minus_dbov;
  bool voice;
  bool operator==(const HeardVoice&) const = default;
};

struct Heard {
  std::vector<HeardVoice> voices;
  Duration interval{};
};

/// Outlives the gateway.
struct Ears {
  std::vector<Heard> told;
  std::function<void(const VoicesHeard&)> then;
};

struct Listening : Ears, testing::VideoRoomGateway {
  Listening() {
    host.bus().on<VoicesHeard>([this](const VoicesHeard& event) {
      CHECK(event.room.id() == "lobby");
      Heard heard{.voices = {}, .interval = event.interval};
      for (const Voice& voice : event.voices) {
        heard.voices.push_back({std::string{voice.participant_id}, voice.minus_dbov, voice.voice});
      }
      told.push_back(std::move(heard));
      if (then) then(event);
    });
  }

  void levels(std::vector<SpeakerLevel> heard) {
    host.media().router().enter_audio_levels(std::move(heard));
    host.media().run();
  }
  void watch(FakeClient& client, int interval_ms) {
    REQUIRE(host.call(client, "speaker:levels", json::object{{"enabled", true}, {"intervalMs", interval_ms}}).ok());
  }

  FakeClient& anna = member("anna");
  FakeClient& ben = member("ben");
  std::string anna_id = participant_id(anna);
  std::string ben_id = participant_id(ben);
  std::string anna_mic = producer(anna);
  std::string ben_mic = producer(ben);
};

}  // namespace

TEST_CASE_FIXTURE(Listening, "once a second plugins hear whose voices there were, each participant once") {
  const std::string second_mic = producer(anna);
  levels({{.producer_id = anna_mic, .minus_dbov = 60, .voice = true},
          {.producer_id = second_mic, .minus_dbov = 30, .voice = false},
          {.producer_id = "gone", .minus_dbov = 1, .voice = true}});
  REQUIRE(told.size() == 1);
  CHECK(told[0].interval == 1s);
  CHECK(told[0].voices == std::vector<HeardVoice>{{anna_id, 30, true}});
  levels({{.producer_id = ben_mic, .minus_dbov = 50, .voice = false}});
  REQUIRE(told.size() == 2);
  CHECK(told[1].voices == std::vector<HeardVoice>{{ben_id, 50, false}});
}

TEST_CASE_FIXTURE(Listening, "a room without a voice is nothing to tell of") {
  levels({});
  levels({{.producer_id = "gone", .minus_dbov = 1, .voice = true}});
  CHECK(told.empty());
}

TEST_CASE_FIXTURE(Listening, "where clients hear of levels more often, plugins still do once a second") {
  watch(anna, 250);
  for (int i = 0; i < 3; ++i) levels({{.producer_id = ben_mic, .minus_dbov = 40}});
  CHECK(told.empty());
  levels({{.producer_id = anna_mic, .minus_dbov = 35, .voice = true}});
  REQUIRE(told.size() == 1);
  CHECK(told[0].interval == 1s);
  CHECK(told[0].voices.size() == 2);

  SUBCASE("as near as their interval allows, which is told") {
    watch(anna, 300);
    for (int i = 0; i < 3; ++i) levels({{.producer_id = ben_mic, .minus_dbov = 40}});
    REQUIRE(told.size() == 2);
    CHECK(told[1].interval == 900ms);
  }
  SUBCASE("what was heard before silence is told with it, and silence is not counted") {
    levels({{.producer_id = ben_mic, .minus_dbov = 40}});
    levels({});
    REQUIRE(told.size() == 2);
    CHECK(told[1].interval == 250ms);
    levels({});
    CHECK(told.size() == 2);
  }
}

TEST_CASE_FIXTURE(Listening, "who has left is not heard any more") {
  watch(anna, 250);
  levels({{.producer_id = ben_mic, .minus_dbov = 40}});
  host.call(ben, "room:leave");
  for (int i = 0; i < 3; ++i) levels({{.producer_id = anna_mic, .minus_dbov = 40}});
  REQUIRE(told.size() == 1);
  CHECK(told[0].voices == std::vector<HeardVoice>{{anna_id, 40, false}});
}

TEST_CASE_FIXTURE(Listening, "a plugin may close the room by it") {
  then = [](const VoicesHeard& event) { event.room.close("test"); };
  watch(anna, 1'000);
  levels({{.producer_id = ben_mic, .minus_dbov = 40}});
  CHECK(told.size() == 1);
  CHECK(rooms().find("", "lobby") == nullptr);
  CHECK(anna.got("speaker:levels"));
  CHECK(anna.got("room:closed"));
}

}  // namespace sluice
