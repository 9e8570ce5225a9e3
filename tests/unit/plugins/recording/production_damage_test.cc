#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "product_reading.h"
#include "production_runner.h"

using namespace std::chrono_literals;
using namespace sluice;
using namespace sluice::recording;
using namespace sluice::testing;
using media::Codec;
using media::MediaTime;

namespace {

void cut(const std::string& path, double part) {
  const auto bytes = std::filesystem::file_size(path);
  std::filesystem::resize_file(path, static_cast<std::uintmax_t>(static_cast<double>(bytes) * part));
}

void overwrite(const std::string& path) { std::ofstream{path, std::ios::binary} << std::string(5'000, 'x'); }

}  // namespace

TEST_CASE("of a session that was killed everything is there that was written") {
  ProductionRunner runner;
  runner.session.add_participant("anna", "Anna");
  runner.session.add_speaker("anna", {.codec = Codec::vp8, .end = 5s, .key_frame_interval = 1s});
  runner.session.finish(std::nullopt);
  cut(runner.session.path_of("anna-cam"), 0.7);
  cut(runner.session.path_of("anna-mic"), 0.9);
  REQUIRE(runner.run() == 0);

  const ProductReading product = read_product(runner.product());
  CHECK(product.errors == 0);
  CHECK(runner.report->duration_ms > 3'500);
  CHECK(runner.report->duration_ms < 5'000);
  CHECK(product.beeps.size() >= 4);
  CHECK(product.flashes.size() >= 3);
  const MediaTime apart = product.video_end - product.audio_end;
  CHECK(apart < 34ms);
  CHECK(apart > -34ms);
}

TEST_CASE("a session that was killed in a pause ends with the pause") {
  ProductionRunner runner;
  runner.session.add_participant("anna", "Anna");
  runner.session.add_speaker("anna", {.codec = Codec::vp8, .end = 2s});
  runner.session.add(SessionPaused{2'000'000});
  runner.session.finish(std::nullopt);
  REQUIRE(runner.run() == 0);
  CHECK(runner.report->duration_ms >= 1'900);
  CHECK(runner.report->duration_ms <= 2'000);
}

TEST_CASE("a track that cannot be read costs nothing but itself") {
  ProductionRunner runner;
  runner.session.add_participant("anna", "Anna");
  runner.session.add_participant("ben", "Ben");
  runner.session.add_speaker("anna", {.codec = Codec::vp8});
  runner.session.add_video({.track = "ben-cam", .participant = "ben", .codec = Codec::vp8, .begin = 1s});
  runner.session.finish(3s);
  SUBCASE("as its file is gone") { std::filesystem::remove(runner.session.path_of("ben-cam")); }
  SUBCASE("as it is something else") { overwrite(runner.session.path_of("ben-cam")); }
  SUBCASE("as nothing of it was written") { cut(runner.session.path_of("ben-cam"), 0); }
  REQUIRE(runner.run() == 0);
  CHECK(runner.report->missing_ms == 2'000);
  CHECK(read_product(runner.product()).beeps.size() == 3);
}

TEST_CASE("a name that leads out of the folder is not followed") {
  ProductionRunner runner;
  runner.session.add_participant("anna", "Anna");
  runner.session.add_speaker("anna", {.codec = Codec::vp8});
  TrackBegan elsewhere;
  elsewhere.track = "t9";
  elsewhere.file = "../session/anna-mic.mkv";
  elsewhere.participant = "anna";
  elsewhere.clock_rate = 48'000;
  runner.session.add(elsewhere);
  runner.session.finish(3s);
  REQUIRE(runner.run() == 0);
  CHECK(runner.report->missing_ms == 3'000);
}

TEST_CASE("where nothing can be read the error says so, and nothing is left behind") {
  ProductionRunner runner;
  runner.session.add_participant("anna", "Anna");
  runner.session.add_speaker("anna", {.codec = Codec::vp8});
  SUBCASE("no track") {
    runner.session.finish(3s);
    overwrite(runner.session.path_of("anna-cam"));
    overwrite(runner.session.path_of("anna-mic"));
    CHECK_THROWS_AS((void)runner.run(), std::runtime_error);
  }
  SUBCASE("no journal") { CHECK_THROWS_AS((void)runner.run(), std::runtime_error); }
  SUBCASE("no time") {
    runner.session.finish(0s);
    CHECK_THROWS_WITH((void)runner.run(), "nothing was recorded");
  }
  CHECK(runner.output().empty());
}

TEST_CASE("what arrived long after the last that was written is told to be missing") {
  ProductionRunner runner;
  runner.session.add_participant("anna", "Anna");
  runner.session.add_speaker("anna", {.codec = Codec::vp8, .end = 10s, .silent = {{2s, 10s}}, .frames_per_second = 10});
  runner.session.finish(10s);
  REQUIRE(runner.run() == 0);
  CHECK(runner.report->missing_ms > 6'500);
  CHECK(runner.report->missing_ms < 7'500);
}

TEST_CASE("a damaged middle costs the pictures up to the next key frame, not the recording") {
  ProductionRunner runner;
  runner.session.add_participant("anna", "Anna");
  runner.session.add_speaker("anna", {.codec = Codec::vp8, .end = 6s, .key_frame_interval = 500ms});
  runner.session.finish(6s);
  {
    std::fstream file{runner.session.path_of("anna-cam"), std::ios::in | std::ios::out | std::ios::binary};
    const auto bytes = std::filesystem::file_size(runner.session.path_of("anna-cam"));
    file.seekp(static_cast<std::streamoff>(bytes / 2));
    file << std::string(300, '\xa5');
  }
  REQUIRE(runner.run() == 0);
  const ProductReading product = read_product(runner.product());
  CHECK(runner.report->duration_ms == 6'000);
  CHECK(product.beeps.size() == 6);
  CHECK(product.flashes.size() >= 4);
}
