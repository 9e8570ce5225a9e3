#include <doctest/doctest.h>

#include <random>

#include "simulated_room.h"

namespace sluice::livestream {
namespace {

using namespace testing;

/// Each second a flash of 40 ms, and a tone as long.
int flash(MediaTime at) { return at % 1s < 40ms ? 235 : 40; }
float beep(double seconds) { return std::fmod(seconds, 1.0) < 0.04 ? tone(seconds) : 0.0F; }

struct Seen {
  std::vector<MediaTime> flashes;
  std::vector<MediaTime> beeps;
};

/// When each begins, on the program's time line.
Seen look_and_listen(const std::vector<ProgramMoment>& moments) {
  Seen seen;
  bool bright = false;
  std::optional<MediaTime> loud;
  for (const ProgramMoment& moment : moments) {
    const bool is_bright = brightness(moment.picture) > 150;
    if (is_bright && !std::exchange(bright, is_bright)) seen.flashes.push_back(moment.at);
    bright = is_bright;
    for (std::size_t i = 0; i < moment.sound.frames(); ++i) {
      if (std::abs(moment.sound.samples[i * 2]) < 0.1F) continue;
      const MediaTime at = moment.sound.pts + media::testing::time_of_sample(static_cast<std::int64_t>(i));
      if (!loud || at - *loud > 500ms) seen.beeps.push_back(at);
      loud = at;
    }
  }
  return seen;
}

/// How far apart the last flash and its tone are.
MediaTime apart(const Seen& seen) {
  REQUIRE(!seen.flashes.empty());
  MediaTime least = 1h;
  for (const MediaTime at : seen.beeps) least = std::min(least, std::chrono::abs(at - seen.flashes.back()));
  return least;
}

struct Scenario {
  MediaTime picture_way;
  MediaTime sound_way;
  MediaTime jitter{};
  std::uint32_t first_timestamp = 0;
};

Seen play(const Scenario& scenario, MediaTime length = 8s) {
  ProgramOrder order = small_order();
  order.frames_per_second = 100;  // so that a tick is short
  SimulatedRoom room{order};
  room.come("a");
  auto& camera = room.publish("a", std::make_unique<Camera>(1));
  auto& microphone = room.publish("a", std::make_unique<Microphone>(2));
  std::mt19937 random{1};
  const auto way = [&random, &scenario](MediaTime least) {
    return [&random, &scenario, least](MediaTime) {
      return least + MediaTime{static_cast<std::int64_t>(random() % (scenario.jitter.count() + 1))};
    };
  };
  camera.way = way(scenario.picture_way);
  microphone.way = way(scenario.sound_way);
  camera.first_timestamp = scenario.first_timestamp;
  microphone.first_timestamp = scenario.first_timestamp / 2;
  camera.luma = flash;
  microphone.level = beep;
  camera.reports_from = microphone.reports_from = 1s;
  room.run(length);
  return look_and_listen(room.moments);
}

}  // namespace

TEST_CASE("picture and sound of one sender are in step, however long their ways are") {
  Scenario scenario{.picture_way = 20ms, .sound_way = 20ms};
  SUBCASE("the same") {}
  SUBCASE("the picture's is longer") { scenario.picture_way = 110ms; }
  SUBCASE("the sound's is longer") { scenario.sound_way = 110ms; }
  SUBCASE("they vary") { scenario.jitter = 60ms; }
  SUBCASE("timestamps wrap") { scenario.first_timestamp = 0xffff'0000; }
  SUBCASE("the sound comes later than the program waits") { scenario.sound_way = 500ms; }
  SUBCASE("the picture comes later than the program waits") { scenario.picture_way = 500ms; }
  const Seen seen = play(scenario);
  CHECK(seen.flashes.size() >= 6);
  CHECK(seen.beeps.size() >= 6);
  CHECK(apart(seen) <= 20ms);
}

TEST_CASE("a way that becomes longer for good costs a moment of sound, not all of it") {
  ProgramOrder order = small_order();
  SimulatedRoom room{order};
  room.come("a");
  auto& microphone = room.publish("a", std::make_unique<Microphone>(1));
  microphone.level = tone;
  microphone.way = [](MediaTime at) { return at < 3s ? 20ms : 420ms; };
  room.run(8s);
  std::size_t silent = 0;
  for (std::size_t i = 25; i < room.moments.size(); ++i) silent += loudness(room.moments[i].sound) < 0.2F ? 1 : 0;
  CHECK(silent <= 25);  // of 175
  CHECK(loudness(room.moments.back().sound) > 0.3F);
}

TEST_CASE("a packet of sound that is lost is filled in") {
  SimulatedRoom room;
  room.come("a");
  auto& microphone = room.publish("a", std::make_unique<Microphone>(1));
  microphone.level = tone;
  room.run(1s);
  microphone.lose_next();
  room.run(1s);
  for (std::size_t i = 15; i < room.moments.size(); ++i) CHECK(loudness(room.moments[i].sound) > 0.1F);
  CHECK(room.moments.back().state.lost_packets == 1);
}

}  // namespace sluice::livestream
