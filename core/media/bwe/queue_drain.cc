#include "core/media/bwe/queue_drain.h"

#include <algorithm>

namespace sluice {

void QueueDrain::on_decrease(DataRate through, Duration queue, Duration round_trip, Instant now) noexcept {
  if (bound_ || queue < kMinQueue || now < next_) return;
  const double part = std::chrono::duration<double>(queue) / std::chrono::duration<double>(kTarget);
  bound_ = through * std::max(1 - part, kLowest);
  // What is measured meanwhile is a round trip old.
  end_ = now + kTarget + round_trip;
  next_ = end_ + kPause;
}

void QueueDrain::update(Duration queue, Instant now) noexcept {
  if (bound_ && (queue < kEmpty || now >= end_)) bound_.reset();
}

}  // namespace sluice
