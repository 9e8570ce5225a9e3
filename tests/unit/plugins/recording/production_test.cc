#include "plugins/recording/production.h"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

#include "product_reading.h"
#include "production_runner.h"

using namespace std::chrono_literals;
using namespace sluice;
using namespace sluice::recording;
using namespace sluice::testing;
using media::Codec;
using media::MediaTime;

namespace {

/// One frame at 30 a second.
constexpr MediaTime kFrame{33'334};

bool within_a_frame(MediaTime a, MediaTime b) { return a - b <= kFrame && b - a <= kFrame; }

void check_in_step(const ProductReading& product, std::size_t seconds) {
  CAPTURE(product.flashes.size());
  CAPTURE(product.beeps.size());
  REQUIRE(product.flashes.size() == seconds);
  REQUIRE(product.beeps.size() == seconds);
  for (std::size_t i = 0; i < seconds; ++i) {
    CAPTURE(i);
    CHECK(within_a_frame(product.flashes[i], product.beeps[i]));
    CHECK(within_a_frame(product.flashes[i], product.flashes[0] + std::chrono::seconds{i}));
  }
}

void check_whole(const ProductReading& product, MediaTime duration) {
  CHECK(product.errors == 0);
  CHECK(within_a_frame(product.video_end, duration));
  CHECK(within_a_frame(product.audio_end, product.video_end));
}

}  // namespace

TEST_CASE("one who speaks becomes an MP4 with picture and sound in step") {
  ProductionRunner runner;
  runner.session.add_participant("anna", "Anna");
  runner.session.add_speaker("anna", {.codec = Codec::vp8});
  runner.session.finish(3s);
  REQUIRE(runner.run() == 0);

  const ProductReading product = read_product(runner.product());
  REQUIRE(product.tracks.size() == 2);
  CHECK(product.tracks[0].codec == Codec::h264);
  CHECK(product.tracks[0].size == media::Size{640, 360});
  CHECK(product.tracks[1].codec == Codec::aac);
  check_whole(product, 3s);
  check_in_step(product, 3);
  CHECK(product.flashes[0] == 0s);

  REQUIRE(runner.report);
  CHECK(runner.report->duration_ms == 3'000);
  CHECK(runner.report->width == 640);
  CHECK(runner.report->participants == 1);
  CHECK(runner.report->missing_ms == 0);
  CHECK(!runner.report->remuxed);
  REQUIRE(runner.report->files.size() == 2);
  CHECK(runner.report->files[0].name == "recording.mp4");
  CHECK(runner.report->files[0].bytes == static_cast<std::int64_t>(std::filesystem::file_size(runner.product())));
  CHECK(runner.output() == std::vector<std::string>{"recording.mp4", "thumbnail.jpg"});
}

TEST_CASE("progress is told once per percent, and ends at a hundred") {
  ProductionRunner runner;
  runner.session.add_participant("anna", "Anna");
  runner.session.add_speaker("anna", {.codec = Codec::vp8, .end = 1s});
  runner.session.finish(1s);
  REQUIRE(runner.run() == 0);
  CHECK(std::ranges::adjacent_find(runner.percents, std::greater_equal{}) == runner.percents.end());
  REQUIRE(!runner.percents.empty());
  CHECK(runner.percents.front() == 0);
  CHECK(runner.percents.back() == 100);
  CHECK(runner.percents.size() > 20);
}

TEST_CASE("a production that is stopped leaves nothing behind") {
  ProductionRunner runner;
  runner.session.add_participant("anna", "Anna");
  runner.session.add_speaker("anna", {.codec = Codec::vp8, .end = 2s});
  runner.session.finish(2s);
  runner.stop_after = 5;
  CHECK(runner.run() == 2);
  CHECK(runner.output().empty());
  CHECK(!runner.report);
}

TEST_CASE("what an earlier try has left is replaced") {
  ProductionRunner runner;
  runner.session.add_participant("anna", "Anna");
  runner.session.add_speaker("anna", {.codec = Codec::vp8, .end = 1s});
  runner.session.finish(1s);
  std::filesystem::create_directories(runner.order.output_folder);
  for (const char* const name : {"recording.webm", "recording.mp4.part", "chat.vtt"}) {
    std::ofstream{runner.product(name)} << "old";
  }
  REQUIRE(runner.run() == 0);
  CHECK(runner.output() == std::vector<std::string>{"recording.mp4", "thumbnail.jpg"});
}

TEST_CASE("clocks that begin by chance and run too fast or too slow are followed") {
  for (const double ppm : {-200.0, 200.0}) {
    CAPTURE(ppm);
    ProductionRunner runner;
    runner.session.add_participant("anna", "Anna");
    runner.session.add_speaker("anna", {.codec = Codec::vp8,
                                        .end = 20s,
                                        .clock = {.ppm = ppm, .first_timestamp = 4'294'900'000, .delay = 80ms},
                                        .frames_per_second = 15});
    runner.session.finish(20s);
    REQUIRE(runner.run() == 0);
    const ProductReading product = read_product(runner.product());
    check_whole(product, 20s);
    check_in_step(product, 20);
  }
}

TEST_CASE("what was paused is not there, and the beat goes on across it") {
  ProductionRunner runner;
  runner.session.add_participant("anna", "Anna");
  // Whatever is sent meanwhile: capture may stop, or not.
  SUBCASE("with media in the pause") { runner.session.add_speaker("anna", {.codec = Codec::vp8, .end = 6s}); }
  SUBCASE("without") {
    runner.session.add_speaker(
        "anna", {.codec = Codec::vp8, .end = 6s, .silent = {{1'520ms, 3'480ms}}, .key_frame_interval = 500ms});
  }
  runner.session.add(SessionPaused{1'500'000});
  runner.session.add(SessionResumed{3'500'000});
  runner.session.finish(6s);
  REQUIRE(runner.run() == 0);
  const ProductReading product = read_product(runner.product());
  check_whole(product, 4s);
  check_in_step(product, 4);
}

TEST_CASE("a participant who leaves and returns is there, is not, and is again, with new clocks") {
  ProductionRunner runner;
  runner.session.add_participant("anna", "Anna");
  runner.session.add_speaker("anna", {.codec = Codec::vp8, .end = 2s});
  runner.session.add(ParticipantWent{2'000'000, "anna"});
  runner.session.add_participant("anna", "Anna", 4s);
  TestTrack again{.track = "again-cam", .participant = "anna", .codec = Codec::vp9, .begin = 4s, .end = 6s};
  again.clock = {.first_timestamp = 99, .ntp_at_zero = std::uint64_t{1'000} << 32};
  runner.session.add_video(again);
  again.track = "again-mic";
  runner.session.add_audio(again);
  runner.session.finish(6s);
  REQUIRE(runner.run() == 0);
  const ProductReading product = read_product(runner.product());
  check_whole(product, 6s);
  REQUIRE(product.flashes.size() == 4);
  CHECK(within_a_frame(product.flashes[2], 4s));
  REQUIRE(product.beeps.size() == 4);
  CHECK(within_a_frame(product.flashes[3], product.beeps[3]));
  CHECK(product.luma_at(3s) < kDark);  // the slate
}

TEST_CASE("who was there when it began is in the first picture, though told of a moment later") {
  ProductionRunner runner;
  runner.session.add_participant("anna", "Anna", 90ms);
  runner.session.finish(1s);
  REQUIRE(runner.run() == 0);
  const ProductReading product = read_product(runner.product());
  CHECK(product.luma_at(0s) == doctest::Approx{product.luma_at(900ms)}.epsilon(0.02));
}

TEST_CASE("a picture may change its size at any time, as those of simulcast do") {
  ProductionRunner runner;
  runner.session.add_participant("anna", "Anna");
  runner.session.add_speaker("anna",
                             {.codec = Codec::vp8, .end = 4s, .size = {320, 180}, .later_size = media::Size{160, 90}});
  runner.session.finish(4s);
  REQUIRE(runner.run() == 0);
  const ProductReading product = read_product(runner.product());
  check_whole(product, 4s);
  check_in_step(product, 4);
}

TEST_CASE("two who are there have a half each, whatever their codecs, and one clock for both") {
  ProductionRunner runner;
  runner.session.add_participant("anna", "Anna");
  runner.session.add_participant("ben", "Ben");
  runner.session.add_speaker("anna", {.codec = Codec::h264, .clock = {.delay = 20ms}});
  runner.session.add_speaker(
      "ben", {.codec = Codec::vp9, .clock = {.ppm = 100, .first_timestamp = 5, .ntp_at_zero = 12'345, .delay = 30ms}});
  runner.session.finish(3s);
  REQUIRE(runner.run() == 0);
  const ProductReading left = read_product(runner.product(), {.left = 0.2, .right = 0.3});
  const ProductReading right = read_product(runner.product(), {.left = 0.7, .right = 0.8});
  check_whole(left, 3s);
  REQUIRE(left.flashes.size() == 3);
  REQUIRE(right.flashes.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(within_a_frame(left.flashes[i], right.flashes[i]));
  }
  CHECK(!runner.report->remuxed);
}

TEST_CASE("a screen in the middle is large in the presentation, and a chapter") {
  ProductionRunner runner;
  runner.order.settings.layout = Layout::presentation;
  runner.session.add_participant("anna", "Anna");
  runner.session.add_video(
      {.track = "cam", .participant = "anna", .codec = Codec::vp8, .end = 18s, .frames_per_second = 5});
  runner.session.add_video({.track = "screen",
                            .participant = "anna",
                            .codec = Codec::vp8,
                            .source = TrackSource::screen,
                            .begin = 6s,
                            .end = 12s,
                            .size = {320, 180},
                            .frames_per_second = 5,
                            .dark = 120});
  runner.session.add(TrackEnd{12'000'000, "screen"});
  runner.session.finish(18s);
  REQUIRE(runner.run() == 0);
  const ProductReading product = read_product(runner.product());
  CHECK(product.luma_at(3'500ms) == doctest::Approx(kDark).epsilon(0.15));
  CHECK(product.luma_at(9'500ms) == doctest::Approx(120).epsilon(0.15));
  CHECK(product.luma_at(15'500ms) == doctest::Approx(kDark).epsilon(0.15));
  CHECK(runner.report->chapters == 3);
  std::ifstream file{runner.product(), std::ios::binary};
  const std::string bytes{std::istreambuf_iterator<char>{file}, {}};
  CHECK(bytes.find("Anna shares the screen") != std::string::npos);
  CHECK(bytes.find("Planning") != std::string::npos);
}

TEST_CASE("a camera that is switched off is a name, and one that says nothing for long, too") {
  ProductionRunner runner;
  runner.session.add_participant("anna", "Anna");
  TestTrack camera{
      .track = "cam", .participant = "anna", .codec = Codec::vp8, .end = 9s, .frames_per_second = 10, .dark = 200};
  camera.silent = {{2s, 8s}};
  SUBCASE("switched off") {
    runner.session.add_video(camera);
    runner.session.add(TrackPaused{2'000'000, "cam", true});
    runner.session.add(TrackPaused{8'000'000, "cam", false});
    runner.session.finish(9s);
    REQUIRE(runner.run() == 0);
    const ProductReading product =
        read_product(runner.product(), {.left = 0.1, .top = 0.1, .right = 0.2, .bottom = 0.2});
    CHECK(product.luma_at(1'500ms) > 150);
    CHECK(product.luma_at(2'500ms) < 100);
    CHECK(product.luma_at(8'500ms) > 150);
  }
  SUBCASE("silent") {
    runner.session.add_video(camera);
    runner.session.finish(9s);
    REQUIRE(runner.run() == 0);
    const ProductReading product =
        read_product(runner.product(), {.left = 0.1, .top = 0.1, .right = 0.2, .bottom = 0.2});
    CHECK(product.luma_at(6'500ms) > 150);
    CHECK(product.luma_at(7'500ms) < 100);
    CHECK(product.luma_at(8'500ms) > 150);
  }
}
