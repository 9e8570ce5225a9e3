#include "plugins/recording/capture.h"

#include <doctest/doctest.h>

#include <filesystem>

#include "packet_source.h"
#include "plugins/recording/capture_room.h"
#include "plugins/recording/capture_writer.h"
#include "session_rig.h"
#include "sluice/testing/fake_media_taps.h"
#include "sluice/testing/fake_rooms.h"
#include "temporary_folder.h"

namespace sluice::recording {
namespace {

using namespace std::chrono_literals;
using testing::FakeHost;
using testing::FakeMediaTaps;
using testing::FakeParticipant;
using testing::FakeRoom;
using testing::FakeRooms;
using testing::FakeTap;
using testing::PacketSource;
using testing::TemporaryFolder;

Settings settings(bool video, bool audio, bool screen_share) {
  Settings out;
  out.video = video;
  out.audio = audio;
  out.screen_share = screen_share;
  return out;
}

RoomOptions lobby_of(std::string tenant) {
  RoomOptions out;
  out.id = "lobby";
  out.tenant = std::move(tenant);
  return out;
}

/// A room with Anna and Ben, whose captures write when the clock is moved.
struct Studio {
  std::unique_ptr<Capture> begin(const CaptureSpec& spec, Consent consent = Consent::implied) {
    CaptureSpec chosen = spec;
    chosen.recording_id = "r1";
    chosen.folder = session;
    return begin_capture(host, media, *writer, room, chosen, consent);
  }
  std::unique_ptr<Capture> begin(Consent consent = Consent::implied) { return begin(CaptureSpec{}, consent); }
  FakeParticipant& join(const std::string& user) { return room.join(host.connect({.user_id = user, .name = user})); }
  /// The last lines are there.
  void end(Capture& capture) {
    bool done = false;
    capture.end("stopped", [&] { done = true; });
    host.advance(1s);
    CHECK(done);
  }
  template <class T>
  std::vector<T> lines() const {
    return entries<T>(journal);
  }
  /// Two seconds of a camera by this tap.
  void send_video(const std::string& producer) {
    PacketSource camera{100};
    for (std::uint32_t i = 0; i < 50; ++i) {
      FakeTap* tap = media.tap_of(producer);
      REQUIRE(tap != nullptr);
      for (auto& packet : camera.vp8(i * 3'600, i == 0)) tap->enter(std::move(packet), host.timers().now());
      host.advance(40ms);
    }
  }

  TemporaryFolder folder;
  std::string session = folder / "session";
  std::string journal = session + "/journal.jsonl";
  FakeHost host{"recording"};
  FakeRooms rooms{host};
  FakeMediaTaps media{host};
  FakeRoom& room = rooms.open(lobby_of("acme"));
  CaptureWriterPtr writer = make_capture_writer(WriterRuns::on_the_caller);
  FakeParticipant& anna = join("anna");
  FakeParticipant& ben = join("ben");
};

}  // namespace

TEST_CASE("a capture begins with who is there, what they send, and who leads") {
  Studio studio;
  studio.host.advance(10s);
  studio.media.publish_camera(studio.room, studio.anna);
  studio.media.publish_microphone(studio.room, studio.ben);
  studio.media.set_dominant_speaker(studio.room, &studio.ben);

  const auto capture = studio.begin({.meeting_id = "m1", .settings = {.layout = Layout::grid, .title = "Weekly"}});
  CHECK(studio.media.taps.size() == 2);
  const auto began = studio.lines<SessionBegan>();  // before anything else happens
  REQUIRE(began.size() == 1);
  CHECK(began[0].recording_id == "r1");
  CHECK(began[0].tenant == "acme");
  CHECK(began[0].room_id == "lobby");
  CHECK(began[0].meeting_id == "m1");
  CHECK(began[0].wall_time_ms == 1'000'000'010'000);
  CHECK(began[0].settings.title == "Weekly");

  studio.end(*capture);
  const auto came = studio.lines<ParticipantCame>();
  REQUIRE(came.size() == 2);
  CHECK(came[0].participant == studio.anna.id());
  CHECK(came[0].name == "anna");
  REQUIRE(studio.lines<SpeakerLed>().size() == 1);
  CHECK(studio.lines<SpeakerLed>()[0].participant == studio.ben.id());
  CHECK(studio.media.taps.empty());
}

TEST_CASE("what a sender sends is in a file, with the participant's id in the journal") {
  Studio studio;
  const auto capture = studio.begin();
  const auto& camera = studio.media.publish_camera(studio.room, studio.anna);
  studio.send_video(camera.producer_id);
  CHECK(capture->figures().bytes > 50 * 3'000 / 2);
  studio.end(*capture);

  const auto tracks = studio.lines<TrackBegan>();
  REQUIRE(tracks.size() == 1);
  CHECK(tracks[0].participant == studio.anna.id());
  CHECK(packets_of(studio.session + "/" + tracks[0].file).size() == 50);
  CHECK(capture->figures().tracks == 1);
  CHECK(capture->figures().bytes > 50 * 3'000);
  CHECK(capture->figures().recorded == 2s);
}

TEST_CASE("only what the settings want is tapped") {
  Studio studio;
  studio.media.publish_camera(studio.room, studio.anna);
  studio.media.publish_screen(studio.room, studio.anna);
  studio.media.publish_microphone(studio.room, studio.anna);
  PublishedTrack sound_of_screen;
  sound_of_screen.source = TrackSource::screen;
  studio.media.publish(studio.room, studio.anna, sound_of_screen);
  const auto taps = [&](const Settings& chosen) {
    studio.media.asked.clear();
    const auto capture = studio.begin({.settings = chosen});
    return studio.media.asked.size();
  };
  CHECK(taps(settings(true, true, true)) == 4);
  CHECK(taps(settings(false, true, true)) == 3);
  CHECK(taps(settings(true, true, false)) == 3);
  CHECK(taps(settings(true, false, true)) == 2);
  CHECK(taps(settings(false, false, false)) == 0);
}

TEST_CASE("which way up a camera is held is read where its tap's parameters say that it is told") {
  Studio studio;
  const auto capture = studio.begin();
  const auto& camera = studio.media.publish_camera(studio.room, studio.anna);
  auto key_frame = PacketSource{100}.vp8(0, true);
  key_frame.back() = testing::oriented(std::move(key_frame.back()), FakeMediaTaps::kOrientationId, 3);
  FakeTap* const tap = studio.media.tap_of(camera.producer_id);
  for (auto& packet : key_frame) tap->enter(std::move(packet), studio.host.timers().now());
  studio.end(*capture);
  REQUIRE(studio.lines<PictureTurned>().size() == 1);
  CHECK(studio.lines<PictureTurned>()[0].degrees == 270);
}

TEST_CASE("tracks that come, go off and on, and end are followed, those of other rooms are not") {
  Studio studio;
  FakeRoom& other = studio.rooms.open(lobby_of("other"));
  const auto capture = studio.begin();
  studio.media.publish_camera(other, studio.ben);
  CHECK(studio.media.taps.empty());
  const std::string camera = studio.media.publish_camera(studio.room, studio.anna).producer_id;
  CHECK(studio.media.taps.size() == 1);
  studio.send_video(camera);
  studio.media.set_paused(camera, true);
  studio.host.advance(1s);
  studio.media.set_paused(camera, false);
  studio.media.end(camera);
  CHECK(studio.media.taps.empty());
  studio.end(*capture);

  const auto paused = studio.lines<TrackPaused>();
  REQUIRE(paused.size() == 2);
  CHECK(paused[0].at_us == 2'000'000);
  CHECK(paused[0].paused);
  CHECK(paused[1].at_us == 3'000'000);
  REQUIRE(studio.lines<TrackEnd>().size() == 1);
  CHECK(studio.lines<TrackEnd>()[0].at_us == 3'000'000);
}

TEST_CASE("a tap that closes by itself ends its track") {
  Studio studio;
  const auto capture = studio.begin();
  const std::string camera = studio.media.publish_camera(studio.room, studio.anna).producer_id;
  studio.send_video(camera);
  studio.media.tap_of(camera)->end();
  studio.host.advance(1s);
  CHECK(studio.media.taps.empty());
  CHECK(studio.lines<TrackEnd>().size() == 1);
}

TEST_CASE("who leaves and returns has new tracks") {
  Studio studio;
  const auto capture = studio.begin();
  FakeParticipant& carl = studio.join("carl");
  studio.send_video(studio.media.publish_camera(studio.room, carl).producer_id);
  studio.room.leave(carl);
  CHECK(studio.media.taps.empty());
  FakeParticipant& again = studio.join("carl");
  studio.send_video(studio.media.publish_camera(studio.room, again).producer_id);
  studio.end(*capture);

  CHECK(studio.lines<ParticipantCame>().size() == 4);
  CHECK(studio.lines<ParticipantWent>().size() == 1);
  const auto tracks = studio.lines<TrackBegan>();
  REQUIRE(tracks.size() == 2);
  CHECK(tracks[0].track != tracks[1].track);
}

TEST_CASE("with explicit consent nobody is in the recording before it has said so") {
  Studio studio;
  studio.media.publish_camera(studio.room, studio.anna);
  studio.media.set_dominant_speaker(studio.room, &studio.anna);
  const auto capture = studio.begin(Consent::explicit_);
  studio.media.publish_microphone(studio.room, studio.anna);
  CHECK(studio.media.taps.empty());

  capture->set_taken(studio.anna.id(), true);
  capture->set_taken("nobody", true);
  CHECK(studio.media.taps.size() == 2);
  studio.media.publish_screen(studio.room, studio.anna);
  CHECK(studio.media.taps.size() == 3);

  capture->set_taken(studio.anna.id(), false);
  CHECK(studio.media.taps.empty());
  studio.media.set_dominant_speaker(studio.room, &studio.ben);
  studio.end(*capture);

  const auto came = studio.lines<ParticipantCame>();
  REQUIRE(came.size() == 1);
  CHECK(came[0].participant == studio.anna.id());
  CHECK(studio.lines<ParticipantWent>().size() == 1);
  const auto led = studio.lines<SpeakerLed>();
  REQUIRE(led.size() == 2);
  CHECK(led[0].participant == studio.anna.id());
  CHECK(led[1].participant.empty());
}

TEST_CASE("between pause and resume nothing is taken, and no time passes") {
  Studio studio;
  const auto capture = studio.begin();
  const std::string camera = studio.media.publish_camera(studio.room, studio.anna).producer_id;
  studio.send_video(camera);
  capture->pause();
  capture->pause();
  CHECK(studio.media.tap_of(camera)->paused());
  capture->note_chat("Anna", "off the record");
  studio.host.advance(5s);
  const std::string screen = studio.media.publish_screen(studio.room, studio.ben).producer_id;
  CHECK(studio.media.tap_of(screen)->paused());
  CHECK(capture->figures().recorded == 2s);
  capture->resume();
  CHECK_FALSE(studio.media.tap_of(camera)->paused());
  CHECK_FALSE(studio.media.tap_of(screen)->paused());
  studio.host.advance(1s);
  studio.end(*capture);

  REQUIRE(studio.lines<SessionPaused>().size() == 1);
  CHECK(studio.lines<SessionPaused>()[0].at_us == 2'000'000);
  CHECK(studio.lines<SessionResumed>().at(0).at_us == 7'000'000);
  CHECK(studio.lines<ChatSaid>().empty());
  CHECK(capture->figures().recorded == 3s);
}

TEST_CASE("layouts and chat stand in the journal, however long the text") {
  Studio studio;
  const auto capture = studio.begin();
  capture->set_layout(Layout::speaker);
  capture->note_chat("Anna", std::string(8'191, '\x01') + "\u00e9 and more");
  studio.end(*capture);
  CHECK(studio.lines<LayoutChanged>().at(0).layout == Layout::speaker);
  CHECK(studio.lines<ChatSaid>().at(0).text == std::string(8'191, '\x01'));
}

TEST_CASE("a key frame that is missing is asked for at the tap") {
  Studio studio;
  const auto capture = studio.begin();
  const std::string camera = studio.media.publish_camera(studio.room, studio.anna).producer_id;
  PacketSource source{100};
  for (auto& packet : source.vp8(0, false)) studio.media.tap_of(camera)->enter(std::move(packet), {});
  studio.host.advance(400ms);
  CHECK(studio.media.tap_of(camera)->key_frame_requests == 1);
}

TEST_CASE("a disk that is full closes the taps and is told; the capture can only be ended") {
  Studio studio;
  const auto capture = studio.begin({.least_free_bytes = ~std::uint64_t{0}});
  std::vector<CaptureTrouble> seen;
  capture->on_trouble([&](CaptureTrouble trouble, const std::string& text) {
    seen.push_back(trouble);
    CHECK_FALSE(text.empty());
  });
  studio.media.publish_camera(studio.room, studio.anna);
  studio.host.advance(2s);
  CHECK(seen == std::vector{CaptureTrouble::disk_full});
  CHECK(studio.media.taps.empty());
  studio.media.publish_camera(studio.room, studio.ben);
  CHECK(studio.media.taps.empty());
  studio.end(*capture);
  CHECK(studio.lines<SessionEnded>().size() == 1);
}

TEST_CASE("a track that cannot be tapped costs nothing but itself") {
  Studio studio;
  const auto capture = studio.begin();
  studio.media.full = true;
  studio.media.publish_camera(studio.room, studio.anna);
  studio.media.full = false;
  PublishedTrack telephone;
  telephone.mime_type = "audio/PCMU";
  studio.media.publish(studio.room, studio.anna, telephone);
  CHECK(studio.media.taps.empty());
  CHECK(studio.host.log().lines.size() == 2);
  studio.media.publish_camera(studio.room, studio.ben);
  CHECK(studio.media.taps.size() == 1);
}

TEST_CASE("one participant cannot use up the tracks of all") {
  Studio studio;
  const auto capture = studio.begin();
  for (std::size_t i = 0; i <= RoomCapture::kMaxTracksOfOne; ++i) {
    studio.media.end(studio.media.publish_camera(studio.room, studio.anna).producer_id);
  }
  CHECK(studio.media.asked.size() == RoomCapture::kMaxTracksOfOne);
  studio.media.publish_camera(studio.room, studio.ben);
  CHECK(studio.media.taps.size() == 1);
}

TEST_CASE("a capture may go at any time") {
  Studio studio;
  studio.media.publish_camera(studio.room, studio.anna);
  auto capture = studio.begin();

  SUBCASE("from the callback of its end") {
    capture->end("stopped", [&] { capture.reset(); });
    studio.host.advance(1s);
    CHECK(capture == nullptr);
    CHECK(studio.lines<SessionEnded>().at(0).reason == "stopped");
  }
  SUBCASE("without an end, which the journal gets all the same") {
    capture.reset();
    studio.writer.reset();
    CHECK(studio.lines<SessionEnded>().at(0).reason == "gateway_stopped");
  }
  SUBCASE("after its end, before the files are closed") {
    capture->end("stopped", [] { FAIL("it is gone"); });
    capture.reset();
    studio.host.advance(1s);
    studio.writer.reset();
    CHECK(studio.lines<SessionEnded>().at(0).reason == "stopped");
  }
  SUBCASE("after its room") {
    studio.room.close("over");
    studio.host.advance(1s);
    capture->set_taken("anna", true);
    CHECK(studio.media.taps.empty());
    studio.end(*capture);
  }
  CHECK(studio.media.taps.empty());
  studio.host.advance(1s);
}

TEST_CASE("a folder that cannot be made is an error, and nothing is tapped") {
  Studio studio;
  studio.media.publish_camera(studio.room, studio.anna);
  studio.session = studio.folder / "missing/session";
  CHECK_THROWS_AS((void)studio.begin(), Error);
  CHECK(studio.media.asked.empty());
}

TEST_CASE("two captures of one room know nothing of each other") {
  Studio studio;
  const auto first = studio.begin();
  studio.session = studio.folder / "second";
  auto second = studio.begin();
  studio.media.publish_camera(studio.room, studio.anna);
  CHECK(studio.media.taps.size() == 2);
  second.reset();
  CHECK(studio.media.taps.size() == 1);
}

}  // namespace sluice::recording
