#pragma once

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

#include "sluice/media/coders.h"
#include "sluice/media/frame.h"
#include "sluice/media/media_file.h"

/// Pictures, sounds and files for tests.
namespace sluice::media::testing {

inline constexpr MediaTime kSecond = std::chrono::seconds{1};

/// Of sample `index` at 48 kHz.
inline MediaTime time_of_sample(std::int64_t index) { return MediaTime{(index * 1'000'000 + 24'000) / 48'000}; }

/// Grey, with a bright square that moves to the right by 4 pixels a picture.
inline VideoFrame moving_square(Size size, int number, int frames_per_second = 25) {
  VideoFrame frame{size};
  const auto luma = frame.plane(0);
  const auto left = number * 4 % (size.width - 8);
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      const auto inside = x >= left && x < left + 8 && y >= 8 && y < 16;
      luma.data[y * luma.stride + x] = inside ? 235 : 80;
    }
  }
  frame.pts = number * kSecond / frames_per_second;
  return frame;
}

/// Of `frames` samples beginning at sample `first`, the same on both sides.
inline AudioBlock sine(std::int64_t first, std::size_t frames, double hertz, double loudness) {
  AudioBlock block{.pts = time_of_sample(first), .samples = {}};
  block.samples.reserve(frames * 2);
  for (std::size_t i = 0; i < frames; ++i) {
    const auto t = static_cast<double>(first + static_cast<std::int64_t>(i)) / 48'000;
    const auto value = static_cast<float>(loudness * std::sin(2 * std::numbers::pi * hertz * t));
    block.samples.insert(block.samples.end(), {value, value});
  }
  return block;
}

/// Silence, but for one millisecond of noise at `click_at` samples.
inline AudioBlock click(std::size_t frames, std::size_t click_at) {
  AudioBlock block{.pts = {}, .samples = std::vector<float>(frames * 2, 0.0F)};
  for (std::size_t i = 0; i < 48; ++i) {
    const auto value = i % 4 < 2 ? 0.8F : -0.8F;
    block.samples[(click_at + i) * 2] = block.samples[(click_at + i) * 2 + 1] = value;
  }
  return block;
}

/// Where it is loudest, over all blocks.
inline MediaTime loudest(const std::vector<AudioBlock>& blocks) {
  MediaTime at{};
  float peak = -1;
  for (const auto& block : blocks) {
    for (std::size_t i = 0; i < block.frames(); ++i) {
      if (std::abs(block.samples[i * 2]) <= peak) continue;
      peak = std::abs(block.samples[i * 2]);
      at = block.pts + time_of_sample(static_cast<std::int64_t>(i));
    }
  }
  return at;
}

inline std::vector<Packet> all_packets(FileReader& reader) {
  std::vector<Packet> packets;
  while (auto packet = reader.next()) packets.push_back(std::move(*packet));
  return packets;
}

/// `count` pictures of a moving square, as the encoder has them.
inline std::vector<Packet> encoded_square(VideoEncoder& encoder, Size size, int count, int frames_per_second = 25) {
  std::vector<Packet> packets;
  for (int i = 0; i < count; ++i) {
    for (auto& packet : encoder.encode(moving_square(size, i, frames_per_second))) packets.push_back(std::move(packet));
  }
  for (auto& packet : encoder.finish()) packets.push_back(std::move(packet));
  return packets;
}

/// A folder that is gone with the test.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    auto path = (std::filesystem::temp_directory_path() / "sluice-media-XXXXXX").string();
    path_ = mkdtemp(path.data());
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  [[nodiscard]] std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

inline std::string content_of(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

inline void write_content(const std::string& path, const std::string& content) {
  std::ofstream{path, std::ios::binary} << content;
}

}  // namespace sluice::media::testing
