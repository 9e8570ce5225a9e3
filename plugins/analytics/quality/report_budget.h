#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>

#include "sluice/error.h"
#include "sluice/time.h"

namespace sluice::analytics {

/// How many reports one participant may still send: a bucket of tokens, that holds those of ten seconds.
class ReportBudget {
 public:
  /// Throws Error{rate_limited} with `{retryAfterMs}`.
  void demand(int per_minute, Instant now) {
    const double burst = std::max(per_minute / 6.0, 1.0);
    const double per_second = per_minute / 60.0;
    const std::chrono::duration<double> passed = filled_ ? now - *filled_ : Duration::zero();
    tokens_ = filled_ ? std::min(burst, tokens_ + passed.count() * per_second) : burst;
    filled_ = now;
    if (tokens_ < 1) {
      const auto wait = static_cast<std::int64_t>((1 - tokens_) / per_second * 1'000) + 1;
      throw Error{ErrorCode::rate_limited, "so many reports are not needed", {{"retryAfterMs", wait}}};
    }
    tokens_ -= 1;
  }

 private:
  double tokens_ = 0;
  std::optional<Instant> filled_;
};

}  // namespace sluice::analytics
