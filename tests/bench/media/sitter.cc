#include "tests/bench/media/sitter.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <random>

namespace sluice::media::bench {
namespace {

constexpr std::size_t kNoise = 65'537;
constexpr std::array kWalls{Colour{0xc9, 0xd6, 0xdf}, Colour{0xe3, 0xd5, 0xc0}, Colour{0xb8, 0xc4, 0xb0},
                            Colour{0xd4, 0xc6, 0xd8}, Colour{0x9f, 0xb3, 0xc1}};
constexpr std::array kSkins{Colour{0xe8, 0xbe, 0xa0}, Colour{0x8d, 0x5b, 0x3c}, Colour{0xc6, 0x8f, 0x66},
                            Colour{0xf0, 0xcf, 0xb5}};
constexpr std::array kShirts{Colour{0x2e, 0x4a, 0x7a}, Colour{0x8a, 0x2f, 0x3a}, Colour{0x2f, 0x6b, 0x4f},
                             Colour{0x44, 0x44, 0x4c}, Colour{0xb0, 0x7a, 0x2a}, Colour{0x5c, 0x3f, 0x78},
                             Colour{0xe6, 0xe6, 0xe0}};

struct Ellipse {
  double x;
  double y;
  double width;
  double height;
  [[nodiscard]] bool holds(double px, double py) const {
    const double dx = (px - x) / width;
    const double dy = (py - y) / height;
    return dx * dx + dy * dy < 1;
  }
};

Colour shaded(Colour colour, double light) {
  const auto shade = [light](std::uint8_t value) {
    return static_cast<std::uint8_t>(std::clamp(value * light, 0.0, 255.0));
  };
  return {shade(colour.red), shade(colour.green), shade(colour.blue)};
}

}  // namespace

Sitter::Sitter(Size size, std::uint32_t number, double noise)
    : size_{size},
      number_{number},
      wall_{kWalls[number % kWalls.size()]},
      skin_{kSkins[number % kSkins.size()]},
      shirt_{kShirts[number % kShirts.size()]} {
  std::mt19937 engine{number + 1};
  std::normal_distribution<double> level{0, 1};
  for (std::size_t i = 0; i < kNoise; ++i)
    noise_.push_back(static_cast<std::int8_t>(std::lround(noise * level(engine))));
}

/// `x` from -1 to 1 along the width, `y` from 0 to 1 from above.
Yuv Sitter::colour_at(double x, double y, double sway) const {
  const double head = sway * 0.06;
  if (Ellipse{head - 0.05, 0.40, 0.035, 0.02}.holds(x, y) || Ellipse{head + 0.05, 0.40, 0.035, 0.02}.holds(x, y)) {
    return to_yuv({0x30, 0x28, 0x26});
  }
  if (Ellipse{head, 0.53, 0.06, 0.015 + 0.01 * std::abs(sway)}.holds(x, y)) return to_yuv({0xa0, 0x4a, 0x4a});
  if (Ellipse{head, 0.43, 0.16, 0.20}.holds(x, y)) return to_yuv(shaded(skin_, 1.05 - (x - head) * 0.6));
  if (Ellipse{head, 0.38, 0.19, 0.23}.holds(x, y)) return to_yuv({0x3a, 0x2c, 0x24});
  if (Ellipse{head * 0.5, 1.05, 0.42, 0.38}.holds(x, y)) return to_yuv(shaded(shirt_, 1.1 - std::abs(x)));
  const double light = 0.95 - 0.25 * y + 0.12 * std::sin(3 * x + number_);
  return to_yuv(shaded(wall_, light));
}

VideoFrame Sitter::at(int frame) const {
  VideoFrame picture{size_};
  const double sway = std::sin(frame * 0.07 + number_) + 0.4 * std::sin(frame * 0.19 + 2.0 * number_);
  std::size_t noise = (static_cast<std::size_t>(frame) * 7919 + number_ * 104729U) % kNoise;
  for (int index = 0; index < 3; ++index) {
    const VideoFrame::Plane plane = picture.plane(index);
    const double aspect = static_cast<double>(plane.size.width) / plane.size.height / (16.0 / 9);
    for (int y = 0; y < plane.size.height; ++y) {
      std::uint8_t* const row = plane.data + static_cast<std::ptrdiff_t>(y) * plane.stride;
      for (int x = 0; x < plane.size.width; ++x) {
        const Yuv colour =
            colour_at((2.0 * x / plane.size.width - 1) * aspect, static_cast<double>(y) / plane.size.height, sway);
        const int value = index == 0 ? colour.y : index == 1 ? colour.u : colour.v;
        row[x] = static_cast<std::uint8_t>(std::clamp(value + (index == 0 ? noise_[noise] : 0), 16, 235));
        if (++noise == kNoise) noise = 0;
      }
    }
  }
  return picture;
}

VideoFrame document_at(Size size, int frame) {
  constexpr int kLine = 24;
  constexpr int kFramesOfAPage = 90;
  VideoFrame picture{size};
  fill(picture, {0, 0, size.width, size.height}, to_yuv({0xfb, 0xfb, 0xf8}));
  const Yuv ink = to_yuv({0x40, 0x44, 0x4c});
  const Yuv heading = to_yuv({0x1f, 0x4e, 0x8c});
  std::mt19937 engine{static_cast<std::uint32_t>(frame / kFramesOfAPage)};
  for (int y = kLine * 2; y + kLine < size.height - kLine; y += kLine) {
    const bool is_heading = engine() % 7 == 0;
    int x = size.width / 10;
    const int end = is_heading ? size.width / 2 : size.width * 9 / 10 - static_cast<int>(engine() % 200);
    while (x < end) {
      const int word = std::min(24 + static_cast<int>(engine() % 60), end - x) & ~1;
      if (word < 2) break;
      fill(picture, {x & ~1, y, word, is_heading ? 14 : 8}, is_heading ? heading : ink);
      x += word + 12;
    }
  }
  return picture;
}

}  // namespace sluice::media::bench
