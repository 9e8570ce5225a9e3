#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>

#include "sluice/time.h"

namespace sluice {

/// How long packets wait in the path's queues: their one-way delay above the least of the last two minutes. The two
/// clocks need not agree, for only differences count; a queue that never empties in that time is taken for the path.
///
/// Sans I/O; allocates nothing.
class QueueDelay {
 public:
  static constexpr Duration kBucket = std::chrono::seconds{5};
  static constexpr std::size_t kBuckets = 24;
  /// A queue of this length that has grown by that much from one message to the next is no chance: even the quickest of
  /// a message's packets has waited so long.
  static constexpr Duration kSurgeLength = std::chrono::milliseconds{60};
  static constexpr Duration kSurgeGrowth = std::chrono::milliseconds{30};

  void on_packet(Instant sent, Instant arrived) noexcept;
  /// Call after each feedback message: the least delay of its packets counts, the others are jitter.
  void end_message() noexcept;
  void reset() noexcept { *this = QueueDelay{}; }
  void forget_surge() noexcept { before_ = value_; }

  /// Zero before the first message.
  [[nodiscard]] Duration value() const noexcept { return value_; }
  /// A queue that has not been shorter than this for a whole bucket is kept full by somebody else: those who go by
  /// delay let it empty now and then.
  static constexpr Duration kStanding = std::chrono::milliseconds{30};
  [[nodiscard]] bool standing() const noexcept { return standing_; }
  /// The path's capacity has just fallen; the trend will say so later.
  [[nodiscard]] bool surging() const noexcept { return value_ >= kSurgeLength && value_ - before_ >= kSurgeGrowth; }

 private:
  std::array<Duration, kBuckets> least_{};  // one-way delays, with the clocks' difference in them
  std::size_t used_ = 0;
  Instant bucket_end_{};
  std::optional<Duration> of_message_;
  Instant newest_sent_{};
  Duration value_{};
  Duration before_{};  // of the message before
  bool standing_ = false;
};

}  // namespace sluice
