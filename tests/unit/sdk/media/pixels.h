#pragma once

#include <cstdlib>
#include <ostream>

#include "sdk/media/src/canvas.h"
#include "sluice/media/frame.h"

/// Pictures of one colour, and looking at single pixels.
namespace sluice::media {

constexpr bool operator==(const Yuv& a, const Yuv& b) noexcept { return a.y == b.y && a.u == b.u && a.v == b.v; }
inline std::ostream& operator<<(std::ostream& out, const Yuv& colour) {
  return out << '(' << int{colour.y} << ' ' << int{colour.u} << ' ' << int{colour.v} << ')';
}

namespace testing {

inline constexpr Yuv kRed{81, 90, 240};
inline constexpr Yuv kGreen{145, 54, 34};
inline constexpr Yuv kBlue{41, 240, 110};

inline VideoFrame plain(Size size, Yuv colour) {
  VideoFrame frame{size};
  for (int index = 0; index < 3; ++index) {
    const auto [data, stride, plane] = frame.plane(index);
    const std::uint8_t value = index == 0 ? colour.y : index == 1 ? colour.u : colour.v;
    for (int i = 0; i < stride * plane.height; ++i) data[i] = value;
  }
  return frame;
}

/// Left half, right half.
inline VideoFrame halves(Size size, Yuv left, Yuv right) {
  VideoFrame frame = plain(size, left);
  for (int index = 0; index < 3; ++index) {
    const auto [data, stride, plane] = frame.plane(index);
    const std::uint8_t value = index == 0 ? right.y : index == 1 ? right.u : right.v;
    for (int y = 0; y < plane.height; ++y) {
      for (int x = plane.width / 2; x < plane.width; ++x) data[y * stride + x] = value;
    }
  }
  return frame;
}

inline Yuv pixel(const VideoFrame& frame, int x, int y) {
  const auto at = [&frame](int index, int column, int row) {
    const auto plane = frame.plane(index);
    return plane.data[row * plane.stride + column];
  };
  return {at(0, x, y), at(1, x / 2, y / 2), at(2, x / 2, y / 2)};
}

/// libswscale rounds.
inline bool is_about(Yuv a, Yuv b, int tolerance = 2) {
  return std::abs(a.y - b.y) <= tolerance && std::abs(a.u - b.u) <= tolerance && std::abs(a.v - b.v) <= tolerance;
}

/// How many pixels differ in luma.
inline int differences(const VideoFrame& a, const VideoFrame& b, Rect within) {
  int count = 0;
  for (int y = within.y; y < within.y + within.height; ++y) {
    for (int x = within.x; x < within.x + within.width; ++x) count += pixel(a, x, y).y == pixel(b, x, y).y ? 0 : 1;
  }
  return count;
}

}  // namespace testing
}  // namespace sluice::media
