#include <algorithm>
#include <cstddef>

#include "canvas.h"

namespace sluice::media {
namespace {

/// Sums of the pixels that share one value of chroma, colours multiplied by alpha.
struct Block {
  int red = 0;
  int green = 0;
  int blue = 0;
  int alpha = 0;
};

Block block_at(const RgbaImage& image, int x, int y) {
  Block sum;
  for (int dy = 0; dy < 2; ++dy) {
    for (int dx = 0; dx < 2; ++dx) {
      // An odd edge is as if it went on.
      const std::uint8_t* pixel =
          image.pixel(std::min(x + dx, image.size.width - 1), std::min(y + dy, image.size.height - 1));
      sum.red += pixel[0];
      sum.green += pixel[1];
      sum.blue += pixel[2];
      sum.alpha += pixel[3];
    }
  }
  return sum;
}

std::uint8_t to_octet(int value) { return static_cast<std::uint8_t>(std::clamp(value, 0, 255)); }

}  // namespace

Overlay::Overlay(const RgbaImage& image) {
  luma_.size = image.size;
  for (int y = 0; y < image.size.height; ++y) {
    for (int x = 0; x < image.size.width; ++x) {
      const std::uint8_t* pixel = image.pixel(x, y);
      const int value = (66 * pixel[0] + 129 * pixel[1] + 25 * pixel[2] + 128) / 256 + (16 * pixel[3] + 127) / 255;
      luma_.values.push_back(to_octet(value));
      luma_.alpha.push_back(pixel[3]);
    }
  }
  u_.size = v_.size = {(image.size.width + 1) / 2, (image.size.height + 1) / 2};
  for (int y = 0; y < image.size.height; y += 2) {
    for (int x = 0; x < image.size.width; x += 2) {
      const Block sum = block_at(image, x, y);
      // Four pixels, and what 128 is of their alpha.
      const int grey = 128 * sum.alpha * 256 / 255;
      u_.values.push_back(to_octet((grey - 38 * sum.red - 74 * sum.green + 112 * sum.blue + 512) / 1024));
      v_.values.push_back(to_octet((grey + 112 * sum.red - 94 * sum.green - 18 * sum.blue + 512) / 1024));
      u_.alpha.push_back(to_octet((sum.alpha + 2) / 4));
    }
  }
  v_.alpha = u_.alpha;
}

}  // namespace sluice::media
