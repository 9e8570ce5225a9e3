#include "quality/grading.h"

#include <algorithm>

namespace sluice::analytics {

namespace {

bool at_most(std::optional<double> figure, double bound) noexcept { return !figure || *figure <= bound; }
bool at_least(std::optional<double> figure, double bound) noexcept { return !figure || *figure >= bound; }

bool meets(const Measures& m, const Bounds& bounds) noexcept {
  return at_most(m.loss, bounds.loss) && at_most(m.round_trip_ms, bounds.round_trip_ms) &&
         at_most(m.jitter_ms, bounds.jitter_ms) && at_least(m.mos, bounds.mos) && at_most(m.frozen, bounds.frozen) &&
         at_least(m.camera_rate, bounds.camera_rate);
}

bool anything_known(const Measures& m) noexcept {
  return m.loss || m.round_trip_ms || m.jitter_ms || m.mos || m.frozen || m.camera_rate;
}

}  // namespace

std::optional<Grade> grade_of(const Measures& measures) noexcept {
  if (measures.cut_off) return Grade::poor;
  if (!anything_known(measures)) return std::nullopt;
  for (const Bounds& bounds : kBounds) {
    if (meets(measures, bounds)) return bounds.grade;
  }
  return Grade::poor;
}

std::optional<Grade> SteadyGrade::update(std::optional<Grade> measured) noexcept {
  if (!measured) {
    if (now_ && ++silent_ >= kHeldFor) *this = SteadyGrade{};
    return now_;
  }
  silent_ = 0;
  if (!now_) {
    now_ = measured;
  } else if (*measured == *now_) {
    trend_ = Trend::none;
  } else {
    follow(*measured < *now_ ? Trend::worse : Trend::better, *measured);
  }
  return now_;
}

void SteadyGrade::follow(Trend trend, Grade measured) noexcept {
  const bool worse = trend == Trend::worse;
  if (trend != trend_) {
    trend_ = trend;
    candidate_ = measured;
    seconds_ = 0;
  }
  candidate_ = worse ? std::max(candidate_, measured) : std::min(candidate_, measured);
  if (++seconds_ < (worse ? kWorseFor : kBetterFor)) return;
  now_ = candidate_;
  trend_ = Trend::none;
}

}  // namespace sluice::analytics
