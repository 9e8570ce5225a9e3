#include "rgba_image.h"

#include <algorithm>
#include <cmath>

namespace sluice::media {
namespace {

void put_over(std::uint8_t* pixel, Colour colour, double alpha) {
  const auto over = [alpha](std::uint8_t below, int above) {
    return static_cast<std::uint8_t>(std::lround(below * (1 - alpha) + above * alpha));
  };
  pixel[0] = over(pixel[0], colour.red);
  pixel[1] = over(pixel[1], colour.green);
  pixel[2] = over(pixel[2], colour.blue);
  pixel[3] = over(pixel[3], 255);
}

}  // namespace

double corner_coverage(int x, int y, double radius, double centre) noexcept {
  const double dx = std::max(0.0, centre - (x + 0.5));
  const double dy = std::max(0.0, centre - (y + 0.5));
  return std::clamp(radius - std::hypot(dx, dy) + 0.5, 0.0, 1.0);
}

void RgbaImage::fill_round(Rect place, int radius, Colour colour, double opacity) {
  for (int y = 0; y < place.height; ++y) {
    for (int x = 0; x < place.width; ++x) {
      const int from_side = std::min(x, place.width - 1 - x);
      const int from_end = std::min(y, place.height - 1 - y);
      const double coverage = corner_coverage(from_side, from_end, radius, radius);
      put_over(pixel(place.x + x, place.y + y), colour, radius > 0 ? opacity * coverage : opacity);
    }
  }
}

void RgbaImage::stamp(const TextMask& text, int x, int y, Colour colour) {
  for (int row = std::max(0, -y); row < std::min(text.size.height, size.height - y); ++row) {
    for (int column = std::max(0, -x); column < std::min(text.size.width, size.width - x); ++column) {
      const auto at =
          static_cast<std::size_t>(row) * static_cast<std::size_t>(text.size.width) + static_cast<std::size_t>(column);
      put_over(pixel(x + column, y + row), colour, text.ink[at] / 255.0);
    }
  }
}

void RgbaImage::fade(double opacity) {
  for (std::uint8_t& value : pixels) value = static_cast<std::uint8_t>(std::lround(value * opacity));
}

}  // namespace sluice::media
