#include "plugins/recording/capture_file.h"

#include <doctest/doctest.h>

#include <limits>

#include "session_rig.h"
#include "temporary_folder.h"

namespace sluice::recording {
namespace {

using namespace std::chrono_literals;
using testing::TemporaryFolder;
using Bytes = std::vector<std::uint8_t>;

// Written by x264: profile 100 (high) of 640x360, and its picture parameter set.
const Bytes kParameterSets{0,    0,    0,    1,    0x67, 0x64, 0x00, 0x1e, 0xac, 0xd9, 0x40, 0xa0, 0x2f,
                           0xf9, 0x70, 0x11, 0x00, 0x00, 0x03, 0x00, 0x01, 0x00, 0x00, 0x03, 0x00, 0x32,
                           0x0f, 0x16, 0x2d, 0x96, 0,    0,    0,    1,    0x68, 0xcb, 0x83, 0xcb, 0x20};

/// A frame of one slice; the number says which picture it is.
media::RtpFrame h264(std::int64_t timestamp, bool key_frame) {
  Bytes data = key_frame ? kParameterSets : Bytes{};
  for (const int byte : {0, 0, 0, 1, key_frame ? 0x65 : 0x41, 0x88, 0x84, 0x21, 0xa0}) {
    data.push_back(static_cast<std::uint8_t>(byte));
  }
  data.resize(data.size() + 100, 0x55);
  return {.data = std::move(data), .timestamp = timestamp, .arrival = {}, .key_frame = key_frame};
}

media::RtpFrame opus(std::int64_t timestamp) {
  return {.data = Bytes(40, 0x78), .timestamp = timestamp, .arrival = {}, .key_frame = true};
}

std::vector<media::MediaTime> times_of(const std::string& file) {
  std::vector<media::MediaTime> out;
  for (const media::Packet& packet : packets_of(file)) out.push_back(packet.pts);
  return out;
}

}  // namespace

TEST_CASE("pictures that are shown in another order than they are decoded keep their times") {
  const TemporaryFolder folder;
  const std::string path = folder / "t1.mkv";
  const media::RtpFrame first = h264(9'000, true);
  const auto format = media::format_of(media::Codec::h264, first.data);
  REQUIRE(format.has_value());
  CHECK(format->size == media::Size{640, 360});
  CaptureFile file{path, *format, 90'000, first.timestamp};
  std::vector<media::MediaTime> expected;
  for (const int picture : {0, 3, 1, 2, 6, 4, 5, 9, 7, 8}) {
    file.write(h264(9'000 + picture * 3'600, picture == 0), Instant{});
    expected.emplace_back(picture * 40ms);
  }
  file.finish();
  CHECK(times_of(path) == expected);
}

TEST_CASE("timestamps that go back or stand still are put behind those before") {
  const TemporaryFolder folder;
  const std::string path = folder / "t1.mkv";
  CaptureFile file{path, *media::format_of(media::Codec::opus, {}), 48'000, 0};
  for (const std::int64_t timestamp : {0, 960, 960, 480, -48'000, 1'920}) file.write(opus(timestamp), Instant{});
  file.finish();
  CHECK(times_of(path) == std::vector<media::MediaTime>{0ms, 20ms, 21ms, 22ms, 23ms, 40ms});
}

TEST_CASE("timestamps may jump as far as they like") {
  const TemporaryFolder folder;
  CaptureFile file{folder / "t1.mkv", *media::format_of(media::Codec::opus, {}), 48'000, 0};
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  for (const std::int64_t timestamp : {std::int64_t{0}, kMost / 2, kMost, -kMost, std::int64_t{0}, kMost}) {
    file.write(opus(timestamp), Instant{});
  }
  file.finish();
  CHECK(packets_of(folder / "t1.mkv").size() >= 1);
}

TEST_CASE("a file is flushed when what it holds is a second old, and not before") {
  const TemporaryFolder folder;
  const std::string path = folder / "t1.mkv";
  const Instant begin = Instant{} + 1h;
  CaptureFile file{path, *media::format_of(media::Codec::opus, {}), 48'000, 0};
  file.write(opus(0), begin);
  file.write(opus(960), begin + 500ms);
  file.flush_if_due(begin + 999ms);
  CHECK_THROWS_AS((void)packets_of(path), media::MediaError);  // there is nothing in it
  file.flush_if_due(begin + 1s);
  file.sync();
  CHECK(packets_of(path).size() == 2);
  file.write(opus(1'920), begin + 1'500ms);
  file.flush_if_due(begin + 2'499ms);
  CHECK(packets_of(path).size() == 2);
  file.flush_if_due(begin + 2'500ms);
  CHECK(packets_of(path).size() == 3);
}

}  // namespace sluice::recording
