#pragma once

#include <chrono>
#include <optional>

#include "sluice/time.h"

namespace sluice {

/// Notices that packets leave and nothing is heard of them: the path, or the way back, is gone or full.
///
/// Sans I/O; allocates nothing.
class FeedbackSilence {
 public:
  /// Beyond three round trips; receivers report ten to twenty times a second.
  static constexpr Duration kPatience = std::chrono::milliseconds{800};
  /// From one step down to the next.
  static constexpr Duration kStep = std::chrono::milliseconds{500};

  void on_sent(Instant now) noexcept {
    if (!unanswered_since_) unanswered_since_ = now;
  }
  void on_feedback() noexcept {
    unanswered_since_.reset();
    steps_ = 0;
  }
  /// Nothing has been sent since: nothing is awaited.
  void reset() noexcept { *this = FeedbackSilence{}; }

  /// True once for each step that the silence has lasted.
  [[nodiscard]] bool take_step(Duration round_trip, Instant now) noexcept;
  [[nodiscard]] std::optional<Instant> next_timeout(Duration round_trip) const noexcept;

 private:
  std::optional<Instant> unanswered_since_;
  int steps_ = 0;
};

}  // namespace sluice
