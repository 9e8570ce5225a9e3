#include "program/passthrough.h"

#include <doctest/doctest.h>

#include "collecting_output.h"
#include "program/program_coder.h"
#include "simulated_room.h"

namespace sluice::livestream {
namespace {

using namespace testing;

ProgramOrder passing_order() {
  ProgramOrder order = small_order();
  order.video = VideoMode::passthrough;
  order.width = 320;
  order.height = 180;
  return order;
}

/// A room whose moments are coded.
struct Stage {
  explicit Stage(const ProgramOrder& order = passing_order()) : room{order}, coder{order, output} {
    room.sink = [this](ProgramMoment&& moment) {
      passing = moment.state.passthrough;
      if (moment.picture) ++composed;
      coder.code(std::move(moment));
    };
    room.come("a");
  }
  SimulatedRoom room;
  CollectingOutput output;
  ProgramCoder coder;
  bool passing = false;
  int composed = 0;
};

std::size_t count_formats(const std::vector<ProgramPacketPtr>& packets) {
  std::size_t count = packets.empty() ? 0 : 1;
  for (std::size_t i = 1; i < packets.size(); ++i) count += packets[i]->format != packets[i - 1]->format ? 1 : 0;
  return count;
}

/// Everything that came out, decoded as a player does.
std::vector<media::VideoFrame> play(const std::vector<ProgramPacketPtr>& packets) {
  std::vector<media::VideoFrame> pictures;
  std::optional<media::VideoDecoder> decoder;
  ProgramFormatPtr format;
  for (const auto& packet : packets) {
    if (packet->format != format) {
      format = packet->format;
      decoder.emplace(format->video);
    }
    for (auto& picture : decoder->decode(packet->packet)) pictures.push_back(std::move(picture));
    CHECK(decoder->errors() == 0);
  }
  return pictures;
}

}  // namespace

TEST_CASE("one H264 source goes as it came, another one ends that, and alone again it goes on so") {
  Stage stage;
  auto& camera = stage.room.publish("a", std::make_unique<Camera>(1, media::Codec::h264));
  camera.luma = [](MediaTime at) { return 40 + static_cast<int>(at / 100ms % 100); };
  stage.room.run(3s);
  CHECK(stage.passing);
  const int composed = stage.composed;
  CHECK(composed <= 10);  // until its first key frame was due
  stage.room.run(2s);
  CHECK(stage.composed == composed);
  CHECK(stage.output.video.back()->format->video.size == kPicture);

  stage.room.come("b");
  stage.room.publish("b", std::make_unique<Camera>(2));
  stage.room.run(2s);
  CHECK(!stage.passing);
  CHECK(stage.composed >= composed + 40);
  CHECK(stage.output.video.back()->format->video.size == media::Size{320, 180});

  stage.room.end(2);
  stage.room.run(2s);
  CHECK(stage.passing);
  CHECK(is_in_order(stage.output.video));
  CHECK(is_in_order(stage.output.audio));
  CHECK(count_formats(stage.output.video) == 4);
  CHECK(play(stage.output.video).size() == stage.output.video.size());
  // No second without pictures.
  for (std::size_t i = 1; i < stage.output.video.size(); ++i) {
    CHECK(stage.output.video[i]->packet.pts - stage.output.video[i - 1]->packet.pts <= 100ms);
  }
}

TEST_CASE("what is passed has key frames for segments, one each") {
  Stage stage;
  auto& camera = stage.room.publish("a", std::make_unique<Camera>(1, media::Codec::h264));
  stage.room.run(10s);
  CHECK(camera.key_frames >= 9);
  CHECK(camera.key_frames <= 13);
  std::vector<MediaTime> starts;
  for (const auto& packet : stage.output.video) {
    if (packet->segment_start) starts.push_back(packet->packet.pts);
  }
  REQUIRE(starts.size() >= 9);
  for (std::size_t i = 3; i < starts.size(); ++i) CHECK(std::abs((starts[i] - starts[i - 1] - 1s).count()) <= 100'000);
}

TEST_CASE("what is passed keeps its times, on the program's clock") {
  Stage stage;
  stage.room.publish("a", std::make_unique<Camera>(1, media::Codec::h264));
  stage.room.run(5s);
  const auto& video = stage.output.video;
  for (std::size_t i = video.size() - 50; i < video.size(); ++i) {
    CHECK(std::abs((video[i]->packet.pts - video[i - 1]->packet.pts - 40ms).count()) <= 1'000);
  }
  // 20 ms on the way, 200 ms of delay.
  CHECK(std::abs((video.back()->packet.pts - stage.room.now).count()) <= 65'000);
}

TEST_CASE("another encoder at the sender is another format") {
  Stage stage;
  auto& camera = stage.room.publish("a", std::make_unique<Camera>(1, media::Codec::h264));
  stage.room.run(2s);
  const auto before = count_formats(stage.output.video);
  camera.begin({.width = 192, .height = 108});
  stage.room.run(2s);
  CHECK(count_formats(stage.output.video) == before + 1);
  CHECK(stage.output.video.back()->format->video.size == media::Size{192, 108});
  CHECK(is_in_order(stage.output.video));
  CHECK(play(stage.output.video).size() == stage.output.video.size());
}

TEST_CASE("a source is not passed on") {
  Stage stage{[] {
    ProgramOrder order = passing_order();
    SUBCASE("where the order does not say so") { order.video = VideoMode::compose; }
    SUBCASE("where it is none of H264") { order.title = "VP8"; }
    return order;
  }()};
  const bool vp8 = stage.room.order.title == "VP8";
  stage.room.publish("a", std::make_unique<Camera>(1, vp8 ? media::Codec::vp8 : media::Codec::h264));
  stage.room.run(2s);
  CHECK(!stage.passing);
  CHECK(stage.composed == 50);
}

TEST_CASE("a source that stalls while it is passed is composed until it is back") {
  Stage stage;
  auto& camera = stage.room.publish("a", std::make_unique<Camera>(1, media::Codec::h264));
  stage.room.run(2s);
  camera.sends = false;
  stage.room.run(5s);
  CHECK(!stage.passing);
  CHECK(stage.output.video.back()->packet.pts > stage.room.now - 100ms);
  camera.sends = true;
  stage.room.run(2s);
  CHECK(stage.passing);
  CHECK(is_in_order(stage.output.video));
}

TEST_CASE("a loss while frames are passed leaves a gap and then a key frame") {
  Stage stage;
  auto& camera = stage.room.publish("a", std::make_unique<Camera>(1, media::Codec::h264));
  stage.room.run(2s);
  camera.lose_next();
  stage.room.run(2s);
  CHECK(is_in_order(stage.output.video));
  CHECK(play(stage.output.video).size() == stage.output.video.size());
}

TEST_CASE("somebody who waits for a key frame of what is passed has the sender asked for one") {
  Stage stage;
  auto& camera = stage.room.publish("a", std::make_unique<Camera>(1, media::Codec::h264));
  stage.room.run(2'900ms);
  stage.room.grants_wishes = false;
  stage.room.run(500ms);
  const int before = camera.key_frames;
  stage.room.grants_wishes = true;
  stage.room.program.request_key_frame();
  stage.room.run(1s);
  CHECK(camera.key_frames > before);
}

}  // namespace sluice::livestream
