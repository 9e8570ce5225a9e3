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

constexpr MediaTime kFrame{33'334};

bool within_a_frame(MediaTime a, MediaTime b) { return a - b <= kFrame && b - a <= kFrame; }

std::string text_of(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

/// Anna, for three seconds.
void add_anna(ProductionRunner& runner, Codec codec) {
  runner.session.add_participant("anna", "Anna");
  runner.session.add_speaker("anna", {.codec = codec, .key_frame_interval = 1s});
  runner.session.finish(3s);
}

void check_beeps(const ProductReading& product, std::size_t count) {
  REQUIRE(product.beeps.size() == count);
  for (std::size_t i = 0; i < count; ++i) CHECK(within_a_frame(product.beeps[i], std::chrono::seconds{i}));
  CHECK(product.errors == 0);
}

}  // namespace

TEST_CASE("a recording whose only picture is one H264 track is copied, and in step") {
  ProductionRunner runner;
  add_anna(runner, Codec::h264);
  REQUIRE(runner.run() == 0);
  CHECK(runner.report->remuxed);
  CHECK(runner.report->width == 160);

  const ProductReading product = read_product(runner.product());
  REQUIRE(product.tracks.size() == 2);
  CHECK(product.tracks[0].size == media::Size{160, 90});
  REQUIRE(product.flashes.size() == 3);
  check_beeps(product, 3);
  for (std::size_t i = 0; i < 3; ++i) CHECK(within_a_frame(product.flashes[i], product.beeps[i]));
  CHECK(within_a_frame(product.video_end, 3s));
  CHECK(within_a_frame(product.audio_end, 3s));
  CHECK(runner.output() == std::vector<std::string>{"recording.mp4", "thumbnail.jpg"});
}

TEST_CASE("what a copy would not show is composed") {
  ProductionRunner runner;
  SUBCASE("a picture in another codec") { add_anna(runner, Codec::vp8); }
  SUBCASE("a watermark") {
    runner.order.settings.watermark = true;
    runner.order.watermark_image = runner.product("is-not-there.png");
    add_anna(runner, Codec::h264);
  }
  SUBCASE("a pause") {
    runner.session.add(SessionPaused{1'000'000});
    runner.session.add(SessionResumed{1'500'000});
    add_anna(runner, Codec::h264);
  }
  SUBCASE("a camera that is switched off for a while") {
    runner.session.add_participant("anna", "Anna");
    runner.session.add_speaker("anna", {.codec = Codec::h264});
    runner.session.add(TrackPaused{1'000'000, "anna-cam", true});
    runner.session.finish(3s);
  }
  SUBCASE("a second picture") {
    runner.session.add_participant("ben", "Ben");
    runner.session.add_speaker("ben", {.codec = Codec::h264});
    add_anna(runner, Codec::h264);
  }
  SUBCASE("a picture that comes late") {
    runner.session.add_participant("anna", "Anna");
    runner.session.add_speaker("anna", {.codec = Codec::h264, .begin = 3s, .end = 5s});
    runner.session.finish(5s);
  }
  SUBCASE("a picture that stands still for long") {
    runner.session.add_participant("anna", "Anna");
    runner.session.add_speaker("anna", {.codec = Codec::h264, .end = 5s, .silent = {{1s, 4s}}});
    runner.session.finish(5s);
  }
  SUBCASE("a picture that changes its size") {
    runner.session.add_participant("anna", "Anna");
    runner.session.add_speaker("anna", {.codec = Codec::h264, .later_size = media::Size{320, 180}});
    runner.session.finish(3s);
  }
  REQUIRE(runner.run() == 0);
  CHECK(!runner.report->remuxed);
  CHECK(runner.report->width == 640);
}

TEST_CASE("as WebM a recording has VP8 and Opus") {
  ProductionRunner runner;
  runner.order.settings.format = Format::webm;
  add_anna(runner, Codec::vp8);
  REQUIRE(runner.run() == 0);
  const ProductReading product = read_product(runner.product("recording.webm"));
  CHECK(product.tracks[0].codec == Codec::vp8);
  CHECK(product.tracks[1].codec == Codec::opus);
  CHECK(product.flashes.size() == 3);
  check_beeps(product, 3);
  CHECK(runner.report->files[0].content_type == "video/webm");
}

TEST_CASE("sound alone becomes an MP3, or an MP4 without a picture") {
  ProductionRunner runner;
  std::string name;
  Codec codec{};
  SUBCASE("MP3, whatever else is wanted") {
    runner.order.settings.format = Format::mp3;
    name = "recording.mp3";
    codec = Codec::mp3;
  }
  SUBCASE("MP4") {
    runner.order.settings.video = false;
    runner.order.settings.screen_share = false;
    name = "recording.m4a";
    codec = Codec::aac;
  }
  add_anna(runner, Codec::vp8);
  REQUIRE(runner.run() == 0);
  const ProductReading product = read_product(runner.product(name));
  REQUIRE(product.tracks.size() == 1);
  CHECK(product.tracks[0].codec == codec);
  check_beeps(product, 3);
  CHECK(within_a_frame(product.audio_end, 3s));
  CHECK(runner.report->width == 0);
  CHECK(runner.output() == std::vector<std::string>{name});
}

TEST_CASE("without sound a recording is the picture alone; without either it is an error") {
  ProductionRunner runner;
  runner.order.settings.audio = false;
  add_anna(runner, Codec::vp8);
  SUBCASE("picture") {
    REQUIRE(runner.run() == 0);
    CHECK(read_product(runner.product()).tracks.size() == 1);
  }
  SUBCASE("neither") {
    runner.order.settings.format = Format::mp3;
    CHECK_THROWS_WITH((void)runner.run(), "the recording is to hold neither picture nor sound");
  }
}

TEST_CASE("what was said is beside the recording, and can do no harm") {
  ProductionRunner runner;
  runner.session.add(ChatSaid{1'000'000, "<Mallory>", "hi --> 00:09\n\nNOTE <script>"});
  add_anna(runner, Codec::vp8);
  SUBCASE("when it is wanted") {
    REQUIRE(runner.run() == 0);
    CHECK(text_of(runner.product("chat.vtt")) ==
          "WEBVTT\n\n00:00:01.000 --> 00:00:03.000\n<v &lt;Mallory&gt;>hi --&gt; 00:09\nNOTE &lt;script&gt;</v>\n");
    CHECK(text_of(runner.product("chat.json")).find("\"atMs\":1000") != std::string::npos);
    CHECK(runner.report->files.size() == 4);
    CHECK(runner.report->files[2].kind == "transcript");
  }
  SUBCASE("not otherwise") {
    runner.order.settings.chat = false;
    REQUIRE(runner.run() == 0);
    CHECK(!std::filesystem::exists(runner.product("chat.vtt")));
  }
}

TEST_CASE("an encoder that is not there is replaced by libx264") {
  ProductionRunner runner;
  runner.order.video_encoder = "h264_of_the_future";
  add_anna(runner, Codec::vp8);
  REQUIRE(runner.run() == 0);
  CHECK(read_product(runner.product()).tracks[0].codec == Codec::h264);
}

TEST_CASE("a meeting without cameras is names on a background, with its sound") {
  ProductionRunner runner;
  runner.session.add_participant("anna", "Anna");
  runner.session.add_audio({.track = "mic", .participant = "anna"});
  runner.session.finish(3s);
  REQUIRE(runner.run() == 0);
  const ProductReading product = read_product(runner.product());
  CHECK(product.frame_times.size() == 90);
  check_beeps(product, 3);
}
