#pragma once

#include <chrono>
#include <optional>

#include "sluice/data_rate.h"
#include "sluice/time.h"

namespace sluice {

/// After a capacity has fallen, what a decrease leaves free empties a long queue but slowly. For a moment less is sent:
/// so much less that the queue should be gone within kTarget.
///
/// Against a flow that keeps the queue full it costs little: it ends by time, and does not come again soon.
///
/// Sans I/O; allocates nothing.
class QueueDrain {
 public:
  static constexpr Duration kMinQueue = std::chrono::milliseconds{60};  ///< that is worth it
  static constexpr Duration kEmpty = std::chrono::milliseconds{20};
  static constexpr Duration kTarget = std::chrono::milliseconds{600};
  static constexpr double kLowest = 0.5;  ///< of what gets through
  static constexpr Duration kPause = std::chrono::seconds{4};

  /// The rate was lowered. @param through  What the path lets through.
  void on_decrease(DataRate through, Duration queue, Duration round_trip, Instant now) noexcept;
  void update(Duration queue, Instant now) noexcept;
  void reset() noexcept { *this = QueueDrain{}; }

  /// While it lasts: no more than this.
  [[nodiscard]] std::optional<DataRate> bound() const noexcept { return bound_; }

 private:
  std::optional<DataRate> bound_;
  Instant end_{};
  Instant next_{};
};

}  // namespace sluice
