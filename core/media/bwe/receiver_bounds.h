#pragma once

#include <chrono>
#include <optional>

#include "sluice/data_rate.h"
#include "sluice/time.h"

namespace sluice {

/// What a receiver tells without transport-wide feedback: its own estimate (REMB) and the losses of its reports. A cap
/// beside feedback, the whole estimate without.
///
/// Sans I/O; allocates nothing.
class ReceiverBounds {
 public:
  /// A cap that is not repeated for so long is over.
  static constexpr Duration kRembLifetime = std::chrono::seconds{10};
  /// Losses of reports, draft-ietf-rmcat-gcc-02 section 6: below the first the rate grows, above the second it falls.
  static constexpr double kLowLoss = 0.02;
  static constexpr double kHighLoss = 0.1;
  static constexpr double kIncrease = 1.05;                                 ///< for each report without loss
  static constexpr Duration kMinInterval = std::chrono::milliseconds{500};  ///< reports in between do not count

  void on_remb(DataRate rate, Instant now) noexcept;
  /// @param rate  The estimate so far.
  void on_report(double fraction_lost, DataRate rate, Instant now) noexcept;
  void reset() noexcept { *this = ReceiverBounds{}; }

  /// The cap that stands at `now`.
  [[nodiscard]] std::optional<DataRate> remb(Instant now) const noexcept;
  /// Made of the reports' losses; none before the first.
  [[nodiscard]] std::optional<DataRate> by_reports() const noexcept { return by_reports_; }

 private:
  std::optional<DataRate> remb_;
  Instant remb_at_{};
  std::optional<DataRate> by_reports_;
  Instant report_at_{};
};

}  // namespace sluice
