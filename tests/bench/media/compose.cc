#include "tests/bench/media/compose.h"

#include <cmath>
#include <vector>

#include "sluice/media/compositor.h"
#include "tests/bench/media/sitter.h"
#include "tests/bench/media/stopwatch.h"

namespace sluice::media::bench {
namespace {

/// Of each source; they are shown again and again.
constexpr int kPictures = 10;

std::vector<std::vector<VideoFrame>> pictures_of(const Meeting& meeting) {
  std::vector<std::vector<VideoFrame>> pictures;
  for (int source = 0; source < meeting.sources; ++source) {
    const Sitter sitter{meeting.size, static_cast<std::uint32_t>(source)};
    auto& own = pictures.emplace_back();
    for (int i = 0; i < kPictures; ++i) own.push_back(sitter.at(i));
  }
  return pictures;
}

std::vector<SceneSource> scene_of(const Meeting& meeting, int speaker) {
  std::vector<SceneSource> scene;
  for (int source = 0; source < meeting.sources; ++source) {
    scene.push_back({.id = std::to_string(source),
                     .label = "Participant " + std::to_string(source),
                     .speaking = source == speaker});
  }
  return scene;
}

}  // namespace

boost::json::object measure_compose(const Meeting& meeting) {
  const auto pictures = pictures_of(meeting);
  Compositor compositor{{.canvas = meeting.canvas, .threads = meeting.threads}};
  compositor.set_scene(scene_of(meeting, 0));
  static_cast<void>(compositor.compose());  // names are drawn once

  Stopwatch watch;
  const int frames = meeting.seconds * kFramesPerSecond;
  for (int frame = 0; frame < frames; ++frame) {
    watch.resume();
    // Somebody else speaks each second.
    if (frame % kFramesPerSecond == 0)
      compositor.set_scene(scene_of(meeting, frame / kFramesPerSecond % meeting.sources));
    for (std::size_t source = 0; source < pictures.size(); ++source) {
      compositor.set_picture(std::to_string(source), pictures[source][static_cast<std::size_t>(frame % kPictures)]);
    }
    static_cast<void>(compositor.compose());
    watch.pause();
  }
  const auto per_frame = [frames](double seconds) { return std::llround(seconds * 1e6 / frames); };
  return {{"frames", frames},
          {"wall_us_per_frame", per_frame(watch.spent().wall.count())},
          {"cpu_us_per_frame", per_frame(watch.spent().cpu.count())}};
}

}  // namespace sluice::media::bench
