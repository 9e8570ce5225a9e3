#pragma once

#include <algorithm>
#include <chrono>
#include <string>
#include <unordered_map>

#include "sluice/error.h"
#include "sluice/time.h"

namespace sluice::engagement {

/// So many at once, so many a second in the long run: a bucket of tokens for each participant.
class RateLimits {
 public:
  struct Rate {
    double per_second;
    double burst;
  };

  /// Throws Error{rate_limited} with `{retryAfterMs}`.
  void demand(const std::string& participant_id, Rate rate, Instant now) {
    const auto [entry, is_new] = buckets_.try_emplace(participant_id, Bucket{rate.burst, now});
    Bucket& bucket = entry->second;
    const std::chrono::duration<double> passed = now - bucket.filled;
    bucket.tokens = std::min(rate.burst, bucket.tokens + passed.count() * rate.per_second);
    bucket.filled = now;
    if (bucket.tokens < 1) {
      const auto wait = static_cast<std::int64_t>((1 - bucket.tokens) / rate.per_second * 1'000) + 1;
      throw Error{ErrorCode::rate_limited, "too many of these at a time", {{"retryAfterMs", wait}}};
    }
    bucket.tokens -= 1;
  }
  /// The participant has left.
  void forget(const std::string& participant_id) { buckets_.erase(participant_id); }

 private:
  struct Bucket {
    double tokens;
    Instant filled;
  };
  std::unordered_map<std::string, Bucket> buckets_;  // by participant id: as many as there are participants
};

}  // namespace sluice::engagement
