// A sender's reports may say anything: its tracks' times still grow with their timestamps.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <vector>

#include "sluice/media/session_clock.h"

namespace sluice::media {
namespace {

constexpr std::size_t kStep = 14;  ///< bytes: flags, advance, jump, delay, NTP
constexpr std::uint32_t kClockRate = 48'000;

void require(bool condition) {
  if (!condition) std::abort();
}

struct Track {
  std::string name;
  ClockWatch watch{kClockRate};
  std::int64_t timestamp = 0;
  std::vector<std::int64_t> timestamps{};
  std::optional<ClockWatch::Report> report{};
};

std::uint64_t number(std::span<const std::uint8_t> bytes) {
  std::uint64_t value = 0;
  for (const std::uint8_t byte : bytes) value = value << 8 | byte;
  return value;
}

void run(std::span<const std::uint8_t> input) {
  std::array<Track, 2> tracks{Track{.name = "a"}, Track{.name = "v"}};
  SenderTimeline timeline;
  for (const Track& track : tracks) timeline.add_track(track.name, kClockRate);
  MediaTime now{};
  for (; input.size() >= kStep; input = input.subspan(kStep)) {
    Track& track = tracks[input[0] & 1];
    now += std::chrono::milliseconds{number(input.subspan(1, 2))};
    track.timestamp += static_cast<std::int64_t>(number(input.subspan(1, 2)) * 48);
    if ((input[0] & 2) != 0) track.timestamp += static_cast<std::int8_t>(input[3]) * std::int64_t{1'000'000};
    if ((input[0] & 4) != 0) track.report = {.timestamp = track.timestamp, .ntp = number(input.subspan(6, 8))};
    const MediaTime delay = std::chrono::milliseconds{number(input.subspan(4, 2))};
    track.timestamps.push_back(track.timestamp);
    if (const auto point = track.watch.on_packet(track.timestamp, now + delay, track.report))
      timeline.add_point(track.name, *point);
  }
  for (Track& track : tracks) {
    std::ranges::sort(track.timestamps);
    std::optional<MediaTime> before;
    for (const std::int64_t timestamp : track.timestamps) {
      const auto at = timeline.time_of(track.name, timestamp);
      require(at.has_value() && (!before || *at >= *before));
      before = at;
    }
  }
}

}  // namespace
}  // namespace sluice::media

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sluice::media::run({data, size});
  return 0;
}
