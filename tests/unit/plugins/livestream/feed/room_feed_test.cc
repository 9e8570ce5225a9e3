#include "feed/room_feed.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <utility>

#include "feed/feed_thread.h"
#include "feed_hearing.h"
#include "sluice/testing/fake_media_taps.h"
#include "sluice/testing/fake_rooms.h"

namespace sluice::livestream {
namespace {

using namespace std::chrono_literals;
using testing::FakeHost;
using testing::FakeJobRecords;
using testing::FakeMediaTaps;
using testing::FakeParticipant;
using testing::FakeRoom;
using testing::FakeRooms;
using testing::FeedHearing;
using Write = JobRecords::Write;

RoomOptions named(std::string id) {
  RoomOptions options;
  options.id = std::move(id);
  return options;
}

struct Rig {
  FakeParticipant& join(const std::string& name, Role role = Role::attendee) {
    return room.join(host.connect({.user_id = name, .name = name}), role);
  }
  void begin() { feed = begin_feed(host, media, *thread, room, records); }
  // What the job hears once changes have been gathered.
  std::string hear() {
    host.advance(RoomFeed::kTick);
    return hear_at_once();
  }
  std::string hear_at_once() {
    thread->turn();
    std::string text;
    for (const std::string& line : hearing.read(*records)) text += (text.empty() ? "" : "; ") + line;
    return text;
  }
  testing::FakeTap& tap(const PublishedTrack& track) {
    auto* found = media.tap_of(track.producer_id);
    REQUIRE(found != nullptr);
    return *found;
  }

  FakeHost host{"livestream"};
  FakeRooms rooms{host};
  FakeMediaTaps media{host};
  FakeRoom& room = rooms.open(named("lobby"));
  std::shared_ptr<FakeJobRecords> records = std::make_shared<FakeJobRecords>();
  FeedHearing hearing;
  FeedThreadPtr thread = make_feed_thread(FeedThreadRuns::on_the_caller);
  std::unique_ptr<Feed> feed;
};

TEST_CASE("a feed begins with the scene as it is, at once") {
  Rig rig;
  auto& anna = rig.join("Anna");
  rig.join("Ben");
  auto& camera = rig.media.publish_camera(rig.room, anna);
  rig.media.publish_microphone(rig.room, anna);
  rig.media.set_paused(camera.producer_id, true);
  rig.media.set_dominant_speaker(rig.room, &anna);
  rig.begin();
  CHECK(rig.hear_at_once() ==
        "Anna is there; Ben is there; track 1 of Anna begins; track 2 of Anna begins; track 2 pauses; Anna speaks");
  CHECK(rig.hear().empty());
  CHECK(rig.feed->figures().tracks == 2);
  CHECK(rig.feed->figures().bytes > 0);
}

TEST_CASE("a track is told as its tap has it") {
  Rig rig;
  auto& anna = rig.join("Anna");
  auto& screen = rig.media.publish_screen(rig.room, anna);
  auto& voice = rig.media.publish_microphone(rig.room, anna);
  rig.begin();
  rig.hear();
  const FeedTrack video = rig.hearing.tracks.at(1);
  CHECK(video.participant_id == anna.id());
  CHECK(video.source == TrackSource::screen);
  CHECK(video.video);
  CHECK(video.mime_type == "video/VP8");
  CHECK(video.clock_rate == 90'000);
  CHECK(video.payload_type == 100);
  CHECK(video.orientation_id == int{FakeMediaTaps::kOrientationId});
  const FeedTrack audio = rig.hearing.tracks.at(2);
  CHECK(audio.source == TrackSource::mic);
  CHECK_FALSE(audio.video);
  CHECK(audio.mime_type == "audio/opus");
  CHECK(audio.clock_rate == 48'000);
  CHECK_FALSE(audio.orientation_id);
  CHECK(rig.tap(screen).options.queue_bytes == RoomFeed::kVideoQueueBytes);
  CHECK(rig.tap(voice).options.queue_bytes == RoomFeed::kAudioQueueBytes);
  CHECK_FALSE(rig.tap(screen).options.preferred_layers);
}

TEST_CASE("the job hears what changes in the room") {
  Rig rig;
  rig.begin();
  CHECK(rig.hear().empty());

  auto& anna = rig.join("Anna");
  auto& camera = rig.media.publish_camera(rig.room, anna);
  CHECK(rig.hear() == "Anna is there; track 1 of Anna begins");
  rig.tap(camera).enter({7, 7}, Instant{});
  rig.media.set_paused(camera.producer_id, true);
  rig.media.set_dominant_speaker(rig.room, &anna);
  CHECK(rig.hear() == "track 1 pauses; Anna speaks; 1: 7");
  rig.media.set_paused(camera.producer_id, false);
  rig.media.set_dominant_speaker(rig.room, nullptr);
  CHECK(rig.hear() == "track 1 goes on; nobody speaks");

  rig.tap(camera).enter({8, 8}, Instant{});
  rig.media.end(camera.producer_id);
  CHECK(rig.hear() == "1: 8; track 1 ends");
  CHECK(rig.media.taps.empty());
  rig.room.leave(anna);
  CHECK(rig.hear() == "Anna has left");
}

TEST_CASE("somebody who leaves with open tracks ends them first") {
  Rig rig;
  auto& anna = rig.join("Anna");
  auto& camera = rig.media.publish_camera(rig.room, anna);
  rig.begin();
  rig.hear();
  rig.media.end(camera.producer_id);
  rig.room.leave(anna);
  CHECK(rig.hear() == "track 1 ends; Anna has left");
}

TEST_CASE("another name is told") {
  Rig rig;
  auto& anna = rig.join("Anna");
  rig.begin();
  rig.hear();
  rig.room.leave(anna);
  rig.room.join(rig.host.connect({.user_id = "Anna", .name = "Anna B."}));
  CHECK(rig.hear() == "Anna B. is there");
}

TEST_CASE("who only looks on is not there until it sends, or may") {
  Rig rig;
  auto& viewer = rig.join("Viewer", Role::viewer);
  auto& other = rig.join("Other", Role::viewer);
  rig.begin();
  CHECK(rig.hear().empty());
  rig.media.set_dominant_speaker(rig.room, &viewer);
  CHECK(rig.hear().empty());
  rig.media.publish_microphone(rig.room, viewer);
  CHECK(rig.hear() == "Viewer is there; track 1 of Viewer begins; Viewer speaks");
  other.set_role(Role::attendee);
  rig.host.bus().publish(ParticipantUpdated{other});
  CHECK(rig.hear() == "Other is there");
}

TEST_CASE("changes of another room are none of it") {
  Rig rig;
  FakeRoom& other = rig.rooms.open(named("other"));
  rig.begin();
  auto& anna = other.join(rig.host.connect({.user_id = "Anna"}));
  auto& camera = rig.media.publish_camera(other, anna);
  CHECK(rig.hear().empty());
  CHECK(rig.media.asked.empty());
  rig.media.end(camera.producer_id);
}

TEST_CASE("a key frame is asked for when a track begins or goes on, and then at most twice a second") {
  Rig rig;
  auto& anna = rig.join("Anna");
  auto& camera = rig.media.publish_camera(rig.room, anna);
  auto& voice = rig.media.publish_microphone(rig.room, anna);
  rig.begin();
  const auto& asked = rig.tap(camera).key_frame_requests;
  CHECK(asked == 1);
  CHECK(rig.tap(voice).key_frame_requests == 0);

  for (int i = 0; i < 10; ++i) rig.feed->request_key_frame(1);
  rig.host.advance(450ms);
  CHECK(asked == 1);
  rig.host.advance(50ms);  // asked for once what was wished for meanwhile
  CHECK(asked == 2);
  rig.host.advance(2s);
  CHECK(asked == 2);
  rig.feed->request_key_frame(1);
  CHECK(asked == 3);

  rig.host.advance(2s);
  rig.media.set_paused(camera.producer_id, true);
  rig.host.advance(2s);
  CHECK(asked == 3);
  rig.media.set_paused(camera.producer_id, false);
  rig.host.advance(RoomFeed::kTick);
  CHECK(asked == 4);

  rig.host.advance(2s);
  rig.feed->request_key_frame(2);  // sound has none
  rig.feed->request_key_frame(99);
  rig.host.advance(2s);
  CHECK(asked == 4);
  CHECK(rig.tap(voice).key_frame_requests == 0);
}

TEST_CASE("tracks over the limit are taken when others go") {
  Rig rig;
  auto& anna = rig.join("Anna");
  std::vector<std::string> cameras;
  for (std::size_t i = 0; i < RoomFeed::kMaxVideos + 2; ++i) {
    cameras.push_back(rig.media.publish_camera(rig.room, anna).producer_id);
  }
  std::vector<std::string> voices;
  for (std::size_t i = 0; i < RoomFeed::kMaxTracks; ++i) {
    voices.push_back(rig.media.publish_microphone(rig.room, anna).producer_id);
  }
  rig.begin();
  CHECK(rig.feed->figures().tracks == RoomFeed::kMaxTracks);
  const auto videos = [&] {
    return std::ranges::count(rig.media.taps, MediaKind::video, [](const auto& one) { return one.second->kind(); });
  };
  CHECK(videos() == RoomFeed::kMaxVideos);
  CHECK(rig.media.tap_of(cameras.back()) == nullptr);
  rig.hear();

  rig.media.end(cameras[3]);
  CHECK(rig.hear() == "track 4 ends; track 65 of Anna begins");
  CHECK(videos() == RoomFeed::kMaxVideos);
  CHECK(rig.media.tap_of(cameras[RoomFeed::kMaxVideos]) != nullptr);

  SUBCASE("or when others pause") {
    rig.media.set_paused(cameras[5], true);
    CHECK(rig.hear() == "track 6 pauses; track 6 ends; track 66 of Anna begins");
    CHECK(rig.media.tap_of(cameras.back()) != nullptr);
    rig.media.set_paused(cameras[5], false);  // it waits for its place now
    CHECK(rig.hear().empty());
    rig.media.end(cameras.back());
    CHECK(rig.hear() == "track 66 ends; track 67 of Anna begins");
  }
  SUBCASE("paused ones are the last to be taken") {
    rig.media.set_paused(voices.back(), true);
    auto& screen = rig.media.publish_screen(rig.room, anna);
    rig.hear();
    CHECK(rig.media.tap_of(screen.producer_id) == nullptr);
    rig.media.end(cameras[6]);
    CHECK(rig.hear() == "track 7 ends; track 66 of Anna begins");
    CHECK(rig.media.tap_of(screen.producer_id) != nullptr);  // before the camera that has waited longer
  }
}

TEST_CASE("what cannot be tapped is left out, once") {
  Rig rig;
  auto& anna = rig.join("Anna");
  rig.begin();
  rig.hear();
  SUBCASE("it is refused") {
    rig.media.full = true;
    rig.media.publish_camera(rig.room, anna);
    CHECK(rig.hear().empty());
    rig.media.full = false;
  }
  SUBCASE("its codec is unknown") {
    PublishedTrack track;
    track.mime_type = "audio/PCMU";
    rig.media.publish(rig.room, anna, track);
    CHECK(rig.hear().empty());
  }
  CHECK(rig.media.taps.empty());
  const std::size_t asked = rig.media.asked.size();
  rig.media.publish_microphone(rig.room, anna);
  CHECK(rig.hear() == "track 1 of Anna begins");
  CHECK(rig.media.asked.size() == asked + 1);
}

TEST_CASE("a job that does not read bounds what waits for it, and then hears how things are") {
  Rig rig;
  auto& anna = rig.join("Anna");
  rig.begin();
  rig.hear();
  rig.records->answer(Write::full);
  auto& camera = rig.media.publish_camera(rig.room, anna);
  CHECK(rig.hear().empty());
  for (std::size_t i = 0; i < 4 * FeedLink::kMaxOrders; ++i) {
    rig.media.set_paused(camera.producer_id, i % 2 == 0);
    rig.hear();
  }
  auto& ben = rig.join("Ben");
  auto& voice = rig.media.publish_microphone(rig.room, ben);
  CHECK(rig.hear().empty());
  CHECK(rig.media.tap_of(voice.producer_id) == nullptr);
  rig.media.set_paused(camera.producer_id, true);
  CHECK(rig.hear().empty());

  rig.records->answer(Write::done);
  std::string text = rig.hear();
  for (int i = 0; i < 3; ++i) text += "; " + rig.hear();
  CHECK(std::ranges::count(text, ';') <= static_cast<std::ptrdiff_t>(2 * FeedLink::kMaxOrders + 5));
  CHECK(text.starts_with("track 1 of Anna begins; "));
  REQUIRE(text.find("track 2 of Ben begins") != std::string::npos);
  CHECK(text.find("Ben is there") < text.find("track 2 of Ben begins"));
  CHECK(text.rfind("track 1 pauses") != std::string::npos);
  CHECK((text.rfind("track 1 goes on") == std::string::npos ||
         text.rfind("track 1 goes on") < text.rfind("track 1 pauses")));
}

TEST_CASE("a room that is closed is not looked at any more") {
  Rig rig;
  auto& anna = rig.join("Anna");
  auto& camera = rig.media.publish_camera(rig.room, anna);
  rig.begin();
  rig.hear();
  rig.media.end(camera.producer_id);
  rig.room.close("over");
  CHECK(rig.hear() == "track 1 ends");
  CHECK(rig.hear().empty());
}

TEST_CASE("a feed that goes leaves no taps, and its last words") {
  Rig rig;
  auto& anna = rig.join("Anna");
  auto& camera = rig.media.publish_camera(rig.room, anna);
  rig.begin();
  rig.hear();
  rig.tap(camera).enter({9}, Instant{});
  rig.feed.reset();
  CHECK(rig.media.taps.empty());
  CHECK(rig.hear_at_once() == "1: 9");
  CHECK(rig.thread->feeds() == 0);
  rig.media.end(camera.producer_id);
  CHECK(rig.hear().empty());
}

TEST_CASE("two streams of a room, one after the other, have each their own numbers") {
  Rig rig;
  auto& anna = rig.join("Anna");
  rig.media.publish_camera(rig.room, anna);
  rig.begin();
  CHECK(rig.hear() == "Anna is there; track 1 of Anna begins");
  rig.begin();
  CHECK(rig.hear() == "Anna is there; track 1 of Anna begins");
}

}  // namespace
}  // namespace sluice::livestream
