#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

#include "sluice/error.h"
#include "sluice/time.h"

namespace sluice::chat {

/// How much somebody may do in a time: a bucket that holds `burst` and fills by `per_10s`.
class Budget {
 public:
  /// Takes one. Throws Error{rate_limited, {retryAfterMs}} where there is none.
  void spend(Instant now, int per_10s, int burst) {
    const double each_ms = 10'000.0 / per_10s;
    if (last_) left_ += std::chrono::duration<double, std::milli>(now - *last_).count() / each_ms;
    left_ = last_ ? std::min<double>(left_, burst) : burst;
    last_ = now;
    if (left_ < 1.0) {
      const auto wait_ms = static_cast<std::int64_t>((1.0 - left_) * each_ms) + 1;
      throw Error{ErrorCode::rate_limited, "that is too much at once", {{"retryAfterMs", wait_ms}}};
    }
    left_ -= 1.0;
  }

 private:
  std::optional<Instant> last_;
  double left_ = 0;
};

}  // namespace sluice::chat
