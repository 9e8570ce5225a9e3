#include "core/media/bwe/overuse_detector.h"

#include <algorithm>
#include <cmath>

namespace sluice {

PathUsage OveruseDetector::on_trend(double trend, Duration sent, Instant arrival) noexcept {
  if (trend > threshold_) {
    // Of the time before the first sample above it, half is taken to have been above.
    over_ += over_count_++ == 0 ? sent / 2 : sent;
    if (over_ > kMinOveruse && over_count_ > 1 && trend >= last_trend_) {
      usage_ = PathUsage::overuse;
      over_ = Duration::zero();
      over_count_ = 0;
    }
  } else {
    over_ = Duration::zero();
    over_count_ = 0;
    usage_ = trend < -threshold_ ? PathUsage::underuse : PathUsage::normal;
  }
  last_trend_ = trend;
  adapt(trend, arrival);
  return usage_;
}

void OveruseDetector::forget_overuse() noexcept {
  over_ = Duration::zero();
  over_count_ = 0;
  if (usage_ == PathUsage::overuse) usage_ = PathUsage::normal;
}

void OveruseDetector::adapt(double trend, Instant arrival) noexcept {
  const Duration step = started_ ? std::clamp(arrival - last_arrival_, Duration::zero(), kMaxStep) : Duration::zero();
  started_ = true;
  last_arrival_ = arrival;
  const double size = std::abs(trend);
  if (size > threshold_ + kSpike) return;
  const double gain = size < threshold_ ? kDown : kUp;
  const double step_ms = std::chrono::duration<double, std::milli>(step).count();
  threshold_ += std::min(gain * step_ms, 1.0) * (size - threshold_);
  threshold_ = std::clamp(threshold_, kMinThreshold, kMaxThreshold);
}

}  // namespace sluice
