#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "core/media/bwe/bandwidth_estimator.h"
#include "sluice/data_rate.h"
#include "sluice/time.h"

namespace sluice {

/// What decides whether to probe.
struct ProbeSituation {
  DataRate estimate;
  DataRate wanted;
  DataRate max;
  Duration round_trip{};
  bool overused = false;
};

/// What came of a probe.
enum class ProbeVerdict : std::uint8_t {
  more,         ///< all of it went through: there may be more
  full,         ///< the link was full
  shared,       ///< the link was full, and not by us alone
  shared_more,  ///< likewise, and others have much more than we
  nothing,      ///< no result
};

/// Decides when to probe, and how fast: at the start, on while that finds more, after a drop, and now and then while
/// more is wanted than the estimate gives. One probe at a time.
///
/// Flows that share a link are overused at the same time. That they do not probe at the same time, too, and all find
/// the same room, the pauses are of different length: they depend on the estimate's last digits.
///
/// Sans I/O; allocates nothing.
class ProbeController {
 public:
  static constexpr double kFirst = 3;        ///< times the estimate, at the start
  static constexpr double kFurther = 2;      ///< times the estimate, later on
  static constexpr double kMaxLeap = 2.5;    ///< times the estimate, whatever was there before a drop
  static constexpr double kRecovery = 0.85;  ///< of what was there before a drop
  static constexpr Duration kRememberDrop = std::chrono::seconds{30};
  static constexpr double kMaxOverWanted = 2;
  static constexpr Duration kInterval = std::chrono::seconds{3};  ///< after a probe that found nothing more
  static constexpr Duration kSharedMoreInterval = std::chrono::milliseconds{1500};
  static constexpr Duration kSharedInterval = std::chrono::seconds{4};  ///< where others fill the link, too
  static constexpr Duration kCalm = std::chrono::milliseconds{2500};    ///< after overuse, and up to kSpread more
  static constexpr Duration kSpread = std::chrono::milliseconds{1500};
  static constexpr Duration kLength = std::chrono::milliseconds{20};
  static constexpr Duration kConfirmLength = std::chrono::milliseconds{40};
  static constexpr std::size_t kMinPackets = 5;
  static constexpr Duration kMaxWait = std::chrono::seconds{1};  ///< for a result, beyond the round trips

  /// A probe that should begin now. None unless feedback has come (see on_feedback()).
  [[nodiscard]] std::optional<ProbeCluster> poll(const ProbeSituation& situation, Instant now) noexcept;
  [[nodiscard]] std::optional<Instant> next_timeout(const ProbeSituation& situation) const noexcept;

  void on_feedback() noexcept { answered_ = true; }
  void on_overuse(DataRate estimate, Instant now) noexcept;
  void on_drop(DataRate from, Instant now) noexcept;
  /// The estimate has grown past what was known to be there.
  void on_capacity_risen(Instant now) noexcept;
  /// The probe's result has come, or does not matter any more.
  void on_result(ProbeVerdict verdict, Instant now) noexcept;
  /// The probe's result came too early to be of use.
  void wait_until(Instant at) noexcept;
  /// The next probe tries whether `rate` really goes through: of a link that others fill, too, a probe takes a share of
  /// theirs, and finds more than there is to spare.
  void confirm(DataRate rate, Instant now) noexcept;
  /// The probe under way was made by confirm().
  [[nodiscard]] bool confirming() const noexcept { return confirming_; }
  /// As at the start.
  void restart() noexcept;

 private:
  [[nodiscard]] static Duration pause_after(ProbeVerdict verdict) noexcept;
  [[nodiscard]] static Duration spread(DataRate estimate, Instant now) noexcept;
  [[nodiscard]] bool is_of_use(const ProbeSituation& situation) const noexcept;
  [[nodiscard]] DataRate rate_for(const ProbeSituation& situation, Instant now) const noexcept;

  bool answered_ = false;
  bool started_ = false;  // the first probe was made
  bool confirming_ = false;
  std::optional<DataRate> confirm_;  // the next probe's rate
  std::uint8_t last_id_ = 0;
  Instant next_at_ = Instant::min();
  std::optional<Instant> result_due_;  // while a probe is under way
  DataRate before_drop_;
  Instant dropped_at_{};
};

}  // namespace sluice
