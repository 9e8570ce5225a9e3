#include "sluice/testing/fake_media_taps.h"

#include <doctest/doctest.h>

#include "sluice/testing/fake_rooms.h"

namespace sluice::testing {

namespace {

RoomOptions lobby() {
  RoomOptions options;
  options.id = "lobby";
  return options;
}

struct Fixture {
  FakeHost host{"recording"};
  FakeRooms rooms{host};
  FakeMediaTaps media{host};
  FakeRoom& room = rooms.open(lobby());
  FakeParticipant& anna = room.join(host.connect({.user_id = "anna"}), Role::host);
};

}  // namespace

TEST_CASE("the fake's tracks are told on the bus, and are there when they are") {
  Fixture f;
  std::vector<std::string> told;
  f.host.bus().on<TrackPublished>([&](const TrackPublished& event) {
    told.push_back("published " + event.track.mime_type);
    CHECK(f.media.tracks(event.room).size() == 1);
  });
  f.host.bus().on<TrackChanged>(
      [&](const TrackChanged& event) { told.emplace_back(event.track.paused ? "paused" : "resumed"); });
  f.host.bus().on<TrackEnded>([&](const TrackEnded& event) {
    told.push_back("ended " + event.track.participant_id);
    CHECK(f.media.tracks(event.room).empty());
  });
  const std::string camera = f.media.publish_camera(f.room, f.anna).producer_id;
  f.media.set_paused(camera, true);
  f.media.set_paused(camera, true);
  f.media.set_paused(camera, false);
  f.media.end(camera);
  CHECK(told == std::vector<std::string>{"published video/VP8", "paused", "resumed", "ended " + f.anna.id()});
}

TEST_CASE("the fake's taps are found by their producer, give what the test enters, and end with it") {
  Fixture f;
  const std::string mic = f.media.publish_microphone(f.room, f.anna).producer_id;
  const auto tap = f.media.tap(f.room, {.producer_id = mic});
  CHECK(tap->rtp_parameters().codecs.front().mime_type == "audio/opus");
  bool closed = false;
  tap->on_closed([&] { closed = true; });
  f.media.tap_of(mic)->enter({1, 2, 3}, Instant{});
  f.media.end(mic);
  CHECK(closed);
  CHECK(tap->reader()->next().has_value());
  CHECK_THROWS_AS(static_cast<void>(f.media.tap(f.room, {.producer_id = mic})), Error);
}

TEST_CASE("the fake's dominant speaker is who the test says") {
  Fixture f;
  std::string told = "nothing";
  f.host.bus().on<SpeakerChanged>([&](const SpeakerChanged& event) { told = event.participant_id; });
  CHECK(f.media.dominant_speaker(f.room) == nullptr);
  f.media.set_dominant_speaker(f.room, &f.anna);
  CHECK(f.media.dominant_speaker(f.room) == &f.anna);
  CHECK(told == f.anna.id());
  f.media.set_dominant_speaker(f.room, nullptr);
  CHECK(f.media.dominant_speaker(f.room) == nullptr);
  CHECK(told.empty());
}

}  // namespace sluice::testing
