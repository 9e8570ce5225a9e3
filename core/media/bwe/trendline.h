#pragma once

#include <array>
#include <cstddef>

#include "core/media/bwe/arrival_groups.h"
#include "sluice/time.h"

namespace sluice {

/// Whether the path's queue grows: the slope of a straight line through the smoothed one-way delay of the last groups.
/// It replaces the Kalman filter of draft-ietf-rmcat-gcc-02 section 5.3, as the authors have since done themselves.
///
/// Sans I/O; allocates nothing.
class Trendline {
 public:
  static constexpr std::size_t kWindow = 20;
  /// Weight of the past in the smoothed delay.
  static constexpr double kSmoothing = 0.9;
  /// Scale of value(), so that the detector's thresholds are those of the draft: groups, and a factor.
  static constexpr std::size_t kMaxGroups = 60;
  static constexpr double kGain = 4;

  void on_delta(const GroupDelta& delta) noexcept;
  void reset() noexcept { *this = Trendline{}; }

  /// By how much the delay grows, in milliseconds per so many groups as count at most, times kGain; 0 before the window
  /// is full.
  [[nodiscard]] double value() const noexcept;
  /// Milliseconds of delay per millisecond.
  [[nodiscard]] double slope() const noexcept { return slope_; }

 private:
  struct Point {
    double at_ms = 0;
    double delay_ms = 0;
  };
  [[nodiscard]] double fit() const noexcept;

  std::array<Point, kWindow> points_{};
  std::size_t count_ = 0;  // of groups so far
  Instant first_arrival_{};
  double delay_ms_ = 0;
  double smoothed_ms_ = 0;
  double slope_ = 0;
};

}  // namespace sluice
