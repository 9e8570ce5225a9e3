#include "core/media/bwe/arrival_groups.h"

#include <algorithm>
#include <utility>

namespace sluice {

namespace {

constexpr int kMaxDisordered = 3;

}  // namespace

std::optional<GroupDelta> ArrivalGroups::on_packet(Instant sent, Instant arrived) noexcept {
  if (current_ && is_break(sent, arrived)) {
    reset();
    broken_ = true;
  }
  if (!current_) {
    current_ = Group{sent, sent, arrived, arrived};
    return std::nullopt;
  }
  if (sent < current_->first_sent) return std::nullopt;  // late, its group is closed
  if (belongs(sent, arrived)) {
    current_->last_sent = std::max(current_->last_sent, sent);
    current_->last_arrival = std::max(current_->last_arrival, arrived);
    return std::nullopt;
  }
  const auto result = delta();
  current_ = Group{sent, sent, arrived, arrived};
  return result;
}

void ArrivalGroups::reset() noexcept {
  current_.reset();
  previous_.reset();
  disordered_ = 0;
}

bool ArrivalGroups::take_broken() noexcept { return std::exchange(broken_, false); }

bool ArrivalGroups::is_break(Instant sent, Instant arrived) const noexcept {
  const Duration apart = (arrived - current_->last_arrival) - (sent - current_->last_sent);
  return apart > kMaxJump || apart < -kMaxJump || sent - current_->last_sent > kMaxSilence;
}

bool ArrivalGroups::belongs(Instant sent, Instant arrived) const noexcept {
  if (sent - current_->first_sent <= kBurst) return true;
  // It was held up with the others and came through right behind them: later sent, by less later arrived.
  const Duration between = arrived - current_->last_arrival;
  const bool caught_up = between < sent - current_->last_sent;
  return caught_up && between <= kBurst && arrived - current_->first_arrival < kMaxBurst;
}

/// Of the current group to the previous one, which it then replaces.
std::optional<GroupDelta> ArrivalGroups::delta() noexcept {
  if (!previous_) {
    previous_ = current_;
    return std::nullopt;
  }
  const GroupDelta delta{.sent = current_->last_sent - previous_->last_sent,
                         .arrived = current_->last_arrival - previous_->last_arrival,
                         .arrival = current_->last_arrival};
  if (delta.arrived < Duration::zero()) {
    if (++disordered_ >= kMaxDisordered) reset();
    return std::nullopt;
  }
  disordered_ = 0;
  previous_ = current_;
  return delta;
}

}  // namespace sluice
