#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "sluice/media/codec.h"

/// How composed pictures look: colours, and lengths by the size of the canvas.
namespace sluice::media {

/// sRGB.
struct Colour {
  std::uint8_t red = 0;
  std::uint8_t green = 0;
  std::uint8_t blue = 0;
  friend constexpr bool operator==(const Colour&, const Colour&) noexcept = default;
};

namespace look {

inline constexpr Colour kBackground{0x17, 0x19, 0x1e};
inline constexpr Colour kText{0xff, 0xff, 0xff};
inline constexpr Colour kBand{0x00, 0x00, 0x00};
inline constexpr double kBandOpacity = 0.55;
inline constexpr Colour kSpeaking{0x3c, 0xc9, 0x7a};
/// Behind the initials of cameras that are off.
inline constexpr std::array kCalm{Colour{0x37, 0x47, 0x4f}, Colour{0x35, 0x45, 0x6b}, Colour{0x4a, 0x3f, 0x6b},
                                  Colour{0x5b, 0x3a, 0x5e}, Colour{0x66, 0x3c, 0x4a}, Colour{0x66, 0x47, 0x38},
                                  Colour{0x57, 0x50, 0x30}, Colour{0x3d, 0x57, 0x3b}, Colour{0x2e, 0x58, 0x52},
                                  Colour{0x2b, 0x51, 0x63}};
/// Beside a camera's picture that does not fill its tile.
inline constexpr Colour kBeside{0x26, 0x29, 0x30};
/// How much lighter than its tile the disc of the initials is.
inline constexpr double kDiscLight = 0.22;

/// A picture of which less than that would be seen in its tile is shown whole: a telephone held upright.
inline constexpr double kLeastSeen = 0.5;

constexpr int even(int value) noexcept { return value & ~1; }
constexpr int shorter_side(Size size) noexcept { return std::min(size.width, size.height); }

constexpr int radius(Size canvas) noexcept { return even(shorter_side(canvas) / 72); }
/// Of the frame of who speaks.
constexpr int frame_width(Size canvas) noexcept { return std::max(2, even(shorter_side(canvas) / 180)); }
/// Around a tile that lies on another one.
inline constexpr int kOutlineWidth = 2;

constexpr int label_margin(Size canvas) noexcept { return std::max(2, even(shorter_side(canvas) / 90)); }
/// Larger in larger tiles, but always to be read, and never most of the tile.
constexpr int label_font_size(Size canvas, Size tile) noexcept {
  const int side = shorter_side(canvas);
  return std::min(std::clamp(tile.height / 12, side / 48, side / 36), tile.height / 3);
}
inline constexpr int kSmallestFont = 7;
constexpr int label_padding(int font_size) noexcept { return std::max(2, font_size / 2); }

constexpr int disc_size(Size tile) noexcept { return even(shorter_side(tile) * 45 / 100); }
constexpr int initials_font_size(int disc) noexcept { return disc * 42 / 100; }

constexpr int title_font_size(Size canvas) noexcept { return shorter_side(canvas) / 13; }
constexpr int title_width(Size canvas) noexcept { return canvas.width * 8 / 10; }

/// A watermark that is larger is made smaller.
constexpr Size largest_watermark(Size canvas) noexcept { return {canvas.width / 4, canvas.height / 6}; }
constexpr int watermark_margin(Size canvas) noexcept { return even(shorter_side(canvas) / 36); }

/// Always the same of the same participant.
constexpr Colour calm_colour(std::string_view id) noexcept {
  std::uint32_t hash = 2'166'136'261;  // FNV-1a
  for (const char c : id) hash = (hash ^ static_cast<std::uint8_t>(c)) * 16'777'619;
  return kCalm[hash % kCalm.size()];
}

constexpr Colour lighter(Colour colour, double by) noexcept {
  const auto mix = [by](std::uint8_t value) { return static_cast<std::uint8_t>(value + (255 - value) * by); };
  return {mix(colour.red), mix(colour.green), mix(colour.blue)};
}

}  // namespace look
}  // namespace sluice::media
