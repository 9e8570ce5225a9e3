#include "tests/bench/media/produce.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "sluice/media/coders.h"
#include "sluice/media/compositor.h"
#include "tests/bench/media/sitter.h"
#include "tests/bench/media/stopwatch.h"

namespace sluice::media::bench {
namespace {

constexpr MediaTime kSecond = std::chrono::seconds{1};
constexpr int kQuality = 23;
/// Preparing takes longer than what is measured, so that some cameras see the same.
constexpr int kStreams = 3;

/// What browsers send of such a size.
DataRate rate_of(Size size) { return DataRate::bps(size.height >= 720 ? 1'500'000 : 500'000); }

struct Stream {
  TrackFormat format;
  std::vector<Packet> packets;
};

Stream coded(const Meeting& meeting, int source) {
  VideoEncoder encoder{{.encoder = "libvpx",
                        .size = meeting.size,
                        .frames_per_second = kFramesPerSecond,
                        .bitrate = rate_of(meeting.size),
                        .key_frame_interval = 60 * kSecond,
                        .low_delay = true,
                        .threads = 1}};
  const Sitter sitter{meeting.size, static_cast<std::uint32_t>(source)};
  Stream stream{encoder.format(), {}};
  const auto keep = [&stream](std::vector<Packet> packets) {
    for (Packet& packet : packets) stream.packets.push_back(std::move(packet));
  };
  for (int frame = 0; frame < meeting.seconds * kFramesPerSecond; ++frame) {
    VideoFrame picture = sitter.at(frame);
    picture.pts = frame * kSecond / kFramesPerSecond;
    keep(encoder.encode(picture));
  }
  keep(encoder.finish());
  return stream;
}

struct Camera {
  std::string id;
  Stream stream;
  VideoDecoder decoder;
};

std::vector<Camera> cameras_of(const Meeting& meeting) {
  std::vector<Stream> streams;
  for (int source = 0; source < std::min(kStreams, meeting.sources); ++source)
    streams.push_back(coded(meeting, source));
  std::vector<Camera> cameras;
  for (int source = 0; source < meeting.sources; ++source) {
    const Stream& stream = streams[static_cast<std::size_t>(source % kStreams)];
    cameras.push_back({std::to_string(source), stream, VideoDecoder{stream.format}});
  }
  return cameras;
}

/// Each stage with its own watch. That of x264 shows what the caller waits for, and the CPU time of its threads only as
/// far as they work meanwhile; the sum of all three is right.
struct Watches {
  Stopwatch decode;
  Stopwatch compose;
  Stopwatch encode;
  Stopwatch all;
};

std::size_t bytes_of(const std::vector<Packet>& packets) {
  std::size_t bytes = 0;
  for (const Packet& packet : packets) bytes += packet.data.size();
  return bytes;
}

std::size_t produce(std::vector<Camera>& cameras, Compositor& compositor, VideoEncoder& encoder, int frames,
                    Watches& watches) {
  std::size_t bytes = 0;
  watches.all.resume();
  for (int frame = 0; frame < frames; ++frame) {
    watches.decode.resume();
    for (Camera& camera : cameras) {
      const auto index = static_cast<std::size_t>(frame);
      if (index >= camera.stream.packets.size()) continue;
      for (VideoFrame& picture : camera.decoder.decode(camera.stream.packets[index])) {
        compositor.set_picture(camera.id, std::move(picture));
      }
    }
    watches.decode.pause();
    watches.compose.resume();
    VideoFrame picture = compositor.compose();
    watches.compose.pause();
    picture.pts = frame * kSecond / kFramesPerSecond;
    watches.encode.resume();
    bytes += bytes_of(encoder.encode(picture));
    watches.encode.pause();
  }
  watches.encode.resume();
  bytes += bytes_of(encoder.finish());
  watches.encode.pause();
  watches.all.pause();
  return bytes;
}

}  // namespace

boost::json::object measure_produce(const Meeting& meeting) {
  std::vector<Camera> cameras = cameras_of(meeting);
  Compositor compositor{{.canvas = meeting.canvas, .threads = meeting.threads}};
  std::vector<SceneSource> scene;
  for (const Camera& camera : cameras) scene.push_back({.id = camera.id, .label = "Participant " + camera.id});
  scene.front().speaking = true;
  compositor.set_scene(scene);
  VideoEncoder encoder{
      {.size = meeting.canvas, .frames_per_second = kFramesPerSecond, .quality = kQuality, .threads = meeting.threads}};
  const int frames = meeting.seconds * kFramesPerSecond;
  Watches watches;
  const std::size_t bytes = produce(cameras, compositor, encoder, frames, watches);

  const auto per_frame = [frames](double seconds) { return std::llround(seconds * 1e6 / frames); };
  const auto stage = [&per_frame](const Stopwatch& watch) {
    return boost::json::object{{"wall_us_per_frame", per_frame(watch.spent().wall.count())},
                               {"cpu_us_per_frame", per_frame(watch.spent().cpu.count())}};
  };
  const double length = meeting.seconds;
  return {{"frames", frames},
          {"speed_percent", std::llround(length / watches.all.spent().wall.count() * 100)},
          {"core_percent", std::llround(watches.all.spent().cpu.count() / length * 100)},
          {"all", stage(watches.all)},
          {"decode", stage(watches.decode)},
          {"compose", stage(watches.compose)},
          {"encode", stage(watches.encode)},
          {"kbps", static_cast<std::int64_t>(static_cast<double>(bytes) * 8 / 1000 / length)}};
}

}  // namespace sluice::media::bench
