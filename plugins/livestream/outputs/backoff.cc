#include "outputs/backoff.h"

#include <algorithm>

namespace sluice::livestream {

std::chrono::milliseconds Backoff::on_failure(Instant now) noexcept {
  if (live_since_ && now - *live_since_ >= options_.good) trouble_since_.reset();
  live_since_.reset();
  if (!trouble_since_) {
    trouble_since_ = now;
    next_ = options_.first;
  } else {
    next_ = std::min(next_ * 2, now - *trouble_since_ < options_.young ? options_.most : options_.most_old);
  }
  return jittered(next_);
}

std::chrono::milliseconds Backoff::jittered(std::chrono::milliseconds delay) noexcept {
  // A linear congruential generator (Knuth's MMIX), of which the upper bits are good enough for this.
  state_ = state_ * 6'364'136'223'846'793'005U + 1'442'695'040'888'963'407U;
  constexpr std::int64_t kPermille = 1'000;
  constexpr std::uint64_t kMostLess = 200;
  const auto less = static_cast<std::int64_t>((state_ >> 33) % (kMostLess + 1));
  return delay * (kPermille - less) / kPermille;
}

}  // namespace sluice::livestream
