#include "track_clock.h"

#include <algorithm>
#include <cmath>

#include "clock_units.h"

namespace sluice::media {
namespace {

constexpr double kMillis = 1'000;

constexpr double kKnotsApart = 500 * kMillis;         ///< closer ones would tell of the reports' errors only
constexpr double kStep = 100 * kMillis;               ///< NTP daemons step by 128 ms and more, and slew what is less
constexpr double kRateError = 1'000e-6;               ///< of a clock that is not broken
constexpr double kJump = 5'000 * kMillis;             ///< of timestamps against arrivals: no queue holds that much
constexpr double kSameStepWithin = 30'000 * kMillis;  ///< reports of two tracks tell of it
constexpr double kSameStepSize = 50 * kMillis;
constexpr double kJumpTakes = 1 * kMillis;
constexpr double kRateSpan = 10'000 * kMillis;  ///< less says nothing of a rate
constexpr double kMaxRateError = 500e-6;

const WallClockStep* find_step(const std::vector<WallClockStep>& steps, const WallClockStep& like) noexcept {
  const auto same = [&like](const WallClockStep& step) {
    return std::abs(step.arrival - like.arrival) < kSameStepWithin && std::abs(step.size - like.size) < kSameStepSize;
  };
  const auto found = std::ranges::find_if(steps, same);
  return found == steps.end() ? nullptr : &*found;
}

WallClockStep step_at(const TrackPoints& points, std::size_t knot) noexcept {
  return {.arrival = points.knots()[knot].arrival, .size = points.step_before(knot)};
}

}  // namespace

TrackPoints::TrackPoints(std::uint32_t clock_rate, std::vector<ClockPoint> points, std::uint64_t ntp_base)
    : clock_rate_{std::max(clock_rate, std::uint32_t{1})} {
  std::ranges::stable_sort(points, {}, &ClockPoint::timestamp);
  first_timestamp_ = points.front().timestamp;
  has_wall_clock_ = std::ranges::any_of(points, [](const ClockPoint& point) { return point.ntp.has_value(); });
  for (const ClockPoint& point : points) {
    Point kept{.media = media_of(point.timestamp), .arrival = static_cast<double>(point.arrival.count())};
    kept.wall = point.ntp ? ntp_micros(ntp_base, *point.ntp) : kept.media;
    all_.push_back(kept);
    const bool tells = point.ntp.has_value() || !has_wall_clock_;
    if (tells && (knots_.empty() || kept.media - knots_.back().media >= kKnotsApart)) knots_.push_back(kept);
  }
}

double TrackPoints::media_of(std::int64_t timestamp) const noexcept {
  return to_micros(timestamp - first_timestamp_, clock_rate_);
}

// Who is right where clocks contradict each other, the arrivals tell.
TrackPoints::Break TrackPoints::break_before(std::size_t knot) const noexcept {
  const double media = knots_[knot].media - knots_[knot - 1].media;
  const double arrived = knots_[knot].arrival - knots_[knot - 1].arrival;
  if (!has_wall_clock_) return std::abs(arrived - media) > kJump ? Break::timestamps : Break::none;
  const double wall = knots_[knot].wall - knots_[knot - 1].wall;
  if (std::abs(wall - media) <= kStep + kRateError * media) return Break::none;
  return std::abs(arrived - wall) < std::abs(arrived - media) ? Break::timestamps : Break::wall_clock;
}

double TrackPoints::step_before(std::size_t knot) const noexcept {
  return knots_[knot].wall - knots_[knot - 1].wall - (knots_[knot].media - knots_[knot - 1].media);
}

void collect_steps(const TrackPoints& points, std::vector<WallClockStep>& steps) {
  for (std::size_t i = 1; i < points.knots().size(); ++i) {
    if (points.break_before(i) != TrackPoints::Break::wall_clock) continue;
    const WallClockStep step = step_at(points, i);
    if (find_step(steps, step) == nullptr) steps.push_back(step);
  }
}

TrackClock::TrackClock(const TrackPoints& points, const std::vector<WallClockStep>& steps) {
  const auto& known = points.knots();
  double stepped = 0;
  if (points.has_wall_clock()) {
    for (const WallClockStep& step : steps)
      if (step.arrival <= known.front().arrival) stepped += step.size;
  }
  knots_.push_back({.media = known.front().media, .local = known.front().wall - stepped});
  for (std::size_t i = 1; i < known.size(); ++i) {
    const auto broken = points.break_before(i);
    if (broken == TrackPoints::Break::wall_clock) {
      const WallClockStep own = step_at(points, i);
      const WallClockStep* shared = find_step(steps, own);
      stepped += shared != nullptr ? shared->size : own.size;
    }
    Knot knot{.media = known[i].media, .local = known[i].wall - stepped};
    if (broken == TrackPoints::Break::timestamps) {
      if (!points.has_wall_clock()) {
        const double arrived = known[i].arrival - known[i - 1].arrival;
        stepped += known[i].wall - known[i - 1].wall - arrived;
        knot.local = known[i].wall - stepped;
      }
      bridge(knot);
    }
    knot.local = std::max(knot.local, knots_.back().local);
    knots_.push_back(knot);
  }
  const Knot& first = knots_.front();
  const Knot& last = knots_.back();
  if (last.media - first.media < kRateSpan) return;
  rate_ = std::clamp((last.local - first.local) / (last.media - first.media), 1 - kMaxRateError, 1 + kMaxRateError);
}

// Timestamps that jump, or stand still, do so shortly before the point that tells of it: until then both run alike.
void TrackClock::bridge(const Knot& next) {
  const Knot before = knots_.back();
  const double alike = std::min(next.media - before.media, next.local - before.local) - kJumpTakes;
  if (alike > 0) knots_.push_back({.media = before.media + alike, .local = before.local + alike});
}

double TrackClock::local_of(double media) const noexcept {
  const auto after = std::ranges::upper_bound(knots_, media, {}, &Knot::media);
  if (after == knots_.begin()) return after->local + (media - after->media) * rate_;
  const Knot& before = *(after - 1);
  if (after == knots_.end()) return before.local + (media - before.media) * rate_;
  return before.local + (media - before.media) / (after->media - before.media) * (after->local - before.local);
}

}  // namespace sluice::media
