#include <algorithm>
#include <cmath>

#include "delay_envelope.h"
#include "sluice/media/session_clock.h"
#include "track_clock.h"

namespace sluice::media {
namespace {

// By the sender's clock all packets of one track were later than those of another by this: their clocks are not the
// same one.
constexpr double kMaxDisagreement = 2'000'000;  // microseconds

using Envelope = std::shared_ptr<const DelayEnvelope>;  // shared by the tracks of one clock

std::vector<DelayEnvelope::Seen> offsets_of(const TrackPoints& points, const TrackClock& clock) {
  std::vector<DelayEnvelope::Seen> seen;
  for (const TrackPoints::Point& point : points.all()) {
    const double local = clock.local_of(point.media);
    seen.push_back({.local = local, .offset = point.arrival - local});
  }
  return seen;
}

bool agrees(const std::vector<DelayEnvelope::Seen>& seen, const DelayEnvelope& envelope) {
  return std::ranges::any_of(seen,
                             [&](const auto& one) { return one.offset - envelope.at(one.local) <= kMaxDisagreement; });
}

}  // namespace

class SenderTimeline::Plan {
 public:
  explicit Plan(const std::map<std::string, SenderTimeline::Track>& tracks) {
    lay_clocks(read_points(tracks));
    lay_envelopes();
  }

  [[nodiscard]] std::optional<MediaTime> time_of(const std::string& track, std::int64_t timestamp) const {
    const auto found = lines_.find(track);
    if (found == lines_.end()) return std::nullopt;
    const Line& line = found->second;
    const double local = line.clock.local_of(line.points.media_of(timestamp));
    return MediaTime{std::llround(local + line.envelope->at(local))};
  }

 private:
  struct Line {
    TrackPoints points;
    TrackClock clock;
    std::vector<DelayEnvelope::Seen> seen{};
    Envelope envelope{};
  };

  static std::map<std::string, TrackPoints> read_points(const std::map<std::string, SenderTimeline::Track>& tracks) {
    std::optional<std::uint64_t> base;
    for (const auto& [name, track] : tracks)
      for (const ClockPoint& point : track.points)
        if (!base) base = point.ntp;
    std::map<std::string, TrackPoints> read;
    for (const auto& [name, track] : tracks)
      if (!track.points.empty()) read.try_emplace(name, track.clock_rate, track.points, base.value_or(0));
    return read;
  }

  void lay_clocks(std::map<std::string, TrackPoints> read) {
    std::vector<WallClockStep> steps;
    for (const auto& [name, points] : read)
      if (points.has_wall_clock()) collect_steps(points, steps);
    for (auto& [name, points] : read) {
      TrackClock clock{points, steps};
      auto seen = offsets_of(points, clock);
      lines_.try_emplace(name, Line{std::move(points), std::move(clock), std::move(seen)});
    }
  }

  // One for the tracks that tell their sender's wall clock, one for each of the others.
  void lay_envelopes() {
    std::vector<DelayEnvelope::Seen> together;
    for (const auto& [name, line] : lines_)
      if (line.points.has_wall_clock()) together.insert(together.end(), line.seen.begin(), line.seen.end());
    const Envelope shared = together.empty() ? nullptr : std::make_shared<DelayEnvelope>(std::move(together));
    for (auto& [name, line] : lines_) {
      const bool shares = line.points.has_wall_clock() && agrees(line.seen, *shared);
      line.envelope = shares ? shared : std::make_shared<DelayEnvelope>(line.seen);
      line.seen = {};
    }
  }

  std::map<std::string, Line> lines_;
};

void SenderTimeline::add_track(const std::string& track, std::uint32_t clock_rate) {
  tracks_.try_emplace(track, Track{.clock_rate = clock_rate, .points = {}});
}

void SenderTimeline::add_point(const std::string& track, const ClockPoint& point) {
  const auto found = tracks_.find(track);
  if (found == tracks_.end() || found->second.points.size() >= kMaxPoints) return;
  found->second.points.push_back(point);
  plan_.reset();
}

std::optional<MediaTime> SenderTimeline::time_of(const std::string& track, std::int64_t timestamp) const {
  if (!plan_) plan_ = std::make_shared<const Plan>(tracks_);
  return plan_->time_of(track, timestamp);
}

}  // namespace sluice::media
