#include "delay_envelope.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "clock_units.h"

namespace sluice::media {
namespace {

using Seen = DelayEnvelope::Seen;

constexpr double kWindow = 10.0 * kMicros;     ///< its least delayed packet counts
constexpr double kSlopeSpan = 60.0 * kMicros;  ///< apart are the windows whose slope is taken
constexpr std::size_t kLeastSlopes = 3;        ///< with fewer the clocks are taken to run alike
constexpr double kMaxDrift = 300e-6;           ///< quartz is within 100 ppm, each side
constexpr double kMaxWander = 20e-6;           ///< of the drift: temperature

std::vector<Seen> least_of_windows(std::vector<Seen> seen) {
  std::ranges::sort(seen, {}, &Seen::local);
  std::vector<Seen> least;
  double window_ends = 0;
  for (const Seen& one : seen) {
    if (least.empty() || one.local >= window_ends) {
      least.push_back(one);
      window_ends = one.local + kWindow;
    } else if (one.offset < least.back().offset) {
      least.back() = one;
    }
  }
  return least;
}

double median_slope(const std::vector<Seen>& points) {
  std::vector<double> slopes;
  std::size_t later = 0;
  for (const Seen& point : points) {
    while (later < points.size() && points[later].local - point.local < kSlopeSpan) ++later;
    if (later == points.size()) break;
    slopes.push_back((points[later].offset - point.offset) / (points[later].local - point.local));
  }
  if (slopes.size() < kLeastSlopes) return 0;
  const auto middle = slopes.begin() + static_cast<std::ptrdiff_t>(slopes.size() / 2);
  std::ranges::nth_element(slopes, middle);
  return std::clamp(*middle, -kMaxDrift, kMaxDrift);
}

// None is higher than another's reach allows.
void limit_slopes(std::vector<Seen>& knots) {
  const auto limit = [](Seen& knot, const Seen& other) {
    knot.offset = std::min(knot.offset, other.offset + kMaxWander * std::abs(knot.local - other.local));
  };
  for (std::size_t i = 1; i < knots.size(); ++i) limit(knots[i], knots[i - 1]);
  for (std::size_t i = knots.size() - 1; i > 0; --i) limit(knots[i - 1], knots[i]);
}

}  // namespace

DelayEnvelope::DelayEnvelope(std::vector<Seen> seen) : knots_{least_of_windows(std::move(seen))} {
  drift_ = median_slope(knots_);
  for (Seen& knot : knots_) knot.offset -= drift_ * knot.local;
  limit_slopes(knots_);
}

double DelayEnvelope::at(double local) const noexcept {
  const double drifted = drift_ * local;
  const auto after = std::ranges::upper_bound(knots_, local, {}, &Seen::local);
  if (after == knots_.begin()) return drifted + knots_.front().offset;
  if (after == knots_.end()) return drifted + knots_.back().offset;
  const Seen& before = *(after - 1);
  const double part = (local - before.local) / (after->local - before.local);
  return drifted + before.offset + part * (after->offset - before.offset);
}

}  // namespace sluice::media
