#include "core/media/bwe/overuse_detector.h"

#include <algorithm>
#include <cmath>

namespace sluice {

PathUsage OveruseDetector::on_trend(const TrendSample& sample) noexcept {
  const double trend = sample.trend;
  if (trend > threshold_) {
    // Of the time before the first sample above it, half is taken to have been above.
    over_ += over_count_++ == 0 ? sample.sent / 2 : sample.sent;
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
  adapt(sample);
  return usage_;
}

void OveruseDetector::forget_overuse() noexcept {
  over_ = Duration::zero();
  over_count_ = 0;
  if (usage_ == PathUsage::overuse) usage_ = PathUsage::normal;
}

void OveruseDetector::adapt(const TrendSample& sample) noexcept {
  const Duration step =
      started_ ? std::clamp(sample.arrival - last_arrival_, Duration::zero(), kMaxStep) : Duration::zero();
  started_ = true;
  last_arrival_ = sample.arrival;
  const double size = std::abs(sample.trend);
  if (size > threshold_ + kSpike) return;
  const double down = sample.standing_queue ? kDownBesideOthers : kDown;
  const double gain = size < threshold_ ? down : kUp;
  const double step_ms = std::chrono::duration<double, std::milli>(step).count();
  threshold_ += std::min(gain * step_ms, 1.0) * (size - threshold_);
  threshold_ = std::clamp(threshold_, kMinThreshold, kMaxThreshold);
}

}  // namespace sluice
