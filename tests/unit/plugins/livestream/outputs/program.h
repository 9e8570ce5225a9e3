#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "outputs/output.h"
#include "sluice/media/coders.h"

/// Packets as the program's encoder gives them, without coding: 30 pictures a second, sound of 1,024 samples.
namespace sluice::livestream::testing {

using media::MediaTime;
using namespace std::chrono_literals;

/// Of an encoder that codes nothing: the parameter sets are real.
inline ProgramFormatPtr make_format(int width = 64) {
  media::VideoEncoder video{
      {.size = {width, 48}, .frames_per_second = 30, .preset = "ultrafast", .low_delay = true, .threads = 1}};
  return std::make_shared<const ProgramFormat>(
      ProgramFormat{.video = video.format(), .audio = media::AudioEncoder{{}}.format()});
}

inline MediaTime time_of_picture(std::int64_t number, int frames_per_second = 30) {
  return MediaTime{number * 1'000'000 / frames_per_second};
}
inline MediaTime time_of_sound(std::int64_t number) { return MediaTime{number * 1'024 * 1'000'000 / 48'000}; }

enum class Picture { dependent, key_frame, segment_start };

/// @param bytes  How long it is, at least 5.
inline ProgramPacketPtr picture(const ProgramFormatPtr& format, MediaTime at, Picture kind, std::size_t bytes = 5) {
  ProgramPacket packet{.packet = {.track = kVideoTrack, .pts = at, .dts = at}, .format = format};
  packet.packet.key_frame = kind != Picture::dependent;
  packet.segment_start = kind == Picture::segment_start;
  const std::uint8_t nal = packet.packet.key_frame ? 0x65 : 0x41;
  packet.packet.data = {0, 0, 0, 1, nal};
  packet.packet.data.resize(bytes, 0x88);
  return std::make_shared<const ProgramPacket>(std::move(packet));
}

inline ProgramPacketPtr sound(const ProgramFormatPtr& format, MediaTime at, std::size_t bytes = 4) {
  ProgramPacket packet{.packet = {.track = kAudioTrack, .pts = at, .dts = at, .duration = 21'333us, .key_frame = true},
                       .format = format};
  packet.packet.data.resize(bytes, 0x21);
  return std::make_shared<const ProgramPacket>(std::move(packet));
}

/// Both tracks from `begin` to `end`, in the order of time; a segment each second.
inline std::vector<ProgramPacketPtr> program(const ProgramFormatPtr& format, MediaTime begin, MediaTime end,
                                             int frames_per_second = 30) {
  std::vector<ProgramPacketPtr> packets;
  std::int64_t sounds = 0;
  while (time_of_sound(sounds) < begin) ++sounds;
  std::int64_t pictures = 0;
  while (time_of_picture(pictures, frames_per_second) < begin) ++pictures;
  for (;;) {
    const auto next_picture = time_of_picture(pictures, frames_per_second);
    const auto next_sound = time_of_sound(sounds);
    if (std::min(next_picture, next_sound) >= end) return packets;
    if (next_picture <= next_sound) {
      const auto kind = pictures % frames_per_second == 0 ? Picture::segment_start : Picture::dependent;
      packets.push_back(picture(format, next_picture, kind));
      ++pictures;
    } else {
      packets.push_back(sound(format, next_sound));
      ++sounds;
    }
  }
}

/// A folder that is gone with the test.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    auto path = (std::filesystem::temp_directory_path() / "sluice-outputs-XXXXXX").string();
    path_ = mkdtemp(path.data());
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  [[nodiscard]] std::string file(const std::string& name) const { return (path_ / name).string(); }
  [[nodiscard]] std::string content(const std::string& name) const {
    std::ifstream in{path_ / name, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
  }

 private:
  std::filesystem::path path_;
};

}  // namespace sluice::livestream::testing
