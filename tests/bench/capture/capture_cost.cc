// What a capture costs: `capture_cost FOLDER [tracks of each kind] [seconds]` captures so many cameras (VP8, 1.5
// Mbit/s, 30 frames/s) and microphones (Opus, 50 packets/s) into the folder, in simulated time and as fast as the disk
// lets it, and prints the CPU time of a recorded second and the resident memory of a track. What the making of the
// packets costs is taken off. Not in it: the taps' queues, which are empty while the disk keeps up.

#include <sys/resource.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "generated_stream.h"
#include "plugins/recording/capture_room.h"
#include "plugins/recording/capture_session.h"

namespace {

using namespace sluice;
using namespace sluice::recording;
using namespace std::chrono_literals;
using bench::GeneratedStream;
using bench::StreamShape;
using Seconds = std::chrono::duration<double>;

constexpr Duration kRound = 50ms;  // as CaptureWriter drains
constexpr StreamShape kCamera{.payload_type = 96,
                              .frame_interval = 33'333'333ns,
                              .ticks = 3'000,
                              .packets_of_frame = 6,
                              .packet_bytes = 1'042,  // 6 x 1042 x 8 x 30 = 1.5 Mbit/s
                              .key_frame_interval = 300};
constexpr StreamShape kMicrophone{
    .payload_type = 111, .frame_interval = 20ms, .ticks = 960, .packet_bytes = 80, .key_frame_interval = 0};

Seconds cpu_time() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) { return Seconds{time.tv_sec} + Seconds{time.tv_usec * 1e-6}; };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double resident_megabytes() {
  std::ifstream file{"/proc/self/statm"};
  long size = 0;
  long resident = 0;
  file >> size >> resident;
  return static_cast<double>(resident) * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1e6;
}

struct Streams {
  Streams(int each, Instant begin) {
    for (int i = 0; i < each; ++i) {
      all.emplace_back(kCamera, RoomCapture::kVideoQueueBytes, begin);
      all.emplace_back(kMicrophone, RoomCapture::kAudioQueueBytes, begin);
    }
  }
  void arrive_until(Instant moment) {
    for (GeneratedStream& stream : all) stream.arrive_until(moment);
  }
  std::vector<GeneratedStream> all;
};

/// What is taken off.
Seconds cost_of_packets(int each, Duration length) {
  const Instant begin{};
  Streams streams{each, begin};
  const Seconds before = cpu_time();
  for (Instant now = begin; now < begin + length; now += kRound) {
    streams.arrive_until(now);
    for (const GeneratedStream& stream : streams.all) {
      while (stream.queue()->next()) {
      }
    }
  }
  return cpu_time() - before;
}

void add_tracks(const Streams& streams, CaptureLink& link) {
  TrackNumber number = 0;
  for (const GeneratedStream& stream : streams.all) {
    const bool video = number++ % 2 == 0;
    TrackToWrite track{.number = number,
                       .participant = "p" + std::to_string(number / 2),
                       .kind = video ? MediaKind::video : MediaKind::audio,
                       .source = video ? TrackSource::webcam : TrackSource::mic,
                       .codecs = {{96, {media::Codec::vp8, 90'000}}, {111, {media::Codec::opus, 48'000}}},
                       .reader = stream.queue()};
    (void)link.commands.push(std::move(track), IfFull::keep);
  }
}

void measure(const std::string& folder, int each, Duration length) {
  const Seconds packets = cost_of_packets(each, length);
  const double memory_before = resident_megabytes();
  const Instant begin{};
  Streams streams{each, begin};
  const auto link = std::make_shared<CaptureLink>();  // shared as with a control side
  JournalWriter journal{folder};
  journal.append(SessionBegan{});
  CaptureSession session{{.folder = folder, .began = begin}, std::move(journal), link};
  add_tracks(streams, *link);

  double most_memory = 0;
  const Seconds before = cpu_time();
  for (Instant now = begin; now < begin + length; now += kRound) {
    streams.arrive_until(now);
    (void)session.drain(now);
    if ((now - begin) % 1s == 0s) most_memory = std::max(most_memory, resident_megabytes());
  }
  session.close("measured");
  const Seconds capture = cpu_time() - before - packets;

  const double recorded = Seconds{length}.count();
  std::cout << each << " cameras and " << each << " microphones, " << recorded << " s, "
            << static_cast<double>(link->bytes) / 1e6 << " MB written, " << link->lost_frames << " frames lost\n"
            << "CPU: " << capture.count() << " s, " << 100 * capture.count() / recorded << " % of a core"
            << " (the packets and their queues, " << packets.count() << " s, are taken off)\n"
            << "memory: " << (most_memory - memory_before) / (2.0 * each) << " MB a track at most\n";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "usage: capture_cost FOLDER [tracks of each kind] [seconds]\n";
    return EXIT_FAILURE;
  }
  const std::string folder = argv[1];
  std::filesystem::create_directories(folder);
  measure(folder, argc > 2 ? std::stoi(argv[2]) : 10, std::chrono::seconds{argc > 3 ? std::stoi(argv[3]) : 120});
  return EXIT_SUCCESS;
}
