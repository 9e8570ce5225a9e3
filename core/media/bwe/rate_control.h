#pragma once

#include <chrono>
#include <optional>

#include "core/media/bwe/overuse_detector.h"
#include "sluice/data_rate.h"
#include "sluice/time.h"

namespace sluice {

/// What rate control goes by.
struct RateEvidence {
  PathUsage usage = PathUsage::normal;
  std::optional<DataRate> acknowledged{};  ///< long window; scaled up by the loss that is not ours
  std::optional<DataRate> throughput{};    ///< short window; likewise
  Duration round_trip{};
  bool bounded = false;  ///< less than the rate is sent, for another reason: it is not known to be good
};

/// The rate that the delay allows: additive or multiplicative increase, multiplicative decrease, with a memory of where
/// the capacity was when the queue last grew. draft-ietf-rmcat-gcc-02 section 5.5.
///
/// Sans I/O; allocates nothing.
class RateControl {
 public:
  /// What of the acknowledged rate remains after overuse: the rest lets the queue empty.
  static constexpr double kDecrease = 0.85;
  /// Growth in a second while the capacity is unknown.
  static constexpr double kIncrease = 1.08;
  /// Growth in a second near the known capacity: the same for each round trip time, so that flows share fairly.
  static constexpr DataRate kNearIncrease = DataRate::kbps(48);
  /// Never beyond this many times of what is acknowledged: more is not known to be there.
  static constexpr double kMaxOverAcknowledged = 1.5;
  /// A decrease shows in the delay after a round trip and the feedback's interval.
  static constexpr Duration kFeedbackInterval = std::chrono::milliseconds{100};

  RateControl(DataRate start, DataRate min, DataRate max, Instant now) noexcept;

  /// Once for each feedback message.
  void update(const RateEvidence& evidence, Instant now) noexcept;
  /// A better source knows: a probe, a bound, another path.
  void set_rate(DataRate rate, Instant now) noexcept;
  /// A probe has filled the link: this much went through.
  void on_capacity(DataRate capacity, Instant now) noexcept;
  /// Forgets the capacity.
  void reset(DataRate rate, Instant now) noexcept;

  [[nodiscard]] DataRate rate() const noexcept { return rate_; }
  /// Where the queue last grew; none: never, or the path has changed.
  [[nodiscard]] std::optional<DataRate> capacity() const noexcept { return capacity_; }
  /// True once after the rate has gone beyond the known capacity without a queue: there may be much more now.
  [[nodiscard]] bool take_capacity_risen() noexcept;
  /// The rate before the last decrease, once after it.
  [[nodiscard]] std::optional<DataRate> take_decreased_from() noexcept;

 private:
  void decrease(const RateEvidence& evidence, Instant now) noexcept;
  void increase(const RateEvidence& evidence, Duration elapsed) noexcept;
  void learn_capacity(DataRate rate) noexcept;
  [[nodiscard]] double deviation_kbps() const noexcept;
  void set(DataRate rate) noexcept;

  DataRate rate_;
  DataRate min_;
  DataRate max_;
  std::optional<DataRate> capacity_;
  double variance_ = 0.4;  // of the capacity in kbit/s, over its mean
  Instant last_update_;
  std::optional<Instant> last_decrease_;
  bool holding_ = false;  // until the queue is empty
  bool capacity_risen_ = false;
  std::optional<DataRate> decreased_from_;
};

}  // namespace sluice
