#include "core/media/bwe/rate_control.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace sluice {

namespace {

constexpr double kCapacityWeight = 0.05;  // of a new sample in the mean
constexpr double kMinVariance = 0.4;
constexpr double kMaxVariance = 2.5;
constexpr double kDeviations = 3;
constexpr Duration kMaxElapsed = std::chrono::seconds{1};  // longer silences prove nothing
constexpr DataRate kSlack = DataRate::kbps(10);

double seconds(Duration duration) noexcept { return std::chrono::duration<double>(duration).count(); }

}  // namespace

RateControl::RateControl(DataRate start, DataRate min, DataRate max, Instant now) noexcept
    : rate_{std::clamp(start, min, max)}, min_{min}, max_{max}, last_update_{now} {}

void RateControl::update(const RateEvidence& evidence, Instant now) noexcept {
  const Duration elapsed = std::clamp(now - last_update_, Duration::zero(), kMaxElapsed);
  last_update_ = now;
  switch (evidence.usage) {
    case PathUsage::overuse:
      decrease(evidence, now);
      holding_ = true;
      return;
    case PathUsage::underuse:
      holding_ = true;
      return;
    case PathUsage::normal:
      // One message of calm before it grows again.
      if (!std::exchange(holding_, false)) increase(evidence, elapsed);
  }
}

void RateControl::decrease(const RateEvidence& evidence, Instant now) noexcept {
  if (last_decrease_ && now - *last_decrease_ < evidence.round_trip + kFeedbackInterval) return;
  last_decrease_ = now;
  const DataRate through = evidence.throughput.value_or(evidence.acknowledged.value_or(rate_));
  if (through < rate_ || !capacity_) learn_capacity(through);
  decreased_from_ = std::max(rate_, decreased_from_.value_or(DataRate{}));
  set(std::min(rate_, through * kDecrease));
}

void RateControl::increase(const RateEvidence& evidence, Duration elapsed) noexcept {
  if (!evidence.acknowledged || evidence.bounded) return;
  if (capacity_ && evidence.acknowledged->kbps() > capacity_->kbps() + kDeviations * deviation_kbps()) {
    capacity_.reset();
    capacity_risen_ = true;
  }
  const DataRate grown = capacity_ ? rate_ + kNearIncrease * seconds(elapsed)
                                   : rate_ * std::pow(kIncrease, seconds(elapsed)) + DataRate::bps(1);
  const DataRate limit = *evidence.acknowledged * kMaxOverAcknowledged + kSlack;
  set(std::max(rate_, std::min(grown, limit)));
}

void RateControl::set_rate(DataRate rate, Instant now) noexcept {
  set(rate);
  last_update_ = now;
}

void RateControl::on_capacity(DataRate capacity, Instant now) noexcept {
  learn_capacity(capacity);
  last_update_ = now;
}

void RateControl::reset(DataRate rate, Instant now) noexcept { *this = RateControl{rate, min_, max_, now}; }

void RateControl::learn_capacity(DataRate rate) noexcept {
  if (capacity_ && std::abs(rate.kbps() - capacity_->kbps()) > kDeviations * deviation_kbps()) capacity_.reset();
  if (!capacity_) {
    capacity_ = rate;
    variance_ = kMinVariance;
    return;
  }
  const double error = capacity_->kbps() - rate.kbps();
  capacity_ = *capacity_ * (1 - kCapacityWeight) + rate * kCapacityWeight;
  const double normalised = error * error / std::max(capacity_->kbps(), 1.0);
  variance_ = std::clamp((1 - kCapacityWeight) * variance_ + kCapacityWeight * normalised, kMinVariance, kMaxVariance);
}

double RateControl::deviation_kbps() const noexcept { return std::sqrt(variance_ * capacity_->kbps()); }

void RateControl::set(DataRate rate) noexcept { rate_ = std::clamp(rate, min_, max_); }

bool RateControl::take_capacity_risen() noexcept { return std::exchange(capacity_risen_, false); }

std::optional<DataRate> RateControl::take_decreased_from() noexcept { return std::exchange(decreased_from_, {}); }

}  // namespace sluice
