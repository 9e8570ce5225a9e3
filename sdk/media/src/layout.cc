#include "sluice/media/layout.h"

#include <algorithm>
#include <optional>

namespace sluice::media {
namespace {

constexpr std::size_t kStripTiles = 5;
constexpr std::size_t kScreens = 4;
constexpr int kGapShare = 90;     ///< a gap is this part of the canvas's shorter side
constexpr int kStripShare = 5;    ///< a strip takes this part of the canvas's longer side
constexpr int kCornerShare = 5;   ///< the camera in the corner is as wide as this part of the canvas
constexpr int kSmallestSide = 2;  ///< below that there is no chroma

using Sources = std::vector<std::size_t>;

constexpr int even(int value) { return value & ~1; }
constexpr bool is_landscape(Size size) { return size.width >= size.height; }
constexpr int gap_of(Size canvas) { return std::max(2, even(std::min(canvas.width, canvas.height) / kGapShare)); }
constexpr Rect inset(Rect rect, int by) {
  return {rect.x + by, rect.y + by, rect.width - 2 * by, rect.height - 2 * by};
}

Size largest_16_9(Size within) {
  const int width = std::min(within.width, within.height * 16 / 9);
  return {even(width), even(width * 9 / 16)};
}

struct Raster {
  int columns = 1;
  int rows = 1;
  Size cell{};
};

Raster raster_of(int count, int columns, Size area, int gap) {
  const int rows = (count + columns - 1) / columns;
  return {columns, rows, {(area.width - gap * (columns - 1)) / columns, (area.height - gap * (rows - 1)) / rows}};
}

/// The one whose tiles of 16:9 are the largest.
Raster best_raster(int count, Size area, int gap) {
  Raster best;
  int most = -1;
  for (int columns = 1; columns <= count; ++columns) {
    const Raster raster = raster_of(count, columns, area, gap);
    const Size tile = largest_16_9(raster.cell);
    if (tile.width * tile.height <= most) continue;
    most = tile.width * tile.height;
    best = raster;
  }
  return best;
}

/// Rows of equal tiles, in the middle of `area`, so the last row, too.
std::vector<Rect> rows_of_tiles(int count, const Raster& raster, Size tile, Rect area, int gap) {
  std::vector<Rect> places;
  const int height = raster.rows * tile.height + (raster.rows - 1) * gap;
  for (int row = 0; row < raster.rows; ++row) {
    const int in_row = std::min(raster.columns, count - row * raster.columns);
    const int width = in_row * tile.width + (in_row - 1) * gap;
    const int left = area.x + even((area.width - width) / 2);
    const int top = area.y + even((area.height - height) / 2) + row * (tile.height + gap);
    for (int column = 0; column < in_row; ++column) {
      places.push_back({left + column * (tile.width + gap), top, tile.width, tile.height});
    }
  }
  return places;
}

class Arrangement {
 public:
  Arrangement(std::span<const SceneSource> scene, Size canvas)
      : scene_{scene}, canvas_{canvas}, whole_{0, 0, even(canvas.width), even(canvas.height)}, gap_{gap_of(canvas)} {}

  void grid(const Sources& sources) {
    if (sources.size() == 1) return add(sources.front(), whole_);
    const Rect area = inset(whole_, gap_);
    const int count = static_cast<int>(sources.size());
    const Raster raster = best_raster(count, {area.width, area.height}, gap_);
    add(sources, rows_of_tiles(count, raster, largest_16_9(raster.cell), area, gap_));
  }

  void speaker(std::size_t dominant, const Sources& others) {
    if (others.empty()) return add(dominant, whole_);
    const Rect area = inset(whole_, gap_);
    const bool at_the_side = is_landscape(canvas_);
    // As large as in a full strip, so that nobody's tile changes its size when others come.
    const int room = static_cast<int>(kStripTiles);
    const Size strip =
        at_the_side ? Size{area.width / kStripShare, area.height} : Size{area.width, area.height / kStripShare};
    const Size tile = largest_16_9(raster_of(room, at_the_side ? 1 : room, strip, gap_).cell);
    Rect stage = area;
    Rect rest = area;
    if (at_the_side) {
      stage.width -= tile.width + gap_;
      rest = {stage.x + stage.width + gap_, area.y, tile.width, area.height};
    } else {
      stage.height -= tile.height + gap_;
      rest = {area.x, stage.y + stage.height + gap_, area.width, tile.height};
    }
    add(dominant, stage);
    const int count = static_cast<int>(others.size());
    const Raster raster = raster_of(count, at_the_side ? 1 : count, {rest.width, rest.height}, gap_);
    add(others, rows_of_tiles(count, raster, tile, rest, gap_));
  }

  void presentation(const Sources& screens, std::optional<std::size_t> camera) {
    if (screens.size() == 1) {
      add(screens.front(), whole_);
    } else {
      side_by_side(screens);
    }
    if (!camera) return;
    const Size size = largest_16_9({whole_.width / kCornerShare, whole_.height / kCornerShare});
    add(*camera, {whole_.width - gap_ - size.width, whole_.height - gap_ - size.height, size.width, size.height});
  }

  [[nodiscard]] std::vector<Tile> take() && { return std::move(tiles_); }

 private:
  void side_by_side(const Sources& screens) {
    const Rect area = inset(whole_, gap_);
    const int count = static_cast<int>(screens.size());
    const int columns = is_landscape(canvas_) ? 2 : (count > 2 ? 2 : 1);
    const Raster raster = raster_of(count, columns, {area.width, area.height}, gap_);
    // They are shown whole: the more room, the better, whatever their shape.
    add(screens, rows_of_tiles(count, raster, {even(raster.cell.width), even(raster.cell.height)}, area, gap_));
  }

  void add(const Sources& sources, const std::vector<Rect>& places) {
    for (std::size_t i = 0; i < sources.size(); ++i) add(sources[i], places[i]);
  }
  void add(std::size_t source, Rect place) {
    if (place.width < kSmallestSide || place.height < kSmallestSide) return;
    tiles_.push_back({source, place, scene_[source].screen ? Tile::Fit::contain : Tile::Fit::cover});
  }

  std::span<const SceneSource> scene_;
  Size canvas_;
  Rect whole_;
  int gap_;
  std::vector<Tile> tiles_;
};

/// Those of `sources` that are shown: speakers, then screens, then the rest; in the order in which they came.
Sources choose(const Sources& sources, std::span<const SceneSource> scene, std::size_t most) {
  if (sources.size() <= most) return sources;
  const auto rank = [&scene](std::size_t source) {
    if (scene[source].speaking) return 0;
    return scene[source].screen ? 1 : 2;
  };
  Sources chosen = sources;
  std::ranges::stable_sort(chosen, {}, rank);
  chosen.resize(most);
  std::ranges::sort(chosen);
  return chosen;
}

/// The camera that leads: the one that speaks; else the first whose picture is there, else the first of all.
std::optional<std::size_t> leading_camera(const Sources& cameras, std::span<const SceneSource> scene) {
  const auto speaking = std::ranges::find_if(cameras, [&](std::size_t i) { return scene[i].speaking; });
  if (speaking != cameras.end()) return *speaking;
  const auto with_picture = std::ranges::find_if(cameras, [&](std::size_t i) { return scene[i].has_video; });
  if (with_picture != cameras.end()) return *with_picture;
  return cameras.empty() ? std::nullopt : std::optional{cameras.front()};
}

}  // namespace

std::vector<Tile> arrange(LayoutKind kind, std::span<const SceneSource> scene, Size canvas, std::size_t max_tiles) {
  if (scene.empty() || max_tiles == 0) return {};
  Sources all;
  Sources screens;
  Sources cameras;
  for (std::size_t i = 0; i < scene.size(); ++i) {
    all.push_back(i);
    (scene[i].screen ? screens : cameras).push_back(i);
  }

  Arrangement arrangement{scene, canvas};
  const std::optional<std::size_t> leader = leading_camera(cameras, scene);
  if (kind == LayoutKind::grid) {
    arrangement.grid(choose(all, scene, max_tiles));
  } else if (kind == LayoutKind::presentation && !screens.empty()) {
    const Sources shown = choose(screens, scene, std::min(kScreens, max_tiles));
    arrangement.presentation(shown, shown.size() < max_tiles ? leader : std::nullopt);
  } else {
    const std::size_t dominant = leader.value_or(screens.empty() ? 0 : screens.front());
    std::erase(all, dominant);
    arrangement.speaker(dominant, choose(all, scene, std::min(kStripTiles, max_tiles - 1)));
  }
  return std::move(arrangement).take();
}

}  // namespace sluice::media
