#include "canvas.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace sluice::media {
namespace {

constexpr int kPlanes = 3;

/// Divides by 255, rounded; of 0 to 65,279.
constexpr std::uint32_t by_255(std::uint32_t value) noexcept { return (value + 128 + ((value + 128) >> 8)) >> 8; }

constexpr std::uint8_t mix(std::uint8_t below, std::uint8_t above, std::uint8_t share) noexcept {
  return static_cast<std::uint8_t>(by_255(below * (255U - share) + above * std::uint32_t{share}));
}

constexpr int halved(int value, int plane) noexcept { return plane == 0 ? value : value / 2; }
constexpr Rect halved(Rect rect, int plane) noexcept {
  return {halved(rect.x, plane), halved(rect.y, plane), halved(rect.width, plane), halved(rect.height, plane)};
}
std::uint8_t* row_of(const VideoFrame::Plane& plane, int x, int y) noexcept {
  return plane.data + static_cast<std::ptrdiff_t>(y) * plane.stride + x;
}
std::uint8_t component(Yuv colour, int plane) noexcept {
  return plane == 0 ? colour.y : plane == 1 ? colour.u : colour.v;
}
std::size_t bytes(int count) noexcept { return static_cast<std::size_t>(std::max(count, 0)); }

/// The corner's row for row `y` of `height`; nothing where that has no corner.
const std::uint8_t* corner_row(const std::vector<std::uint8_t>& mask, int radius, int y, int height) noexcept {
  const int from_end = std::min(y, height - 1 - y);
  return from_end < radius ? mask.data() + static_cast<std::ptrdiff_t>(from_end) * radius : nullptr;
}

void draw_plane(const VideoFrame::Plane& to, const VideoFrame::Plane& from, Rect place, int radius,
                const std::vector<std::uint8_t>& mask) {
  for (int y = 0; y < place.height; ++y) {
    std::uint8_t* const out = row_of(to, place.x, place.y + y);
    const std::uint8_t* const in = row_of(from, 0, y);
    const std::uint8_t* const corner = corner_row(mask, radius, y, place.height);
    if (corner == nullptr) {
      std::memcpy(out, in, bytes(place.width));
      continue;
    }
    std::memcpy(out + radius, in + radius, bytes(place.width - 2 * radius));
    for (int x = 0; x < radius; ++x) {
      const int mirrored = place.width - 1 - x;
      out[x] = mix(out[x], in[x], corner[x]);
      out[mirrored] = mix(out[mirrored], in[mirrored], corner[x]);
    }
  }
}

void ring_plane(const VideoFrame::Plane& to, Rect place, int width, std::uint8_t value, int radius,
                const std::vector<std::uint8_t>& mask) {
  for (int y = 0; y < place.height; ++y) {
    std::uint8_t* const out = row_of(to, place.x, place.y + y);
    if (std::min(y, place.height - 1 - y) < width) std::memset(out + radius, value, bytes(place.width - 2 * radius));
    const std::uint8_t* const corner = corner_row(mask, radius, y, place.height);
    if (corner == nullptr) {
      std::memset(out, value, bytes(width));
      std::memset(out + place.width - width, value, bytes(width));
      continue;
    }
    for (int x = 0; x < radius; ++x) {
      const int mirrored = place.width - 1 - x;
      out[x] = mix(out[x], value, corner[x]);
      out[mirrored] = mix(out[mirrored], value, corner[x]);
    }
  }
}

void blend_row(std::uint8_t* out, const std::uint8_t* values, const std::uint8_t* alpha, int count) {
  for (int i = 0; i < count; ++i) {
    const auto below = static_cast<std::uint16_t>(out[i] * (255 - alpha[i]) + 128);
    const auto seen = static_cast<std::uint16_t>((below + (below >> 8)) >> 8);
    out[i] = static_cast<std::uint8_t>(std::min(255, seen + values[i]));
  }
}

void blend_plane(const VideoFrame::Plane& to, const Overlay::Plane& overlay, int x, int y) {
  const int width = std::min(overlay.size.width, to.size.width - x);
  const int height = std::min(overlay.size.height, to.size.height - y);
  for (int row = 0; row < height; ++row) {
    const auto at = static_cast<std::size_t>(row) * static_cast<std::size_t>(overlay.size.width);
    blend_row(row_of(to, x, y + row), overlay.values.data() + at, overlay.alpha.data() + at, width);
  }
}

std::vector<std::uint8_t> quarter(const std::vector<std::uint8_t>& mask, int side) {
  std::vector<std::uint8_t> half;
  const auto at = [&](int x, int y) { return mask[static_cast<std::size_t>(y * side + x)]; };
  for (int y = 0; y < side; y += 2) {
    for (int x = 0; x < side; x += 2) {
      half.push_back(static_cast<std::uint8_t>((at(x, y) + at(x + 1, y) + at(x, y + 1) + at(x + 1, y + 1) + 2) / 4));
    }
  }
  return half;
}

template <typename Coverage>
CornerMask corner_of(int radius, Coverage coverage) {
  CornerMask mask{radius, {}, {}};
  for (int y = 0; y < radius; ++y) {
    for (int x = 0; x < radius; ++x) mask.luma.push_back(static_cast<std::uint8_t>(std::lround(255 * coverage(x, y))));
  }
  mask.chroma = quarter(mask.luma, radius);
  return mask;
}

template <typename Draw>
void each_plane(const VideoFrame& canvas, Draw draw_one) {
  for (int plane = 0; plane < kPlanes; ++plane) draw_one(canvas.plane(plane), plane);
}

}  // namespace

CornerMask round_corner(int radius) {
  return corner_of(radius, [radius](int x, int y) { return corner_coverage(x, y, radius, radius); });
}

CornerMask ring_corner(int radius, int width) {
  return corner_of(radius, [radius, width](int x, int y) {
    return corner_coverage(x, y, radius, radius) - corner_coverage(x, y, std::max(0, radius - width), radius);
  });
}

void fill(const VideoFrame& canvas, Rect place, Yuv colour) {
  each_plane(canvas, [&](const VideoFrame::Plane& plane, int index) {
    const Rect part = halved(place, index);
    for (int y = 0; y < part.height; ++y) {
      std::memset(row_of(plane, part.x, part.y + y), component(colour, index), bytes(part.width));
    }
  });
}

void copy(const VideoFrame& canvas, const VideoFrame& from, Rect place) {
  each_plane(canvas, [&](const VideoFrame::Plane& plane, int index) {
    const Rect part = halved(place, index);
    const VideoFrame::Plane source = from.plane(index);
    for (int y = part.y; y < part.y + part.height; ++y) {
      std::memcpy(row_of(plane, part.x, y), row_of(source, part.x, y), bytes(part.width));
    }
  });
}

void draw(const VideoFrame& canvas, const VideoFrame& picture, Rect place, const CornerMask& corner) {
  each_plane(canvas, [&](const VideoFrame::Plane& plane, int index) {
    draw_plane(plane, picture.plane(index), halved(place, index), halved(corner.radius, index),
               index == 0 ? corner.luma : corner.chroma);
  });
}

void draw_ring(const VideoFrame& canvas, Rect place, int width, Yuv colour, const CornerMask& ring) {
  each_plane(canvas, [&](const VideoFrame::Plane& plane, int index) {
    ring_plane(plane, halved(place, index), halved(width, index), component(colour, index), halved(ring.radius, index),
               index == 0 ? ring.luma : ring.chroma);
  });
}

void blend(const VideoFrame& canvas, const Overlay& overlay, int x, int y) {
  blend_plane(canvas.plane(0), overlay.luma(), x, y);
  blend_plane(canvas.plane(1), overlay.u(), x / 2, y / 2);
  blend_plane(canvas.plane(2), overlay.v(), x / 2, y / 2);
}

}  // namespace sluice::media
