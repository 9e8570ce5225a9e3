#include "core/media/bwe/queue_delay.h"

#include <algorithm>

namespace sluice {

void QueueDelay::on_packet(Instant sent, Instant arrived) noexcept {
  const Duration delay = arrived - sent;
  of_message_ = std::min(of_message_.value_or(delay), delay);
  newest_sent_ = std::max(newest_sent_, sent);
}

void QueueDelay::end_message() noexcept {
  before_ = value_;
  if (!of_message_) return;
  if (used_ == 0 || newest_sent_ >= bucket_end_) {
    std::shift_right(least_.begin(), least_.end(), 1);
    least_[0] = *of_message_;
    used_ = std::min(used_ + 1, kBuckets);
    bucket_end_ = newest_sent_ + kBucket;
  }
  least_[0] = std::min(least_[0], *of_message_);
  const auto used = static_cast<std::ptrdiff_t>(used_);
  const Duration base = *std::min_element(least_.begin(), least_.begin() + used);
  value_ = *of_message_ - base;
  standing_ = used_ > 1 && std::min(least_[0], least_[1]) - base >= kStanding;
  of_message_.reset();
}

}  // namespace sluice
