#include "plugins/recording/production_pictures.h"

#include <doctest/doctest.h>

#include "product_reading.h"
#include "session_fixture.h"
#include "temporary_folder.h"

using namespace std::chrono_literals;
using namespace sluice;
using namespace sluice::recording;
using namespace sluice::testing;

namespace {

/// A camera that flashes at each whole second, with a key frame at its beginning alone.
struct Camera {
  explicit Camera(TestTrack track, std::vector<Span> pauses = {}) : timeline{std::move(pauses), 10s} {
    SessionFixture fixture{folder.path().string()};
    track.track = "cam";
    track.participant = "anna";
    fixture.add_participant("anna", "Anna");
    fixture.add_video(track);
    fixture.finish(10s);
    session = read_session(read_journal(folder / kJournalFile));
    pictures.emplace(TrackStream{session, 0, folder / "cam.mkv", missing}, timeline);
  }

  /// Nothing: there is no new one.
  std::optional<bool> takes_flash() {
    const auto picture = pictures->take_picture();
    return picture ? std::optional{mean_luma(*picture) > 140} : std::nullopt;
  }

  TemporaryFolder folder;
  Session session;
  Timeline timeline;
  Missing missing;
  std::optional<PictureTrack> pictures;
};

}  // namespace

TEST_CASE("pictures come when they are due, the newest of them") {
  Camera camera{{.codec = media::Codec::vp8}};
  CHECK(!camera.pictures->has_picture(0s));
  camera.pictures->advance(50ms);
  CHECK(camera.pictures->has_picture(50ms));
  CHECK(camera.takes_flash() == true);
  CHECK(camera.takes_flash() == std::nullopt);
  camera.pictures->advance(500ms);
  CHECK(camera.takes_flash() == false);
  camera.pictures->advance(1'050ms);
  CHECK(camera.takes_flash() == true);
}

TEST_CASE("what nobody has seen is decoded when somebody does, though the key frame is long ago") {
  Camera camera{{.codec = media::Codec::vp8, .end = 6s}};
  for (MediaTime now{}; now <= 5'050ms; now += 33ms) camera.pictures->advance(now);
  camera.pictures->advance(5'060ms);
  CHECK(camera.takes_flash() == true);
}

TEST_CASE("a camera that gives nothing for long has no picture, a screen keeps it") {
  TestTrack track{.codec = media::Codec::vp8, .end = 2s};
  SUBCASE("camera") {
    Camera camera{track};
    camera.pictures->advance(6s);
    CHECK(camera.pictures->has_picture(6s));
    CHECK(!camera.pictures->has_picture(8s));
  }
  SUBCASE("screen") {
    track.source = TrackSource::screen;
    Camera camera{track};
    camera.pictures->advance(9s);
    CHECK(camera.pictures->has_picture(9s));
  }
  SUBCASE("a pause of the session is no silence") {
    Camera camera{track, {{1'900ms, 8s}}};
    camera.pictures->advance(8'500ms);
    CHECK(camera.pictures->has_picture(8'500ms));
  }
}

TEST_CASE("nothing that was sent in a pause is seen, though it is needed to go on") {
  Camera camera{{.codec = media::Codec::vp8, .end = 3s}, {{900ms, 1'050ms}}};
  camera.pictures->advance(800ms);
  CHECK(camera.takes_flash() == false);
  camera.pictures->advance(1'040ms);
  CHECK(camera.takes_flash() == false);  // the last before the pause
  camera.pictures->advance(1'049ms);
  CHECK(camera.takes_flash() == std::nullopt);
  camera.pictures->advance(1'090ms);
  CHECK(camera.takes_flash() == true);
}

TEST_CASE("what was switched off is forgotten until the next picture") {
  Camera camera{{.codec = media::Codec::vp8}};
  camera.pictures->advance(500ms);
  camera.pictures->forget();
  CHECK(!camera.pictures->has_picture(500ms));
  camera.pictures->advance(540ms);
  CHECK(camera.pictures->has_picture(540ms));
}
