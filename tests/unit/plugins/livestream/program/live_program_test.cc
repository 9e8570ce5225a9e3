#include "program/live_program.h"

#include <doctest/doctest.h>

#include <set>

#include "simulated_room.h"

namespace sluice::livestream {
namespace {

using namespace testing;

constexpr int kBright = 200;
constexpr int kAbout = 12;

bool is_about(int a, int b) { return std::abs(a - b) <= kAbout; }

/// Moments whose picture is about so bright in the middle.
std::size_t count_bright(const std::vector<ProgramMoment>& moments, int luma) {
  return static_cast<std::size_t>(std::ranges::count_if(
      moments, [luma](const ProgramMoment& moment) { return is_about(brightness(moment.picture), luma); }));
}

void check_steady(const SimulatedRoom& room) {
  const auto frames = static_cast<std::size_t>(room.order.frames_per_second);
  const auto seconds = static_cast<std::size_t>(room.now / MediaTime{1s});
  REQUIRE(room.moments.size() == frames * seconds);
  MediaTime sound{};
  std::size_t samples = 0;
  for (std::size_t i = 0; i < room.moments.size(); ++i) {
    const ProgramMoment& moment = room.moments[i];
    CHECK(moment.at == MediaTime{1s} * static_cast<std::int64_t>(i) / static_cast<std::int64_t>(frames));
    CHECK(moment.picture.pts == moment.at);
    CHECK(std::abs((moment.sound.pts - moment.at).count()) <= 21);  // a sample's length
    sound += MediaTime{1};
    samples += moment.sound.frames();
  }
  CHECK(samples == 48'000 * seconds);
}

}  // namespace

TEST_CASE("with nobody there is the title at the full rate, and silence") {
  SimulatedRoom room;
  room.run(2s);
  check_steady(room);
  CHECK(std::ranges::all_of(room.moments, [](const auto& moment) { return loudness(moment.sound) == 0; }));
  const media::VideoFrame slate = make_compositor(room.order).compose();
  CHECK(brightness(room.moments.back().picture) == brightness(slate));
  CHECK(room.moments.back().state.sources == 0);
}

TEST_CASE("those who publish nothing are not shown: the title stays") {
  SimulatedRoom room;
  room.run(1s);
  room.come("a");
  room.run(1s);
  const auto& picture = room.moments.back().picture;
  CHECK(picture.get() == room.moments.front().picture.get());
}

TEST_CASE("a camera and a microphone are in the program a delay after they came") {
  SimulatedRoom room;
  room.come("a");
  auto& microphone = room.publish("a", std::make_unique<Microphone>(2));
  microphone.level = tone;
  room.publish("a", std::make_unique<Camera>(1));
  room.run(2s);
  check_steady(room);
  // 20 ms on the way, 200 ms of delay; then each tick has it.
  CHECK(count_bright(room.moments, kBright) >= 43);
  CHECK(loudness(room.moments.back().sound) > 0.3F);
  CHECK(room.moments.back().state.sources == 1);
}

TEST_CASE("the rate is steady whatever the senders do") {
  SimulatedRoom room;
  room.come("a");
  auto& camera = room.publish("a", std::make_unique<Camera>(1));
  auto& microphone = room.publish("a", std::make_unique<Microphone>(2));
  microphone.level = tone;
  camera.first_timestamp = 0xffff'0000;  // wraps after 0.7 seconds
  microphone.first_timestamp = 0xffff'0000;
  room.run(3s);
  camera.sends = microphone.sends = false;  // stalls
  room.run(2s);
  camera.sends = microphone.sends = true;
  room.run(1s);
  camera.timestamp_step = -1'000'000'000;  // begins anew
  microphone.timestamp_step = 1'000'000'000;
  camera.key_frame_wanted = true;
  room.run(3s);
  room.end(1);
  room.run(1s);
  check_steady(room);
  const std::span all{room.moments};
  const auto bright_at = [&](std::size_t second) { return is_about(brightness(all[second * 25].picture), kBright); };
  CHECK(bright_at(1));
  CHECK(bright_at(4));  // a stall that is short leaves the last picture
  CHECK(bright_at(8));
  CHECK_FALSE(bright_at(9));
  CHECK(loudness(all[2 * 25].sound) > 0.3F);
  CHECK(loudness(all[4 * 25].sound) == 0);
  CHECK(loudness(all[8 * 25].sound) > 0.3F);
  CHECK(loudness(all[9 * 25].sound) > 0.3F);
}

TEST_CASE("timestamps that lead elsewhere do not freeze a picture") {
  SimulatedRoom room;
  room.come("a");
  auto& camera = room.publish("a", std::make_unique<Camera>(1));
  camera.luma = [](MediaTime at) { return at < 3s ? 60 : 220; };
  room.run(2s);
  SUBCASE("ahead") { camera.timestamp_step = 90'000 * 3'600; }
  SUBCASE("behind") { camera.timestamp_step = -90'000 * 3'600; }
  SUBCASE("ahead by little") { camera.timestamp_step = 90'000 * 5 / 2; }
  room.run(2500ms);
  CHECK(is_about(brightness(room.moments.back().picture), 220));
}

TEST_CASE("the clock decides how many pictures there are, not who calls") {
  SimulatedRoom room;
  auto& program = room.program;
  SUBCASE("a tick that is a little late is made up for") {
    std::size_t made = 0;
    while (program.tick(kBegin + 150ms)) ++made;
    CHECK(made == 4);
    CHECK(program.next_tick() == kBegin + 160ms);
  }
  SUBCASE("of ticks that are too late the newest is made, with the sound of all") {
    (void)program.tick(kBegin);
    const auto moment = program.tick(kBegin + 1'010ms);
    REQUIRE(moment);
    CHECK(moment->at == 1s);
    CHECK(moment->sound.frames() == 25 * 1'920);
    CHECK(moment->state.dropped_frames == 24);
    CHECK(!program.tick(kBegin + 1'030ms));
  }
  SUBCASE("a process that stood still makes up for its sound in pieces") {
    std::size_t samples = 0;
    while (auto moment = program.tick(kBegin + 60s)) {
      CHECK(moment->sound.frames() <= 48'000 * 5 + 1'920);
      samples += moment->sound.frames();
    }
    CHECK(samples == 48'000 * 60 + 1'920);
  }
}

TEST_CASE("what is paused, has ended or has been silent for long is a tile with a name; a screen stays") {
  SimulatedRoom room;
  room.come("a");
  auto camera = std::make_unique<Camera>(1);
  bool screen = false;
  SUBCASE("paused") {
    room.publish("a", std::move(camera));
    room.run(1s);
    CHECK(is_about(brightness(room.moments.back().picture), kBright));
    room.tell(FeedTrackState{.track = 1, .paused = true});
    room.run(200ms);
  }
  SUBCASE("its participant has left") {
    room.publish("a", std::move(camera));
    room.run(1s);
    room.tell(FeedParticipant{.id = "a", .name = "Anna", .present = false});
    room.run(200ms);
  }
  SUBCASE("a camera is silent") {
    room.publish("a", std::move(camera)).sends = true;
    room.run(1s);
    room.senders.clear();
    room.run(4s);
    CHECK(is_about(brightness(room.moments.back().picture), kBright));
    room.run(2s);
  }
  SUBCASE("a screen is silent") {
    screen = true;
    camera->source = TrackSource::screen;
    room.publish("a", std::move(camera));
    room.run(1s);
    room.senders.clear();
    room.run(10s);
  }
  CHECK(is_about(brightness(room.moments.back().picture), kBright) == screen);
  CHECK(room.moments.back().state.sources == (screen ? 1 : 0));
}

TEST_CASE("what was paused is seen again from its next key frame on") {
  SimulatedRoom room;
  room.come("a");
  room.publish("a", std::make_unique<Camera>(1));
  room.run(1s);
  room.tell(FeedTrackState{.track = 1, .paused = true});
  room.senders.front()->sends = false;
  room.run(1s);
  room.tell(FeedTrackState{.track = 1, .paused = false});
  CHECK_FALSE(is_about(brightness(room.moments.back().picture), kBright));
  room.senders.front()->sends = true;
  dynamic_cast<Camera&>(*room.senders.front()).key_frame_wanted = true;
  room.run(1s);
  CHECK(is_about(brightness(room.moments.back().picture), kBright));
}

TEST_CASE("the layout can be changed") {
  SimulatedRoom room;
  for (const auto& [participant, luma] : {std::pair{"a", 60}, std::pair{"b", 220}}) {
    room.come(participant);
    auto& camera = room.publish(participant, std::make_unique<Camera>(room.senders.empty() ? 1 : 2));
    camera.luma = [luma = luma](MediaTime) { return luma; };
  }
  room.tell(FeedSpeaker{.participant_id = "b"});
  room.run(1s);
  CHECK_FALSE(is_about(brightness(room.moments.back().picture), 220));  // the gap between the two
  room.program.set_layout(Layout::speaker);
  room.run(200ms);
  const auto& picture = room.moments.back().picture;
  const auto plane = picture.plane(0);
  CHECK(is_about(plane.data[plane.size.height / 2 * plane.stride + plane.size.width / 3], 220));
}

TEST_CASE("a picture's sender is asked for a key frame after a loss, at most twice a second") {
  SimulatedRoom room;
  room.grants_wishes = false;
  room.come("a");
  auto& camera = room.publish("a", std::make_unique<Camera>(1));
  room.run(1s);
  CHECK(room.wishes.empty());
  camera.lose_next();
  room.run(3s);
  REQUIRE(room.wishes.size() >= 2);
  CHECK(room.wishes.size() <= 6);
  for (std::size_t i = 1; i < room.wishes.size(); ++i) {
    CHECK(room.wishes[i].at - room.wishes[i - 1].at >= 500ms);
  }
  CHECK(room.moments.back().state.lost_packets == 1);
  camera.key_frame_wanted = true;
  room.run(1s);
  room.wishes.clear();
  room.run(2s);
  CHECK(room.wishes.empty());
}

TEST_CASE("pictures that nobody sees are not decoded, and are there when they are seen") {
  SimulatedRoom room;
  room.program.set_layout(Layout::speaker);
  constexpr int kCameras = 9;  // one large, five in the strip
  for (TrackNumber i = 1; i <= kCameras; ++i) {
    room.come(std::to_string(100 + i));
    auto& camera = room.publish(std::to_string(100 + i), std::make_unique<Camera>(i));
    camera.luma = [i](MediaTime) { return i == kCameras ? 220 : 60; };
  }
  room.run(1s);
  room.tell(FeedSpeaker{.participant_id = std::to_string(100 + kCameras)});
  room.run(200ms);
  const auto plane = room.moments.back().picture.plane(0);
  CHECK(is_about(plane.data[plane.size.height / 2 * plane.stride + plane.size.width / 3], 220));
}

}  // namespace sluice::livestream
