#pragma once

#include <cstdint>
#include <vector>

#include "rgba_image.h"
#include "sluice/media/frame.h"
#include "sluice/media/layout.h"

namespace sluice::media {

struct Yuv {
  std::uint8_t y = 16;
  std::uint8_t u = 128;
  std::uint8_t v = 128;
};

/// ITU-R BT.601 in the limited range, as browsers code what cameras see.
[[nodiscard]] constexpr Yuv to_yuv(Colour colour) noexcept {
  const int r = colour.red;
  const int g = colour.green;
  const int b = colour.blue;
  return {static_cast<std::uint8_t>(16 + (66 * r + 129 * g + 25 * b + 128) / 256),
          static_cast<std::uint8_t>((128 * 256 - 38 * r - 74 * g + 112 * b + 128) / 256),
          static_cast<std::uint8_t>((128 * 256 + 112 * r - 94 * g - 18 * b + 128) / 256)};
}

/// A small picture with transparency, ready to be blended: colours multiplied by alpha, as 4:2:0.
class Overlay {
 public:
  Overlay() = default;
  explicit Overlay(const RgbaImage& image);
  [[nodiscard]] Size size() const noexcept { return luma_.size; }
  struct Plane {
    Size size{};
    std::vector<std::uint8_t> alpha;
    std::vector<std::uint8_t> values;
  };
  [[nodiscard]] const Plane& luma() const noexcept { return luma_; }
  [[nodiscard]] const Plane& u() const noexcept { return u_; }
  [[nodiscard]] const Plane& v() const noexcept { return v_; }

 private:
  Plane luma_;
  Plane u_;
  Plane v_;
};

/// How much of the pixels in the top left corner belongs to a shape, 0 to 255: `radius` rows of `radius`, and half of
/// them for the chroma. The other corners are its mirror images.
struct CornerMask {
  int radius = 0;
  std::vector<std::uint8_t> luma;
  std::vector<std::uint8_t> chroma;
};
/// Of a rectangle with round corners; `radius` is even.
[[nodiscard]] CornerMask round_corner(int radius);
/// Of the line of `width` along the inside of its edge.
[[nodiscard]] CornerMask ring_corner(int radius, int width);

// Drawing on a picture that nobody else holds. Places are even and lie within it.

void fill(const VideoFrame& canvas, Rect place, Yuv colour);
/// The same place of another picture of the canvas's size.
void copy(const VideoFrame& canvas, const VideoFrame& from, Rect place);
/// A picture of the size of `place`.
void draw(const VideoFrame& canvas, const VideoFrame& picture, Rect place, const CornerMask& corner);
/// A line along the inside of the edge of `place`.
void draw_ring(const VideoFrame& canvas, Rect place, int width, Yuv colour, const CornerMask& ring);
/// With its top left pixel at (x, y), both even; what reaches out of the canvas is not drawn.
void blend(const VideoFrame& canvas, const Overlay& overlay, int x, int y);

}  // namespace sluice::media
