#include "program/program_coder.h"

#include <doctest/doctest.h>

#include "collecting_output.h"
#include "program/program_meter.h"
#include "simulated_room.h"

namespace sluice::livestream {
namespace {

using namespace testing;

std::vector<MediaTime> segment_starts(const std::vector<ProgramPacketPtr>& video) {
  std::vector<MediaTime> starts;
  for (const auto& packet : video) {
    if (packet->segment_start) starts.push_back(packet->packet.pts);
  }
  return starts;
}

/// Second by second, without a room.
struct Moments {
  ProgramOrder order = small_order();
  ProgramClock clock{kBegin, order.frames_per_second};
  std::int64_t next = 0;

  ProgramMoment make(bool picture = true) {
    ProgramMoment moment{.at = clock.tick(next)};
    const auto frames = clock.samples_before(next + 1) - clock.samples_before(next);
    ++next;
    moment.sound.samples.resize(static_cast<std::size_t>(frames) * media::AudioBlock::kChannels);
    moment.sound.pts = moment.at;
    if (!picture) return moment;
    moment.picture = grey(static_cast<int>(next % 200));
    moment.picture.pts = moment.at;
    return moment;
  }
};

}  // namespace

TEST_CASE("segments begin on their grid, with a key frame, and nowhere else") {
  Moments moments;
  CollectingOutput output;
  ProgramCoder coder{moments.order, output};
  for (int i = 0; i < 100; ++i) coder.code(moments.make());
  coder.finish();
  CHECK(output.video.size() == 100);
  CHECK(is_in_order(output.video));
  CHECK(is_in_order(output.audio));
  CHECK(segment_starts(output.video) == std::vector<MediaTime>{0s, 1s, 2s, 3s});
  CHECK(std::ranges::count_if(output.video, [](const auto& packet) { return packet->packet.key_frame; }) == 4);
  CHECK(output.video.front()->format->video.size == media::Size{160, 90});
  CHECK(!output.video.front()->format->video.extradata.empty());
  CHECK(!output.video.front()->format->audio.extradata.empty());
}

TEST_CASE("where pictures are left out the first one of a segment is its key frame, and sound goes on") {
  Moments moments;
  CollectingOutput output;
  ProgramCoder coder{moments.order, output};
  for (int i = 0; i < 100; ++i) coder.code(moments.make(i % 25 > 4));
  coder.finish();
  CHECK(output.video.size() == 80);
  CHECK(segment_starts(output.video) == std::vector<MediaTime>{200ms, 1'200ms, 2'200ms, 3'200ms});
  CHECK(is_in_order(output.audio));
  CHECK(output.audio.front()->packet.pts == 0s);
  const auto& last = output.audio.back()->packet;
  CHECK(last.pts + last.duration >= 4s - 22ms);
  for (std::size_t i = 1; i < output.audio.size(); ++i) {
    const auto step = output.audio[i]->packet.pts - output.audio[i - 1]->packet.pts;
    CHECK(std::abs(step.count() - 21'333) <= 1);
  }
}

TEST_CASE("a key frame that somebody waits for is no segment's beginning") {
  Moments moments;
  CollectingOutput output;
  ProgramCoder coder{moments.order, output};
  for (int i = 0; i < 30; ++i) {
    ProgramMoment moment = moments.make();
    moment.key_frame = i == 10;
    coder.code(std::move(moment));
  }
  CHECK(output.video[10]->packet.key_frame);
  CHECK(!output.video[10]->segment_start);
  CHECK(output.video[25]->segment_start);
}

TEST_CASE("an encoder that there is not is told at once") {
  Moments moments;
  CollectingOutput output;
  moments.order.encoder = "h264_none";
  CHECK_THROWS_AS(ProgramCoder(moments.order, output), media::MediaError);
}

TEST_CASE("figures tell the rates of the last second and whether the machine is too slow") {
  ProgramMeter meter;
  const auto format = std::make_shared<const ProgramFormat>();
  const auto second = [&](int frames, std::int64_t dropped, MediaTime end) {
    for (int i = 0; i < frames; ++i) {
      meter.on_packet({.packet = {.track = kVideoTrack, .data = std::vector<std::uint8_t>(1'000)}, .format = format});
      meter.on_packet({.packet = {.track = kAudioTrack, .data = std::vector<std::uint8_t>(100)}, .format = format});
    }
    CHECK(!meter.take(end - 1ms));
    meter.on_moment(end, {.dropped_frames = dropped, .sources = 2});
    return meter.take(end).value();
  };
  const ProgramFigures first = second(30, 0, 1s);
  CHECK(first.frames_per_second == doctest::Approx(30));
  CHECK(first.video_bits_per_second == 240'000);
  CHECK(first.audio_bits_per_second == 24'000);
  CHECK(first.sources == 2);
  CHECK(!first.overloaded);
  const ProgramFigures slow = second(20, 10, 2s);
  CHECK(slow.frames_per_second == doctest::Approx(20));
  CHECK(slow.frames == 50);
  CHECK(slow.dropped_frames == 10);
  CHECK(slow.overloaded);
  for (int i = 3; i <= 7; ++i) CHECK(second(30, 10, MediaTime{1s} * i).overloaded);
  CHECK(!second(30, 10, 8s).overloaded);
}

}  // namespace sluice::livestream
