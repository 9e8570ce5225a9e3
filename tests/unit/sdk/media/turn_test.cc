#include "sluice/media/turn.h"

#include <doctest/doctest.h>

#include "sluice/media/frame.h"

namespace sluice::media {
namespace {

/// No two pixels beside each other are alike, nor are the planes.
VideoFrame pattern(Size size) {
  VideoFrame picture{size};
  picture.pts = MediaTime{77};
  for (int i = 0; i < 3; ++i) {
    const auto [data, stride, plane] = picture.plane(i);
    for (int y = 0; y < plane.height; ++y) {
      for (int x = 0; x < plane.width; ++x) data[y * stride + x] = static_cast<std::uint8_t>(x * 7 + y * 31 + i * 100);
    }
  }
  return picture;
}

std::uint8_t at(const VideoFrame::Plane& plane, int x, int y) { return plane.data[y * plane.stride + x]; }

/// What a picture shows at (x, y) once it has been turned.
std::uint8_t expected(const VideoFrame::Plane& from, Turn turn, int x, int y) {
  const int right = from.size.width - 1;
  const int bottom = from.size.height - 1;
  if (turn == Turn::quarter) return at(from, y, bottom - x);
  if (turn == Turn::half) return at(from, right - x, bottom - y);
  if (turn == Turn::three_quarters) return at(from, right - y, x);
  return at(from, x, y);
}

int differences(const VideoFrame& from, const VideoFrame& to, Turn turn) {
  int count = 0;
  for (int i = 0; i < 3; ++i) {
    const auto plane = to.plane(i);
    for (int y = 0; y < plane.size.height; ++y) {
      for (int x = 0; x < plane.size.width; ++x) count += at(plane, x, y) != expected(from.plane(i), turn, x, y);
    }
  }
  return count;
}

constexpr std::array<Turn, 4> kTurns{Turn::none, Turn::quarter, Turn::half, Turn::three_quarters};

}  // namespace

TEST_CASE("every pixel of a turned picture is where it belongs, whatever the size") {
  for (const Size size : {Size{64, 32}, Size{160, 90}, Size{37, 21}, Size{33, 1}, Size{1, 1}}) {
    const VideoFrame picture = pattern(size);
    for (const Turn turn : kTurns) {
      CAPTURE(size.width);
      CAPTURE(degrees_of(turn));
      const VideoFrame out = turned(picture, turn);
      const bool lies = turn == Turn::quarter || turn == Turn::three_quarters;
      CHECK(out.size() == (lies ? Size{size.height, size.width} : size));
      CHECK(differences(picture, out, turn) == 0);
      CHECK(out.pts == picture.pts);
    }
  }
}

TEST_CASE("a quarter is clockwise: what was left is on top") {
  VideoFrame picture{Size{2, 1}};
  picture.plane(0).data[0] = 200;
  picture.plane(0).data[1] = 30;
  const VideoFrame quarter = turned(picture, Turn::quarter);
  REQUIRE(quarter.size() == Size{1, 2});
  CHECK(int{at(quarter.plane(0), 0, 0)} == 200);
  CHECK(int{at(quarter.plane(0), 0, 1)} == 30);
}

TEST_CASE("what needs no turning is not copied") {
  const VideoFrame picture = pattern({16, 8});
  CHECK(turned(picture, Turn::none).get() == picture.get());
  CHECK(!turned(VideoFrame{}, Turn::half));
}

TEST_CASE("turns are multiples of 90 degrees below a whole one") {
  for (const Turn turn : kTurns) CHECK(turn_by(degrees_of(turn)) == turn);
  for (const int degrees : {-90, 1, 45, 360, 450}) CHECK(!turn_by(degrees));
}

}  // namespace sluice::media
