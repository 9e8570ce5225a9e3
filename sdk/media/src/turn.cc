#include "sluice/media/turn.h"

#include <algorithm>
#include <cstddef>

#include "picture_converter.h"
#include "sluice/media/frame.h"

namespace sluice::media {

namespace {

/// Pixels each way. What is read by columns stays in the cache for the columns beside it.
constexpr int kBlock = 32;

/// A plane that is read in another direction: where its first pixel is, and how far the next ones are.
struct View {
  const std::uint8_t* first;
  std::ptrdiff_t to_right;
  std::ptrdiff_t down;
};

View view_of(const VideoFrame::Plane& plane, Turn turn) noexcept {
  const std::ptrdiff_t row = plane.stride;
  const std::ptrdiff_t last_column = plane.size.width - 1;
  const std::uint8_t* const last_row = plane.data + row * (plane.size.height - 1);
  switch (turn) {
    case Turn::quarter:
      return {.first = last_row, .to_right = -row, .down = 1};
    case Turn::half:
      return {.first = last_row + last_column, .to_right = -1, .down = -row};
    case Turn::three_quarters:
      return {.first = plane.data + last_column, .to_right = row, .down = -1};
    default:
      return {.first = plane.data, .to_right = 1, .down = row};
  }
}

struct Range {
  int begin;
  int end;
};

void copy_block(const View& from, const VideoFrame::Plane& to, Range rows, Range columns) noexcept {
  for (int y = rows.begin; y < rows.end; ++y) {
    std::uint8_t* const row = to.data + std::ptrdiff_t{to.stride} * y;
    for (int x = columns.begin; x < columns.end; ++x) row[x] = from.first[from.down * y + from.to_right * x];
  }
}

void copy(const View& from, const VideoFrame::Plane& to) noexcept {
  const auto [width, height] = to.size;
  for (int y = 0; y < height; y += kBlock) {
    for (int x = 0; x < width; x += kBlock) {
      copy_block(from, to, {y, std::min(y + kBlock, height)}, {x, std::min(x + kBlock, width)});
    }
  }
}

}  // namespace

VideoFrame turned(const VideoFrame& picture, Turn turn) {
  if (!picture || turn == Turn::none) return picture;
  const auto [width, height] = picture.size();
  const Size size = turn == Turn::half ? Size{width, height} : Size{height, width};
  VideoFrame out{ffmpeg::make_picture(size, AV_PIX_FMT_YUV420P).release()};
  for (int i = 0; i < 3; ++i) copy(view_of(picture.plane(i), turn), out.plane(i));
  out.pts = picture.pts;
  return out;
}

}  // namespace sluice::media
