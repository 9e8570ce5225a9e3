#include "fitting.h"

#include <algorithm>
#include <cstdint>

#include "look.h"

namespace sluice::media {
namespace {

using look::even;

int scaled_side(int side, int to, int from) noexcept { return static_cast<int>(std::int64_t{side} * to / from); }

/// Not less than two: a picture of one line has no chroma of its own.
int at_least_two(int side, int most) noexcept { return std::min(std::max(2, even(side)), most); }

}  // namespace

Rect centre_crop(Size picture, Size shape) noexcept {
  const int width = at_least_two(scaled_side(picture.height, shape.width, shape.height), picture.width);
  const int height = at_least_two(scaled_side(picture.width, shape.height, shape.width), picture.height);
  return {even((picture.width - width) / 2), even((picture.height - height) / 2), width, height};
}

Rect centre_fit(Size picture, Rect within) noexcept {
  const int width = at_least_two(scaled_side(within.height, picture.width, picture.height), within.width);
  const int height = at_least_two(scaled_side(within.width, picture.height, picture.width), within.height);
  return {within.x + even((within.width - width) / 2), within.y + even((within.height - height) / 2), width, height};
}

Fitting fit(Size picture, const Tile& tile) noexcept {
  const Rect crop = centre_crop(picture, {tile.place.width, tile.place.height});
  const double seen = static_cast<double>(crop.width) / picture.width * crop.height / picture.height;
  if (tile.fit == Tile::Fit::cover && seen >= look::kLeastSeen) return {crop, tile.place};
  return {{0, 0, picture.width, picture.height}, centre_fit(picture, tile.place)};
}

}  // namespace sluice::media
