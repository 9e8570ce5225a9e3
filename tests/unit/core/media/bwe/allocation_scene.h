#pragma once

#include <algorithm>
#include <deque>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "core/media/bwe/bitrate_allocator.h"

namespace sluice::test {

using namespace std::chrono_literals;

// Priorities as a room gives them.
inline constexpr std::uint8_t kSpotlight = 50, kPinned = 40, kScreen = 30, kSpeaker = 20, kRest = 10;

/// Three encodings with three temporal layers each: 180p, 360p, 720p.
inline std::vector<LayerRate> camera() {
  return {{{0, 0}, DataRate::kbps(80)},  {{0, 1}, DataRate::kbps(110)},  {{0, 2}, DataRate::kbps(150)},
          {{1, 0}, DataRate::kbps(270)}, {{1, 1}, DataRate::kbps(370)},  {{1, 2}, DataRate::kbps(500)},
          {{2, 0}, DataRate::kbps(900)}, {{2, 1}, DataRate::kbps(1200)}, {{2, 2}, DataRate::kbps(1600)}};
}

/// Two encodings, no temporal layers.
inline std::vector<LayerRate> screen() { return {{{0, 0}, DataRate::kbps(200)}, {{1, 0}, DataRate::kbps(900)}}; }

/// The consumers of one transport; what they get is what they have the next time.
struct Scene {
  BitrateAllocator allocator;
  std::deque<std::vector<LayerRate>> ladders;  // do not move
  std::vector<AllocationRequest> requests;
  std::vector<AllocationResult> results;
  Instant now{1h};
  PathPressure pressure = PathPressure::none;
  std::vector<int> switches;  // of each, since the last reset

  std::size_t add(std::uint8_t priority, std::vector<LayerRate> ladder) {
    ladders.push_back(std::move(ladder));
    requests.push_back({.priority = priority, .layers = ladders.back(), .is_new = true});
    return requests.size() - 1;
  }
  void set_ladder(std::size_t index, std::vector<LayerRate> ladder) {
    ladders[index] = std::move(ladder);
    requests[index].layers = ladders[index];
  }

  void allocate(DataRate available) {
    const auto fresh = allocator.allocate(available, requests, now, pressure);
    switches.resize(requests.size());
    results.assign(fresh.begin(), fresh.end());
    for (std::size_t i = 0; i < requests.size(); ++i) {
      if (results[i].layer != requests[i].current && !requests[i].is_new) ++switches[i];
      requests[i].current = results[i].layer;
      requests[i].is_new = false;
    }
  }
  /// Ten times a second, as feedback comes.
  void stay(DataRate available, Duration duration) {
    for (const Instant end = now + duration; now < end;) {
      now += 100ms;
      allocate(available);
    }
  }
  void reset_switches() { switches.assign(requests.size(), 0); }
  [[nodiscard]] int all_switches() const { return std::accumulate(switches.begin(), switches.end(), 0); }
  [[nodiscard]] DataRate given() const {
    DataRate sum;
    for (const AllocationResult& result : results) sum += result.rate;
    return sum;
  }
  [[nodiscard]] std::ptrdiff_t pictures() const {
    return std::ranges::count_if(results, [](const AllocationResult& result) { return result.layer.has_value(); });
  }
  /// "2.1" is the layer {2, 1}, "-" none; one after the other.
  [[nodiscard]] std::string layers() const {
    std::string text;
    for (const AllocationResult& result : results) {
      if (!text.empty()) text += ' ';
      text += result.layer ? std::to_string(result.layer->spatial) + '.' + std::to_string(result.layer->temporal) : "-";
    }
    return text;
  }
};

}  // namespace sluice::test
