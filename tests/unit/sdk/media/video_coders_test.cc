#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "sluice/media/coders.h"
#include "tests/unit/sdk/media/generated.h"

namespace sluice::media {
namespace {

using namespace testing;
using namespace std::chrono_literals;

constexpr Size kSize{64, 48};

std::vector<VideoFrame> decode_all(VideoDecoder& decoder, const std::vector<Packet>& packets) {
  std::vector<VideoFrame> frames;
  for (const auto& packet : packets) std::ranges::move(decoder.decode(packet), std::back_inserter(frames));
  std::ranges::move(decoder.finish(), std::back_inserter(frames));
  return frames;
}

std::uint8_t luma_at(const VideoFrame& frame, int x, int y) {
  const auto plane = frame.plane(0);
  return plane.data[y * plane.stride + x];
}

VideoEncoderOptions options_of(const std::string& encoder, Size size = kSize) {
  return {.encoder = encoder, .size = size, .frames_per_second = 25, .bitrate = DataRate::kbps(500), .threads = 1};
}

TEST_CASE("a new picture is black") {
  const VideoFrame frame{{5, 3}};
  CHECK(frame.size() == Size{5, 3});
  CHECK(frame.plane(1).size == Size{3, 2});
  CHECK(luma_at(frame, 4, 2) == 16);
  CHECK(frame.plane(2).data[0] == 128);
  CHECK_THROWS_AS(VideoFrame(Size{0, 3}), MediaError);
  CHECK_THROWS_AS(VideoFrame(Size{10'000, 3}), MediaError);
  CHECK(!VideoFrame{});
}

TEST_CASE("pictures and their times go through each codec") {
  for (const std::string name : {"libx264", "libvpx", "libvpx-vp9", "libaom-av1"}) {
    CAPTURE(name);
    auto options = options_of(name);
    options.low_delay = true;
    VideoEncoder encoder{options};
    const auto packets = encoded_square(encoder, kSize, 10);
    REQUIRE(packets.size() == 10);
    CHECK(packets[0].key_frame);
    VideoDecoder decoder{encoder.format()};
    const auto frames = decode_all(decoder, packets);
    REQUIRE(frames.size() == 10);
    CHECK(decoder.errors() == 0);
    for (int i = 0; i < 10; ++i) {
      const auto& frame = frames[static_cast<std::size_t>(i)];
      CHECK(frame.size() == kSize);
      CHECK(frame.pts == i * 40ms);
      CHECK(luma_at(frame, i * 4 + 4, 12) > 180);
      CHECK(luma_at(frame, i * 4 + 4, 40) == doctest::Approx(80).epsilon(0.1));
    }
  }
}

TEST_CASE("a decoder without threads gives each picture at once") {
  auto options = options_of("libx264");
  options.low_delay = true;
  VideoEncoder encoder{options};
  VideoDecoder decoder{encoder.format()};
  for (const auto& packet : encoded_square(encoder, kSize, 5)) CHECK(decoder.decode(packet).size() == 1);
}

TEST_CASE("a source may change its size between pictures") {
  VideoEncoder small{options_of("libvpx", {32, 24})};
  VideoEncoder large{options_of("libvpx", {96, 64})};
  VideoDecoder decoder{small.format()};
  auto packets = encoded_square(small, {32, 24}, 2);
  for (auto& packet : encoded_square(large, {96, 64}, 2)) {
    packet.pts += 1s;
    packets.push_back(std::move(packet));
  }
  const auto frames = decode_all(decoder, packets);
  REQUIRE(frames.size() == 4);
  CHECK(frames[1].size() == Size{32, 24});
  CHECK(frames[2].size() == Size{96, 64});
}

TEST_CASE("garbage is counted and the decoder lives on") {
  VideoEncoder encoder{options_of("libvpx")};
  const auto good = encoded_square(encoder, kSize, 1);
  for (const auto codec : {Codec::h264, Codec::vp8, Codec::vp9, Codec::av1}) {
    VideoDecoder decoder{{.codec = codec}};
    std::mt19937 random{7};
    for (std::size_t i = 0; i < 50; ++i) {
      Packet packet{.data = std::vector<std::uint8_t>(i * 7)};
      std::ranges::generate(packet.data, [&random] { return static_cast<std::uint8_t>(random()); });
      (void)decoder.decode(packet);
    }
    CHECK(decoder.errors() > 0);
    if (codec == Codec::vp8) CHECK(decoder.decode(good[0]).size() == 1);
  }
}

TEST_CASE("a picture that is larger than the limit is refused before there is memory for it") {
  VideoEncoder encoder{options_of("libvpx")};
  auto packet = encoded_square(encoder, kSize, 1)[0];
  packet.data[6] = packet.data[8] = 0xff;  // 16383 by 16383, RFC 6386 section 9.1
  packet.data[7] = packet.data[9] = 0x3f;
  VideoDecoder decoder{encoder.format()};
  CHECK(decoder.decode(packet).empty());
  CHECK(decoder.errors() == 1);
}

TEST_CASE("key frames stand exactly at their interval, whatever moves in the picture") {
  for (const std::string name : {"libx264", "libvpx", "libvpx-vp9"}) {
    for (const int frames_per_second : {25, 30}) {
      CAPTURE(name);
      CAPTURE(frames_per_second);
      auto options = options_of(name);
      options.frames_per_second = frames_per_second;
      options.key_frame_interval = 1s;
      VideoEncoder encoder{options};
      std::vector<Packet> packets;
      for (int i = 0; i < frames_per_second * 3 + 1; ++i) {
        VideoFrame frame = i % 7 == 0 ? VideoFrame{kSize} : moving_square(kSize, i);
        frame.pts = i * kSecond / frames_per_second;
        std::ranges::move(encoder.encode(frame), std::back_inserter(packets));
      }
      std::ranges::move(encoder.finish(), std::back_inserter(packets));
      std::vector<MediaTime> key_frames;
      for (const auto& packet : packets) {
        if (packet.key_frame) key_frames.push_back(packet.pts);
      }
      CHECK(key_frames == std::vector<MediaTime>{0s, 1s, 2s, 3s});
    }
  }
}

TEST_CASE("a key frame comes when it is asked for, and the interval stands") {
  auto options = options_of("libx264");
  options.low_delay = true;
  options.key_frame_interval = 400ms;
  VideoEncoder encoder{options};
  std::vector<int> key_frames;
  for (int i = 0; i < 25; ++i) {
    const auto packets = encoder.encode(moving_square(kSize, i), i == 5);
    REQUIRE(packets.size() == 1);
    CHECK(packets[0].dts == packets[0].pts);
    if (packets[0].key_frame) key_frames.push_back(i);
  }
  CHECK(key_frames == std::vector<int>{0, 5, 10, 20});
}

TEST_CASE("an encoder that is not there says which are") {
  try {
    VideoEncoder encoder{options_of("h264_imaginary")};
    FAIL("it began");
  } catch (const MediaError& error) {
    const std::string text = error.what();
    CHECK(text.find("h264_imaginary") != std::string::npos);
    CHECK(text.find("libvpx-vp9") != std::string::npos);
    CHECK(text.find("libx264 needs neither") != std::string::npos);
  }
}

TEST_CASE("an encoder whose device is not there says so") {
  auto options = options_of("h264_vaapi");
  options.device = "/dev/dri/no-such-device";
  CHECK_THROWS_WITH_AS(VideoEncoder{options}, doctest::Contains("/dev/dri/no-such-device"), MediaError);
}

TEST_CASE("options and pictures that make no sense are refused") {
  auto options = options_of("libx264");
  options.preset = "no-such-preset";
  CHECK_THROWS_AS(VideoEncoder{options}, MediaError);
  options = options_of("libx264");
  options.frames_per_second = 0;
  CHECK_THROWS_AS(VideoEncoder{options}, MediaError);
  VideoEncoder encoder{options_of("libx264")};
  CHECK_THROWS_AS((void)encoder.encode(VideoFrame{{32, 32}}), MediaError);
  (void)encoder.encode(moving_square(kSize, 1));
  CHECK_THROWS_AS((void)encoder.encode(moving_square(kSize, 1)), MediaError);
}

TEST_CASE("constant quality stays within the bitrate") {
  auto options = options_of("libx264", {160, 120});
  options.quality = 10;
  options.bitrate = DataRate::kbps(100);
  VideoEncoder encoder{options};
  std::mt19937 random{7};
  std::size_t bytes = 0;
  const auto count = [&bytes](const std::vector<Packet>& packets) {
    for (const auto& packet : packets) bytes += packet.data.size();
  };
  for (int i = 0; i < 100; ++i) {
    VideoFrame noise{{160, 120}};
    noise.pts = i * 40ms;
    const auto plane = noise.plane(0);
    std::generate(plane.data, plane.data + plane.stride * 120, [&] { return static_cast<std::uint8_t>(random()); });
    count(encoder.encode(noise));
  }
  count(encoder.finish());
  CHECK(bytes * 8 / 4 <= 150'000);  // 100 kbit/s and a second of buffer over 4 s
}

TEST_CASE("a JPEG of a picture is one, and no wider than wanted") {
  const auto jpeg = encode_jpeg(moving_square({320, 240}, 3), 100);
  REQUIRE(jpeg.size() > 100);
  CHECK(jpeg[0] == 0xff);
  CHECK(jpeg[1] == 0xd8);
  // SOF0: the size, ITU-T T.81 section B.2.2
  const std::vector<std::uint8_t> marker{0xff, 0xc0};
  const auto sof = std::ranges::search(jpeg, marker).begin();
  REQUIRE(jpeg.end() - sof > 9);
  CHECK((sof[5] << 8 | sof[6]) == 74);  // 75, made even
  CHECK((sof[7] << 8 | sof[8]) == 100);
  CHECK_THROWS_AS((void)encode_jpeg(VideoFrame{}, 100), MediaError);
}

}  // namespace
}  // namespace sluice::media
