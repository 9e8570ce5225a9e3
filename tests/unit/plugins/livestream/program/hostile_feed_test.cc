#include <doctest/doctest.h>

#include <limits>
#include <random>

#include "simulated_room.h"

namespace sluice::livestream {
namespace {

using namespace testing;

std::vector<std::uint8_t> noise(std::mt19937& random, std::size_t most) {
  std::vector<std::uint8_t> bytes(random() % most);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random());
  return bytes;
}

}  // namespace

TEST_CASE("records that cannot be read are left out") {
  SimulatedRoom room;
  std::mt19937 random{7};
  for (int i = 0; i < 500; ++i) {
    const auto record = noise(random, 2'000);
    room.program.take(record, kBegin + room.now);
    if (i % 50 == 0) room.run(40ms);
  }
  room.run(1s);
  CHECK(room.moments.size() == static_cast<std::size_t>(room.now / 40ms));
}

TEST_CASE("packets of tracks that nobody has told of, and of noise, are left out") {
  SimulatedRoom room;
  room.come("a");
  room.publish("a", std::make_unique<Camera>(1));
  room.publish("a", std::make_unique<Microphone>(2));
  std::mt19937 random{8};
  for (int i = 0; i < 2'000; ++i) {
    auto rtp = noise(random, 200);
    if (rtp.size() > 12 && i % 2 == 0) {
      rtp[0] = 0x80;
      rtp[1] = 96;
    }
    const Instant arrival = i % 3 == 0 ? Instant::max() : i % 3 == 1 ? Instant::min() : kBegin + room.now;
    room.tell(
        FeedPacket{.track = static_cast<TrackNumber>(i % 4),
                   .arrival = arrival,
                   .clock = TappedClock{.ntp = random(), .rtp = RtpTimestamp{static_cast<std::uint32_t>(random())}},
                   .rtp = rtp});
    if (i % 100 == 0) room.run(40ms);
  }
  room.run(1s);
  CHECK(room.moments.size() == static_cast<std::size_t>(room.now / 40ms));
}

TEST_CASE("tracks that make no sense are not heard or seen") {
  FeedTrack track = Camera{1}.announcement("a");
  CHECK(plan_track(track));
  SUBCASE("no number") { track.track = -1; }
  SUBCASE("no codec") { track.mime_type = "video/H265"; }
  SUBCASE("another kind") { track.mime_type = "audio/opus"; }
  SUBCASE("no clock") { track.clock_rate = 0; }
  SUBCASE("a clock of a billion") { track.clock_rate = 1'000'000'000; }
  SUBCASE("no payload type") { track.payload_type = 128; }
  CHECK(!plan_track(track));
  SimulatedRoom room;
  room.tell(track);
  room.run(200ms);
  CHECK(room.moments.size() == 5);
}

TEST_CASE("a thousand tracks are bounded, and the program goes on") {
  SimulatedRoom room;
  for (TrackNumber i = 0; i < 1'000; ++i) {
    const std::string participant = "p" + std::to_string(i % 300);
    FeedTrack track = i % 2 == 0 ? Camera{i}.announcement(participant) : Microphone{i}.announcement(participant);
    room.tell(track);
    room.tell(FeedTrackState{.track = i, .paused = i % 5 == 0});
  }
  Cast cast;
  std::size_t taken = 0;
  for (TrackNumber i = 0; i < 1'000; ++i) taken += cast.apply(Camera{i}.announcement("a"), i) ? 1 : 0;
  CHECK(taken == Cast::kMaxTracks);
  room.run(400ms);
  CHECK(room.moments.size() == 10);
  for (TrackNumber i = 0; i < 1'000; ++i) room.tell(FeedTrackEnd{.track = i});
  room.run(400ms);
  CHECK(room.moments.back().picture.get() != nullptr);
  CHECK(room.moments.size() == 20);
}

TEST_CASE("a track that is told of again begins anew") {
  SimulatedRoom room;
  room.come("a");
  room.publish("a", std::make_unique<Camera>(1));
  room.run(1s);
  room.senders.clear();
  auto& camera = room.publish("a", std::make_unique<Camera>(1, media::Codec::h264));
  camera.luma = [](MediaTime) { return 80; };
  room.run(2s);
  CHECK(std::abs(brightness(room.moments.back().picture) - 80) <= 12);
}

}  // namespace sluice::livestream
