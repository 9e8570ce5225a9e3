#include "core/control/duration_histogram.h"

#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>

namespace sluice {

std::size_t DurationHistogram::step_of(std::uint64_t microseconds) noexcept {
  if (microseconds < kSubSteps) return static_cast<std::size_t>(microseconds);
  const auto bits = static_cast<unsigned>(std::bit_width(microseconds));
  if (bits > kMaxBits) return kSteps;
  const unsigned shift = bits - 1 - kSubBits;
  return static_cast<std::size_t>(kSubSteps * shift + (microseconds >> shift));
}

// The first duration after the step.
std::uint64_t DurationHistogram::end_of(std::size_t step) noexcept {
  if (step < kSubSteps) return step + 1;
  const std::size_t shift = step / kSubSteps - 1;
  return (step % kSubSteps + kSubSteps + 1) << shift;
}

void DurationHistogram::add(Duration duration) noexcept {
  const auto whole = std::chrono::duration_cast<std::chrono::microseconds>(duration).count();
  ++counts_[step_of(static_cast<std::uint64_t>(std::max<decltype(whole)>(whole, 0)))];
  ++count_;
  longest_ = std::max(longest_, duration);
}

Duration DurationHistogram::quantile(double q) const noexcept {
  const double wanted = std::ceil(std::clamp(q, 0.0, 1.0) * static_cast<double>(count_));
  std::uint64_t seen = 0;
  for (std::size_t step = 0; step < kSteps; ++step) {
    seen += counts_[step];
    if (counts_[step] == 0 || static_cast<double>(seen) < wanted) continue;
    const std::chrono::microseconds end{static_cast<std::int64_t>(end_of(step))};
    return std::min<Duration>(longest_, end);
  }
  return longest_;
}

}  // namespace sluice
