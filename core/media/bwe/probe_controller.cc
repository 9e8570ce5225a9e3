#include "core/media/bwe/probe_controller.h"

#include <algorithm>

namespace sluice {

std::optional<ProbeCluster> ProbeController::poll(const ProbeSituation& situation, Instant now) noexcept {
  if (result_due_ && now >= *result_due_) on_result(ProbeVerdict::nothing, now);
  if (result_due_ || situation.overused || now < next_at_ || !is_of_use(situation)) return std::nullopt;

  const DataRate rate = confirm_ ? *confirm_ : rate_for(situation, now);
  confirming_ = confirm_.has_value();
  confirm_.reset();
  started_ = true;
  last_id_ = last_id_ == 255 ? std::uint8_t{1} : static_cast<std::uint8_t>(last_id_ + 1);
  result_due_ = now + situation.round_trip * 3 + kMaxWait;
  const Duration length = confirming_ ? kConfirmLength : kLength;
  return ProbeCluster{.id = last_id_, .rate = rate, .bytes = rate.bytes_in(length), .packets = kMinPackets};
}

std::optional<Instant> ProbeController::next_timeout(const ProbeSituation& situation) const noexcept {
  if (result_due_) return result_due_;
  if (situation.overused || !is_of_use(situation)) return std::nullopt;  // what changes that comes with a call
  return next_at_;
}

bool ProbeController::is_of_use(const ProbeSituation& situation) const noexcept {
  return answered_ && situation.estimate < situation.wanted && situation.estimate < situation.max * 0.95;
}

DataRate ProbeController::rate_for(const ProbeSituation& situation, Instant now) const noexcept {
  DataRate rate = situation.estimate * (started_ ? kFurther : kFirst);
  if (now - dropped_at_ < kRememberDrop) {
    rate = std::clamp(before_drop_ * kRecovery, rate, situation.estimate * kMaxLeap);
  }
  return std::min({rate, situation.wanted * kMaxOverWanted, situation.max});
}

void ProbeController::on_overuse(DataRate estimate, Instant now) noexcept {
  confirm_.reset();
  next_at_ = std::max(next_at_, now + kCalm + spread(estimate, now));
}

/// Evenly from none to kSpread, by a multiplicative hash.
Duration ProbeController::spread(DataRate estimate, Instant now) noexcept {
  const auto time = static_cast<std::uint64_t>(now.time_since_epoch().count());
  const std::uint64_t mixed = (static_cast<std::uint64_t>(estimate.bps()) ^ time) * 0x9e37'79b9'7f4a'7c15U;
  return kSpread * static_cast<Duration::rep>(mixed >> 54) / 1024;
}

void ProbeController::on_drop(DataRate from, Instant now) noexcept {
  // Steps down from one height are one drop.
  if (now - dropped_at_ > kRememberDrop || from > before_drop_) before_drop_ = from;
  dropped_at_ = now;
}

void ProbeController::on_capacity_risen(Instant now) noexcept {
  if (!result_due_) next_at_ = std::min(next_at_, now);
}

void ProbeController::on_result(ProbeVerdict verdict, Instant now) noexcept {
  result_due_.reset();
  confirming_ = false;
  next_at_ = now + pause_after(verdict);
}

Duration ProbeController::pause_after(ProbeVerdict verdict) noexcept {
  switch (verdict) {
    case ProbeVerdict::more:
      return Duration::zero();
    case ProbeVerdict::shared_more:
      return kSharedMoreInterval;
    case ProbeVerdict::shared:
      return kSharedInterval;
    case ProbeVerdict::full:
    case ProbeVerdict::nothing:
      break;
  }
  return kInterval;
}

void ProbeController::wait_until(Instant at) noexcept {
  result_due_.reset();
  confirming_ = false;
  next_at_ = at;
}

void ProbeController::confirm(DataRate rate, Instant now) noexcept {
  result_due_.reset();
  confirm_ = rate;
  next_at_ = now;
}

void ProbeController::restart() noexcept {
  const bool answered = answered_;
  const std::uint8_t last_id = last_id_;
  *this = ProbeController{};
  answered_ = answered;
  last_id_ = last_id;
}

}  // namespace sluice
