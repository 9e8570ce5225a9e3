#include "core/media/bwe/receiver_bounds.h"

#include <algorithm>

namespace sluice {

void ReceiverBounds::on_remb(DataRate rate, Instant now) noexcept {
  remb_ = rate;
  remb_at_ = now;
}

void ReceiverBounds::on_report(double fraction_lost, DataRate rate, Instant now) noexcept {
  if (by_reports_ && now - report_at_ < kMinInterval) return;
  report_at_ = now;
  const double lost = std::clamp(fraction_lost, 0.0, 1.0);
  if (lost > kHighLoss) {
    by_reports_ = rate * (1 - 0.5 * lost);
  } else if (lost < kLowLoss) {
    by_reports_ = rate * kIncrease + DataRate::kbps(1);
  } else {
    by_reports_ = rate;
  }
}

std::optional<DataRate> ReceiverBounds::remb(Instant now) const noexcept {
  if (!remb_ || now - remb_at_ > kRembLifetime) return std::nullopt;
  return remb_;
}

}  // namespace sluice
