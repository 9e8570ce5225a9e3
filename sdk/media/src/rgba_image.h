#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "look.h"
#include "sluice/media/codec.h"
#include "sluice/media/layout.h"

namespace sluice::media {

/// How much of each pixel is ink: 0 to 255.
struct TextMask {
  Size size{};
  std::vector<std::uint8_t> ink;
};

/// Red, green, blue and alpha, each row after the other, colours multiplied by alpha. Transparent at first.
struct RgbaImage {
  static constexpr std::size_t kChannels = 4;

  explicit RgbaImage(Size of)
      : size{of}, pixels(static_cast<std::size_t>(of.width) * static_cast<std::size_t>(of.height) * kChannels) {}

  [[nodiscard]] std::uint8_t* pixel(int x, int y) noexcept {
    return pixels.data() +
           (static_cast<std::size_t>(y) * static_cast<std::size_t>(size.width) + static_cast<std::size_t>(x)) *
               kChannels;
  }
  [[nodiscard]] const std::uint8_t* pixel(int x, int y) const noexcept {
    return const_cast<RgbaImage*>(this)->pixel(x, y);
  }

  /// Over what is there; `place` lies within the image.
  void fill_round(Rect place, int radius, Colour colour, double opacity);
  /// Over what is there; what reaches out of the image is not drawn.
  void stamp(const TextMask& text, int x, int y, Colour colour);
  void fade(double opacity);

  Size size;
  std::vector<std::uint8_t> pixels;
};

/// How much of the pixel (x, y) a disc of `radius` around (radius, radius) covers, 0 to 1; pixels beyond its centre
/// belong to it.
[[nodiscard]] double corner_coverage(int x, int y, double radius, double centre) noexcept;

}  // namespace sluice::media
