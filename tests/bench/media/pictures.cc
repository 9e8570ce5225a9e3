#include "tests/bench/media/pictures.h"

#include <algorithm>
#include <array>
#include <vector>

#include "sdk/media/src/picture_scaler.h"
#include "sluice/media/compositor.h"
#include "tests/bench/media/png_file.h"
#include "tests/bench/media/sitter.h"

namespace sluice::media::bench {
namespace {

constexpr Size kCanvas{1280, 720};
constexpr std::array kNames{"Ada Lovelace",
                            "Grace Hopper",
                            "Алексей Ляпунов",
                            "Ελένη Παπαδοπούλου",
                            "Dr. Maximiliane Freifrau von und zu Langenstein-Oberndorf",
                            "Zoë Ångström",
                            "עדה יונת",
                            "%{localtime} \\ 'quote'",
                            "Jo"};

struct Shot {
  std::string name;
  CompositorOptions options{};
  std::size_t cameras = 9;
  std::size_t screens = 0;
  std::size_t speaker = 4;
  std::vector<std::size_t> off{};
};

std::vector<SceneSource> scene_of(const Shot& shot) {
  std::vector<SceneSource> scene;
  for (std::size_t i = 0; i < shot.cameras; ++i) {
    const bool is_off = std::ranges::find(shot.off, i) != shot.off.end();
    scene.push_back({.id = "camera" + std::to_string(i),
                     .label = kNames[i % kNames.size()],
                     .has_video = !is_off,
                     .speaking = i == shot.speaker});
  }
  for (std::size_t i = 0; i < shot.screens; ++i) {
    scene.push_back({.id = "screen" + std::to_string(i), .label = "Grace Hopper: screen", .screen = true});
  }
  return scene;
}

VideoFrame take(const Shot& shot) {
  Compositor compositor{shot.options};
  compositor.set_scene(scene_of(shot));
  for (std::size_t i = 0; i < shot.cameras; ++i) {
    // One of them holds a telephone upright.
    const Size size = i == 5 ? Size{360, 640} : Size{640, 360};
    compositor.set_picture("camera" + std::to_string(i), Sitter{size, static_cast<std::uint32_t>(i), 0}.at(10));
  }
  for (std::size_t i = 0; i < shot.screens; ++i) {
    compositor.set_picture("screen" + std::to_string(i),
                           document_at({1280, i == 0 ? 720 : 960}, 90 * static_cast<int>(i)));
  }
  return compositor.compose();
}

VideoFrame sheet_of(const std::vector<VideoFrame>& pictures) {
  constexpr Size kSmall{400, 226};
  constexpr int kGap = 8;
  constexpr int kColumns = 2;
  const int rows = static_cast<int>(pictures.size()) / kColumns;
  const Size size{kColumns * kSmall.width + kGap, rows * kSmall.height + (rows - 1) * kGap};
  VideoFrame sheet{size};
  fill(sheet, {0, 0, size.width, size.height}, to_yuv({0xff, 0xff, 0xff}));
  VideoFrame small{kSmall};
  PictureScaler scaler;
  for (int i = 0; i < rows * kColumns; ++i) {
    const VideoFrame& picture = pictures[static_cast<std::size_t>(i)];
    if (!scaler.scale(picture, {0, 0, kCanvas.width, kCanvas.height}, small)) continue;
    draw(sheet, small,
         {i % kColumns * (kSmall.width + kGap), i / kColumns * (kSmall.height + kGap), kSmall.width, kSmall.height},
         {});
  }
  return sheet;
}

}  // namespace

void write_pictures(const std::string& folder) {
  const auto layout = [](LayoutKind kind) { return CompositorOptions{.canvas = kCanvas, .layout = kind}; };
  const std::vector<Shot> shots{
      {.name = "grid9", .options = layout(LayoutKind::grid), .off = {1, 3, 6}},
      {.name = "speaker", .options = layout(LayoutKind::speaker), .speaker = 0, .off = {2, 3}},
      {.name = "presentation", .options = layout(LayoutKind::presentation), .cameras = 4, .screens = 1, .speaker = 1},
      {.name = "presentation2", .options = layout(LayoutKind::presentation), .cameras = 4, .screens = 2, .speaker = 2},
      {.name = "grid2", .options = layout(LayoutKind::grid), .cameras = 2, .speaker = 1},
      {.name = "grid5", .options = layout(LayoutKind::grid), .cameras = 5, .speaker = 9},
      {.name = "grid25", .options = layout(LayoutKind::grid), .cameras = 25, .off = {7, 12, 20}},
      {.name = "grid1", .options = layout(LayoutKind::grid), .cameras = 1, .speaker = 0},
      {.name = "speaker2", .options = layout(LayoutKind::speaker), .cameras = 6, .speaker = 5},
      {.name = "slate", .options = {.canvas = kCanvas, .title = "Weekly planning · Αθήνα"}, .cameras = 0},
      {.name = "portrait", .options = {.canvas = {720, 1280}, .layout = LayoutKind::speaker}, .speaker = 0},
      {.name = "small", .options = {.canvas = {640, 360}}, .cameras = 9, .off = {3}}};
  std::vector<VideoFrame> pictures;
  for (const Shot& shot : shots) {
    pictures.push_back(take(shot));
    write_png(pictures.back(), folder + "/" + shot.name + ".png");
  }
  pictures.resize(4);
  write_png(sheet_of(pictures), folder + "/layouts.png");
}

}  // namespace sluice::media::bench
