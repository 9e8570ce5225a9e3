#include "sluice/media/layout.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <ostream>

namespace sluice::media {

std::ostream& operator<<(std::ostream& out, const Rect& rect) {
  return out << rect.width << 'x' << rect.height << '+' << rect.x << '+' << rect.y;
}

namespace {

using Scene = std::vector<SceneSource>;

constexpr std::array kCanvases{Size{640, 360},  Size{854, 480}, Size{1280, 720}, Size{1920, 1080},
                               Size{720, 1280}, Size{640, 480}, Size{480, 640},  Size{1080, 1080}};

Scene cameras(std::size_t count) {
  Scene scene;
  for (std::size_t i = 0; i < count; ++i) scene.push_back({.id = "c" + std::to_string(i), .label = "Name"});
  return scene;
}

Scene with_screens(std::size_t camera_count, std::size_t screens) {
  Scene scene = cameras(camera_count);
  for (std::size_t i = 0; i < screens; ++i) {
    scene.push_back({.id = "s" + std::to_string(i), .label = "Screen", .screen = true});
  }
  return scene;
}

bool overlap(const Rect& a, const Rect& b) {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

bool is_even_and_within(const Rect& rect, Size canvas) {
  const bool is_even = (rect.x | rect.y | rect.width | rect.height) % 2 == 0;
  return is_even && rect.x >= 0 && rect.y >= 0 && rect.width >= 2 && rect.height >= 2 &&
         rect.x + rect.width <= canvas.width && rect.y + rect.height <= canvas.height;
}

std::size_t overlaps(const std::vector<Tile>& tiles) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < tiles.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) count += overlap(tiles[i].place, tiles[j].place) ? 1 : 0;
  }
  return count;
}

std::vector<std::size_t> sources_of(const std::vector<Tile>& tiles) {
  std::vector<std::size_t> sources;
  for (const Tile& tile : tiles) sources.push_back(tile.source);
  return sources;
}

double share(const std::vector<Tile>& tiles, Size canvas) {
  double area = 0;
  for (const Tile& tile : tiles) area += tile.place.width * tile.place.height;
  return area / (canvas.width * canvas.height);
}

}  // namespace

TEST_CASE("tiles of any layout are even and within the canvas") {
  for (const Size canvas : kCanvases) {
    for (const LayoutKind kind : {LayoutKind::grid, LayoutKind::speaker, LayoutKind::presentation}) {
      for (std::size_t count = 1; count <= 60; ++count) {
        for (std::size_t screens : {0, 1, 2, 3, 4, 7}) {
          const Scene scene = with_screens(count - 1, screens);
          CAPTURE(canvas.width);
          CAPTURE(canvas.height);
          CAPTURE(count);
          CAPTURE(screens);
          const auto tiles = arrange(kind, scene, canvas, 60);
          REQUIRE(tiles.empty() == scene.empty());
          for (const Tile& tile : tiles) {
            REQUIRE_MESSAGE(is_even_and_within(tile.place, canvas), tile.place);
            REQUIRE(tile.source < scene.size());
          }
        }
      }
    }
  }
}

TEST_CASE("only the camera in a presentation's corner overlaps, and it is the last") {
  for (const Size canvas : kCanvases) {
    for (std::size_t count = 1; count <= 60; ++count) {
      CHECK(overlaps(arrange(LayoutKind::grid, cameras(count), canvas, 60)) == 0);
      CHECK(overlaps(arrange(LayoutKind::speaker, cameras(count), canvas, 60)) == 0);
    }
    for (const std::size_t screens : {1, 2, 3, 4, 5}) {
      auto tiles = arrange(LayoutKind::presentation, with_screens(3, screens), canvas);
      REQUIRE(tiles.size() == std::min<std::size_t>(screens, 4) + 1);
      CHECK(tiles.back().source < 3);
      tiles.pop_back();
      CHECK(overlaps(tiles) == 0);
    }
  }
}

TEST_CASE("a grid's tiles are equal, of 16:9, and in the order of the scene") {
  for (const Size canvas : kCanvases) {
    for (std::size_t count = 2; count <= 60; ++count) {
      const auto tiles = arrange(LayoutKind::grid, cameras(count), canvas, 60);
      REQUIRE(tiles.size() == count);
      for (std::size_t i = 0; i < count; ++i) {
        const Rect& place = tiles[i].place;
        CHECK(tiles[i].source == i);
        CHECK(place.width == tiles[0].place.width);
        CHECK(place.height == tiles[0].place.height);
        if (i > 0) CHECK((place.y > tiles[i - 1].place.y || place.x > tiles[i - 1].place.x));
      }
      const Rect& place = tiles[0].place;
      CHECK(std::abs(place.width * 9 - place.height * 16) <= 2 * 16 + 2 * 9);
    }
  }
}

TEST_CASE("no other number of columns makes a grid's tiles larger") {
  for (const Size canvas : kCanvases) {
    for (int count = 2; count <= 60; ++count) {
      const auto tiles = arrange(LayoutKind::grid, cameras(static_cast<std::size_t>(count)), canvas, 60);
      for (int columns = 1; columns <= count; ++columns) {
        const int rows = (count + columns - 1) / columns;
        const int width = std::min(canvas.width / columns, canvas.height / rows * 16 / 9);
        CAPTURE(count);
        CAPTURE(columns);
        // Gaps and evenness cost some pixels.
        CHECK(tiles[0].place.width >= width * 0.88 - 4);
      }
    }
  }
}

TEST_CASE("nine at 720p") {
  const auto tiles = arrange(LayoutKind::grid, cameras(9), {1280, 720});
  REQUIRE(tiles.size() == 9);
  CHECK(tiles[0].place == Rect{22, 10, 406, 228});
  CHECK(tiles[4].place == Rect{436, 246, 406, 228});
  CHECK(tiles[8].place == Rect{850, 482, 406, 228});
}

TEST_CASE("the last row of a grid stands in the middle") {
  const Size canvas{1280, 720};
  for (const std::size_t count : {3, 5, 7, 8, 11, 23}) {
    const auto tiles = arrange(LayoutKind::grid, cameras(count), canvas, 60);
    const int bottom = tiles.back().place.y;
    const auto first = std::ranges::find(tiles, bottom, [](const Tile& tile) { return tile.place.y; });
    const int left = first->place.x;
    const int right = canvas.width - tiles.back().place.x - tiles.back().place.width;
    CHECK(std::abs(left - right) <= 2);
  }
}

TEST_CASE("one alone has the whole canvas") {
  for (const LayoutKind kind : {LayoutKind::grid, LayoutKind::speaker, LayoutKind::presentation}) {
    const auto tiles = arrange(kind, cameras(1), {1280, 720});
    REQUIRE(tiles.size() == 1);
    CHECK(tiles[0].place == Rect{0, 0, 1280, 720});
    CHECK(tiles[0].fit == Tile::Fit::cover);
  }
}

TEST_CASE("who speaks does not move a grid") {
  Scene scene = cameras(12);
  const auto before = arrange(LayoutKind::grid, scene, {1280, 720});
  for (std::size_t speaker = 0; speaker < scene.size(); ++speaker) {
    scene[speaker].speaking = true;
    CHECK(arrange(LayoutKind::grid, scene, {1280, 720}) == before);
    scene[speaker].speaking = false;
  }
}

TEST_CASE("of too many, those that speak and screens are shown, in the order of the scene") {
  Scene scene = cameras(40);
  scene[30].speaking = true;
  scene[35].screen = true;
  CHECK(sources_of(arrange(LayoutKind::grid, scene, {1280, 720}, 4)) == std::vector<std::size_t>{0, 1, 30, 35});
  CHECK(sources_of(arrange(LayoutKind::grid, scene, {1280, 720}, 1)) == std::vector<std::size_t>{30});
  CHECK(arrange(LayoutKind::grid, scene, {1280, 720}, 0).empty());
  CHECK(arrange(LayoutKind::grid, scene, {1280, 720}).size() == 25);
}

TEST_CASE("the dominant speaker stands large beside a strip of the others") {
  Scene scene = cameras(9);
  scene[3].speaking = true;
  const auto tiles = arrange(LayoutKind::speaker, scene, {1280, 720});
  CHECK(sources_of(tiles) == std::vector<std::size_t>{3, 0, 1, 2, 4, 5});
  CHECK(tiles[0].place == Rect{8, 8, 1018, 704});
  CHECK(tiles[1].place == Rect{1034, 14, 238, 132});
  CHECK(tiles[5].place == Rect{1034, 574, 238, 132});

  SUBCASE("a shorter strip has tiles of the same size in the middle") {
    Scene two = cameras(2);
    two[1].speaking = true;
    const auto both = arrange(LayoutKind::speaker, two, {1280, 720});
    CHECK(sources_of(both) == std::vector<std::size_t>{1, 0});
    CHECK(both[1].place == Rect{1034, 294, 238, 132});
  }
  SUBCASE("a high canvas has its strip below") {
    const auto high = arrange(LayoutKind::speaker, scene, {720, 1280});
    CHECK(high[1].place.y > high[0].place.y + high[0].place.height);
    CHECK(high[1].place.y == high[5].place.y);
  }
  SUBCASE("without a speaker the first camera that is on leads") {
    scene[3].speaking = false;
    scene[0].has_video = false;
    CHECK(arrange(LayoutKind::speaker, scene, {1280, 720})[0].source == 1);
  }
  SUBCASE("screens come first in the strip's choice") {
    scene[8].screen = true;
    CHECK(sources_of(arrange(LayoutKind::speaker, scene, {1280, 720})) == std::vector<std::size_t>{3, 0, 1, 2, 4, 8});
  }
}

TEST_CASE("a strip takes most of the canvas together with its stage") {
  for (const Size canvas : kCanvases) {
    CHECK(share(arrange(LayoutKind::speaker, cameras(6), canvas), canvas) > 0.75);
  }
}

TEST_CASE("a shared screen is shown whole, with the speaking camera in the corner") {
  Scene scene = with_screens(4, 1);
  scene[2].speaking = true;
  const auto tiles = arrange(LayoutKind::presentation, scene, {1280, 720});
  REQUIRE(tiles.size() == 2);
  CHECK(tiles[0] == Tile{4, {0, 0, 1280, 720}, Tile::Fit::contain});
  CHECK(tiles[1] == Tile{2, {1016, 568, 256, 144}, Tile::Fit::cover});

  SUBCASE("a screen of nobody's camera stands alone") {
    CHECK(arrange(LayoutKind::presentation, with_screens(0, 1), {1280, 720}).size() == 1);
  }
  SUBCASE("several screens stand side by side") {
    const auto two = arrange(LayoutKind::presentation, with_screens(1, 2), {1280, 720});
    CHECK(two[0] == Tile{1, {8, 8, 628, 704}, Tile::Fit::contain});
    CHECK(two[1] == Tile{2, {644, 8, 628, 704}, Tile::Fit::contain});
    CHECK(two[2].source == 0);
  }
  SUBCASE("one above the other where the canvas is high") {
    const auto two = arrange(LayoutKind::presentation, with_screens(0, 2), {720, 1280});
    CHECK(two[0].place.x == two[1].place.x);
    CHECK(two[0].place.y < two[1].place.y);
  }
}

TEST_CASE("a presentation without a screen is the layout of the speaker") {
  Scene scene = cameras(5);
  scene[1].speaking = true;
  CHECK(arrange(LayoutKind::presentation, scene, {1280, 720}) == arrange(LayoutKind::speaker, scene, {1280, 720}));
}

TEST_CASE("an empty scene has no tiles") {
  CHECK(arrange(LayoutKind::grid, {}, {1280, 720}).empty());
  CHECK(arrange(LayoutKind::speaker, {}, {1280, 720}).empty());
  CHECK(arrange(LayoutKind::presentation, {}, {1280, 720}).empty());
}

}  // namespace sluice::media
