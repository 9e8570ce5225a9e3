#include "program/sender_clock.h"

#include <algorithm>

namespace sluice::livestream {

namespace {

using namespace std::chrono_literals;

/// A stall of the network makes packets late, too; those of a clock that jumped stay so.
constexpr MediaTime kMisplacedFor = 1s;
/// How long lateness is watched, and how many frames are needed to judge it.
constexpr MediaTime kWindow = 500ms;
constexpr int kLeastFrames = 5;
/// Back again: 0.4 %, which the mixer squeezes out without a click, and only where there is room.
constexpr MediaTime kStepBack = 2ms;
constexpr MediaTime kRoom = 40ms;

std::string name_of(TrackNumber track) { return std::to_string(track); }

}  // namespace

void SenderClock::add(TrackNumber track, std::uint32_t clock_rate) {
  if (lines_.try_emplace(track, clock_rate).second) timeline_.add_track(name_of(track), clock_rate);
}

void SenderClock::remove(TrackNumber track) {
  if (lines_.erase(track) != 0) rebuild();
}

void SenderClock::see(TrackNumber track, std::int64_t timestamp, MediaTime arrival,
                      const std::optional<media::ClockWatch::Report>& report) {
  const auto found = lines_.find(track);
  if (found == lines_.end()) return;
  Line& line = found->second;
  const auto point = line.watch.on_packet(timestamp, arrival, report);
  if (!point) return;
  line.points.push_back(*point);
  if (line.points.size() <= kMaxPoints) return timeline_.add_point(name_of(track), *point);
  line.points.erase(line.points.begin(), line.points.begin() + kMaxPoints / 2);
  rebuild();
}

MediaTime SenderClock::place(TrackNumber track, std::int64_t timestamp, MediaTime arrival) {
  const auto found = lines_.find(track);
  const auto time = timeline_.time_of(name_of(track), timestamp);
  if (found == lines_.end() || !time) return arrival;
  Line& line = found->second;
  const MediaTime late = arrival - *time;
  if (late > kReach || late < -kReach) return misplace(line, arrival);
  line.misplaced_since.reset();
  watch_lateness(line, late, arrival);
  return *time + extra_;
}

MediaTime SenderClock::misplace(Line& line, MediaTime arrival) {
  if (!line.misplaced_since) line.misplaced_since = arrival;
  if (arrival - *line.misplaced_since >= kMisplacedFor) {
    line = Line{line.clock_rate};
    rebuild();
  }
  return arrival;
}

void SenderClock::watch_lateness(Line& line, MediaTime late, MediaTime arrival) {
  line.least_late = std::min(late, line.least_late.value_or(late));
  ++line.frames;
  if (!window_began_ || arrival < *window_began_) window_began_ = arrival;
  if (arrival - *window_began_ < kWindow) return;
  window_began_ = arrival;
  end_window();
}

/// By the track that is latest, and of it by the frame that is least late: peaks are what `patience_` is for.
void SenderClock::end_window() {
  std::optional<MediaTime> late;
  for (auto& [number, line] : lines_) {
    if (line.frames >= kLeastFrames) late = std::max(*line.least_late, late.value_or(*line.least_late));
    line.frames = 0;
    line.least_late.reset();
  }
  if (!late) return;
  const MediaTime excess = *late - patience_ - extra_;
  if (excess > MediaTime::zero()) {
    extra_ = std::min(extra_ + excess, kMaxExtraDelay);
  } else if (excess < -kRoom) {
    extra_ -= std::min(extra_, kStepBack);
  }
}

void SenderClock::rebuild() {
  timeline_ = {};
  for (const auto& [number, line] : lines_) {
    timeline_.add_track(name_of(number), line.clock_rate);
    for (const media::ClockPoint& point : line.points) timeline_.add_point(name_of(number), point);
  }
}

}  // namespace sluice::livestream
