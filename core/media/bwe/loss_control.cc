#include "core/media/bwe/loss_control.h"

#include <algorithm>
#include <cmath>

namespace sluice {

namespace {

constexpr double kSmoothing = 0.7;          // weight of the past in loss()
constexpr double kInherentSmoothing = 0.9;  // likewise in inherent()
constexpr double kDeviations = 3;
constexpr double kHeadroom = 0.95;  // of what got through
constexpr Duration kSettle = std::chrono::milliseconds{100};

double share(std::size_t part, std::size_t all) noexcept {
  return all == 0 ? 0 : static_cast<double>(part) / static_cast<double>(all);
}

/// Of a share that is measured on so many packets; never zero, for a few packets without loss prove little.
double deviation(double share, std::size_t packets) noexcept {
  const double bounded = std::clamp(share, 0.01, 0.99);
  return std::sqrt(bounded * (1 - bounded) / static_cast<double>(std::max<std::size_t>(packets, 1)));
}

}  // namespace

void LossControl::on_lost() noexcept {
  ++packets_;
  ++lost_;
}

void LossControl::on_late() noexcept {
  if (lost_ > 0) --lost_;
}

void LossControl::update(const LossEvidence& evidence, Instant now) noexcept {
  if (!window_begin_) window_begin_ = now;
  // After a step what was sent before it is still being reported.
  if (now < *window_begin_) {
    packets_ = lost_ = 0;
    return;
  }
  grow(evidence, now);
  if (!window_complete(evidence, now)) return;
  const double loss = share(lost_, packets_);
  loss_ = kSmoothing * loss_ + (1 - kSmoothing) * loss;
  watch_below(evidence);
  judge(loss, evidence, now);
}

bool LossControl::window_complete(const LossEvidence& evidence, Instant now) const noexcept {
  const Duration age = now - *window_begin_;
  if (packets_ == 0 || age < std::max(kWindow, evidence.round_trip)) return false;
  std::size_t needed = kMinPackets;
  if (trial_) {
    const double excess = std::max(trial_->loss - inherent_, kTolerated);
    needed = std::min(static_cast<std::size_t>(kMinTrialLosses / excess), kEnoughPackets);
  }
  return packets_ >= std::max(needed, kMinPackets) || age >= kMaxWindow;
}

void LossControl::begin_window(Instant at) noexcept {
  window_begin_ = at;
  packets_ = lost_ = 0;
}

void LossControl::judge(double loss, const LossEvidence& evidence, Instant now) noexcept {
  if (trial_ && !evidence.overused) {
    conclude_trial(loss, evidence, now);
  } else if (!trial_ && !evidence.overused && stands_out(loss)) {
    was_chance(loss, evidence) ? call_inherent(share(below_lost_, below_packets_), now)
                               : begin_trial(loss, evidence, now);
  } else {
    if (inherent_ > 0 && !stands_out(loss)) {
      inherent_ = kInherentSmoothing * inherent_ + (1 - kInherentSmoothing) * loss;
      if (inherent_ < kTolerated / 2) inherent_ = 0;
    }
    begin_window(now);
  }
}

/// The loss below the bound is not so much less than that above it, on enough packets to say so.
bool LossControl::was_chance(double loss, const LossEvidence& evidence) const noexcept {
  if (!bound_ || loss > kHeavy || evidence.queue > kEmptyQueue || below_packets_ < kEnoughPackets) return false;
  return share(below_lost_, below_packets_) - inherent_ > (ceiling_loss_ - inherent_) / 2;
}

void LossControl::watch_below(const LossEvidence& evidence) noexcept {
  if (!bound_ || trial_ || evidence.estimate > ceiling_ * kSameRate) return;
  below_packets_ += packets_;
  below_lost_ += lost_;
}

bool LossControl::stands_out(double loss) const noexcept {
  return loss - inherent_ > std::max(kTolerated, kDeviations * deviation(inherent_, packets_));
}

void LossControl::begin_trial(double loss, const LossEvidence& evidence, Instant now) noexcept {
  const double unlost = (1 - loss) / (1 - inherent_);
  const DataRate through = evidence.acknowledged.value_or(evidence.estimate * (1 - loss)) * (1 / (1 - inherent_));
  const DataRate lowest = loss > kHeavy ? DataRate{} : evidence.estimate * kStep;
  if (!bound_ || evidence.estimate > ceiling_ * kSameRate) {
    ceiling_ = evidence.estimate;
    ceiling_loss_ = loss_;
    below_packets_ = below_lost_ = 0;
  }
  bound_ = std::clamp(through * kHeadroom, lowest, evidence.estimate * kHeadroom);
  // A full link carries as much of a lower rate as of a higher one.
  const double congested = 1 - evidence.estimate * unlost / *bound_;
  trial_ =
      Trial{.rate = evidence.estimate, .loss = loss, .packets = packets_, .congested = std::max(inherent_, congested)};
  hold_until_ = now + kHold;
  begin_window(now + evidence.round_trip + kSettle);
}

void LossControl::conclude_trial(double loss, const LossEvidence& evidence, Instant now) noexcept {
  const Trial trial = *trial_;
  trial_.reset();
  const bool relieved = loss < (trial.loss + trial.congested) / 2;
  const std::size_t fewer = std::min(trial.packets, packets_);
  const bool worse = loss - trial.loss > std::max(kTolerated, kDeviations * deviation(trial.loss, fewer));
  // Losses that had only begun when the trial did are compared with again.
  if (worse) return begin_trial(loss, evidence, now);
  if (!relieved && evidence.queue <= kEmptyQueue) {
    const double all = static_cast<double>(trial.packets + packets_);
    call_inherent((trial.loss * static_cast<double>(trial.packets) + loss * static_cast<double>(packets_)) / all, now);
  } else if (stands_out(loss)) {
    begin_trial(loss, evidence, now);
  } else {
    ceiling_ = std::min(ceiling_, trial.rate);
    hold_until_ = now + kHold;
    last_growth_ = hold_until_;
    begin_window(now);
  }
}

void LossControl::call_inherent(double loss, Instant now) noexcept {
  inherent_ = std::min(loss, kMaxInherent);
  bound_.reset();
  begin_window(now);
}

// What went through may go beyond what had losses once, step by step: too short to see a small share of losses, it
// shows that the link is not what it was.
bool LossControl::on_probe(DataRate rate) noexcept {
  if (!bound_ || trial_) return false;
  ceiling_ = std::max(ceiling_, std::min(rate, ceiling_ * kProbedCeiling));
  const DataRate before = *bound_;
  bound_ = std::max(before, std::min(rate, ceiling_));
  return *bound_ > before;
}

void LossControl::grow(const LossEvidence& evidence, Instant now) noexcept {
  if (!bound_ || trial_ || now < hold_until_) return;
  const double elapsed = std::chrono::duration<double>(std::max(now - last_growth_, Duration::zero())).count();
  last_growth_ = now;
  // Only as far as it is used: what is not sent proves nothing.
  const DataRate used = evidence.acknowledged.value_or(DataRate{}) * (kOutgrown / (1 - std::min(loss_, 0.5)));
  bound_ = std::max(*bound_, std::min(*bound_ * std::pow(kGrowth, std::min(elapsed, 1.0)), used));
  if (*bound_ > ceiling_ * kOutgrown || *bound_ > evidence.estimate * kOutgrown) bound_.reset();
}

}  // namespace sluice
