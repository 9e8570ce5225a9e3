#include "core/media/bwe/trendline.h"

#include <algorithm>
#include <chrono>

namespace sluice {

namespace {

double to_ms(Duration duration) noexcept { return std::chrono::duration<double, std::milli>(duration).count(); }

}  // namespace

void Trendline::on_delta(const GroupDelta& delta) noexcept {
  if (count_ == 0) first_arrival_ = delta.arrival;
  delay_ms_ += to_ms(delta.arrived - delta.sent);
  smoothed_ms_ = kSmoothing * smoothed_ms_ + (1 - kSmoothing) * delay_ms_;
  points_[count_++ % kWindow] = {to_ms(delta.arrival - first_arrival_), smoothed_ms_};
  if (count_ >= kWindow) slope_ = fit();
}

double Trendline::value() const noexcept { return static_cast<double>(std::min(count_, kMaxGroups)) * slope_ * kGain; }

/// Least squares. The order of the points does not matter.
double Trendline::fit() const noexcept {
  double mean_at = 0;
  double mean_delay = 0;
  for (const Point& point : points_) {
    mean_at += point.at_ms / kWindow;
    mean_delay += point.delay_ms / kWindow;
  }
  double product = 0;
  double square = 0;
  for (const Point& point : points_) {
    product += (point.at_ms - mean_at) * (point.delay_ms - mean_delay);
    square += (point.at_ms - mean_at) * (point.at_ms - mean_at);
  }
  return square > 0 ? product / square : slope_;
}

}  // namespace sluice
