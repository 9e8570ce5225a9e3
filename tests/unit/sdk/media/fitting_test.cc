#include "sdk/media/src/fitting.h"

#include <doctest/doctest.h>

namespace sluice::media {
namespace {

constexpr Tile kCamera{0, {10, 20, 320, 180}, Tile::Fit::cover};
constexpr Tile kScreen{0, {10, 20, 320, 180}, Tile::Fit::contain};

}  // namespace

TEST_CASE("a camera fills its tile, and loses its edges") {
  CHECK(fit({1280, 720}, kCamera) == Fitting{{0, 0, 1280, 720}, kCamera.place});
  CHECK(fit({640, 480}, kCamera) == Fitting{{0, 60, 640, 360}, kCamera.place});
  CHECK(fit({1000, 360}, kCamera) == Fitting{{180, 0, 640, 360}, kCamera.place});
  CHECK(fit({480, 480}, kCamera) == Fitting{{0, 104, 480, 270}, kCamera.place});
}

TEST_CASE("a camera that would lose more than half is shown whole") {
  CHECK(fit({360, 640}, kCamera) == Fitting{{0, 0, 360, 640}, {120, 20, 100, 180}});
  CHECK(fit({2000, 200}, kCamera) == Fitting{{0, 0, 2000, 200}, {10, 94, 320, 32}});
}

TEST_CASE("a screen is shown whole in the middle") {
  CHECK(fit({1920, 1080}, kScreen) == Fitting{{0, 0, 1920, 1080}, kScreen.place});
  CHECK(fit({640, 480}, kScreen) == Fitting{{0, 0, 640, 480}, {50, 20, 240, 180}});
  CHECK(fit({300, 900}, kScreen) == Fitting{{0, 0, 300, 900}, {140, 20, 60, 180}});
}

TEST_CASE("whatever the sizes, parts lie within the picture and places within the tile") {
  for (const Tile::Fit how : {Tile::Fit::cover, Tile::Fit::contain}) {
    for (int width = 2; width < 20'000; width = width * 3 / 2 + 1) {
      for (int height = 2; height < 20'000; height = height * 5 / 3 + 1) {
        for (const Size tile : {Size{2, 2}, Size{76, 42}, Size{1280, 720}, Size{720, 1280}, Size{8192, 64}}) {
          const auto [part, place] = fit({width, height}, {0, {4, 6, tile.width, tile.height}, how});
          CAPTURE(width);
          CAPTURE(height);
          REQUIRE((part.x % 2 == 0 && part.y % 2 == 0 && part.x >= 0 && part.y >= 0));
          REQUIRE((part.width >= 2 && part.height >= 2));
          REQUIRE((part.x + part.width <= width && part.y + part.height <= height));
          REQUIRE((place.x | place.y | place.width | place.height) % 2 == 0);
          REQUIRE((place.x >= 4 && place.y >= 6 && place.width >= 2 && place.height >= 2));
          REQUIRE((place.x + place.width <= 4 + tile.width && place.y + place.height <= 6 + tile.height));
        }
      }
    }
  }
}

}  // namespace sluice::media
