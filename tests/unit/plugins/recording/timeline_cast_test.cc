#include "plugins/recording/timeline_cast.h"

#include <doctest/doctest.h>

using namespace std::chrono_literals;
using namespace sluice::recording;
using sluice::TrackSource;
using sluice::media::LayoutKind;
using sluice::media::SceneSource;

namespace {

constexpr std::int64_t kSecond = 1'000'000;

TrackBegan picture(std::string track, std::string participant, std::int64_t at_us, TrackSource source) {
  TrackBegan began;
  began.at_us = at_us;
  began.track = std::move(track);
  began.participant = std::move(participant);
  began.kind = sluice::MediaKind::video;
  began.source = source;
  began.clock_rate = 90'000;
  return began;
}

Session meeting() {
  return read_session(std::vector<JournalEntry>{
      SessionBegan{}, ParticipantCame{0, "anna", "Anna"}, ParticipantCame{0, "ben", "Ben"},
      picture("a-cam", "anna", 0, TrackSource::webcam), picture("b-cam", "ben", 0, TrackSource::webcam),
      SpeakerLed{1 * kSecond, "ben"}, TrackPaused{2 * kSecond, "b-cam", true},
      picture("a-screen", "anna", 3 * kSecond, TrackSource::screen), LayoutChanged{3 * kSecond, Layout::speaker},
      TrackPaused{4 * kSecond, "b-cam", false}, TrackEnd{5 * kSecond, "a-screen"}, ParticipantWent{6 * kSecond, "anna"},
      ParticipantCame{8 * kSecond, "anna", "Anna M"}});
}

}  // namespace

TEST_CASE("a scene has everybody who is there, in the order of coming") {
  const Session session = meeting();
  Cast cast{session, Settings{}};
  const std::vector<bool> cameras{true, true, false};
  const std::vector<bool> all{true, true, true};

  CHECK(cast.advance(0s));
  CHECK(!cast.advance(500ms));
  const std::vector<SceneSource> both{{.id = "a-cam", .label = "Anna"}, {.id = "b-cam", .label = "Ben"}};
  CHECK(cast.scene(cameras) == both);

  SUBCASE("a camera that has no picture yet is a tile with the name") {
    const std::vector<SceneSource> tiles{{.id = "a-cam", .label = "Anna"},
                                         {.id = "ben", .label = "Ben", .has_video = false}};
    CHECK(cast.scene({true, false, false}) == tiles);
  }
  SUBCASE("who leads is marked, and a paused camera is a tile with the name") {
    CHECK(cast.advance(2s));
    const std::vector<SceneSource> paused{{.id = "a-cam", .label = "Anna"},
                                          {.id = "ben", .label = "Ben", .has_video = false, .speaking = true}};
    CHECK(cast.scene(cameras) == paused);
  }
  SUBCASE("a screen stands behind its owner's camera, and goes when it ends") {
    cast.advance(4s);
    CHECK(cast.layout() == LayoutKind::speaker);
    const std::vector<SceneSource> shared{{.id = "a-cam", .label = "Anna"},
                                          {.id = "a-screen", .label = "Anna", .screen = true},
                                          {.id = "b-cam", .label = "Ben", .speaking = true}};
    CHECK(cast.scene(all) == shared);
    cast.advance(5s);
    CHECK(cast.scene(all).size() == 2);
  }
  SUBCASE("who left is gone, with tracks whose end nobody told; who returns has the new name") {
    cast.advance(6s);
    CHECK(cast.scene(all) == std::vector<SceneSource>{{.id = "b-cam", .label = "Ben", .speaking = true}});
    cast.advance(8s);
    REQUIRE(cast.scene(all).size() == 2);
    CHECK(cast.scene(all)[1].label == "Anna M");
  }
}

TEST_CASE("cameras and screens are shown as the settings want it") {
  const Session session = meeting();
  const std::vector<bool> all(session.tracks.size(), true);
  SUBCASE("without cameras everybody is a name") {
    Settings settings;
    settings.video = false;
    Cast cast{session, settings};
    cast.advance(3s);
    const auto scene = cast.scene(all);
    REQUIRE(scene.size() == 3);
    CHECK(!scene[0].has_video);
    CHECK(scene[1].screen);
  }
  SUBCASE("without screens there are none") {
    Settings settings;
    settings.screen_share = false;
    Cast cast{session, settings};
    cast.advance(3s);
    CHECK(cast.scene(all).size() == 2);
    CHECK(!cast.is_on(2));
  }
}

TEST_CASE("who sends is there, though nobody told of the coming") {
  const Session session =
      read_session(std::vector<JournalEntry>{SessionBegan{}, picture("a-cam", "anna", 0, TrackSource::webcam)});
  Cast cast{session, Settings{}};
  cast.advance(0s);
  CHECK(cast.scene({true}) == std::vector<SceneSource>{{.id = "a-cam", .label = ""}});
}
