#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "sluice/media/session_clock.h"

namespace sluice::media {

/// A step of a sender's wall clock, by which the calendar was corrected: its tracks go on as if there had been none.
struct WallClockStep {
  double arrival = 0;  ///< of the first point after it, microseconds on the session's time line
  double size = 0;     ///< microseconds, forwards
};

/// A track's points, and what of them cannot be: a wall clock that stepped, timestamps that jumped.
class TrackPoints {
 public:
  /// @param ntp_base  near the sender's wall clock.
  TrackPoints(std::uint32_t clock_rate, std::vector<ClockPoint> points, std::uint64_t ntp_base);

  struct Point {
    double media = 0;    ///< by its timestamps
    double arrival = 0;  ///< on the session's time line
    double wall = 0;     ///< by the sender's wall clock, from `ntp_base` on; only where that is told
  };
  /// All points, in the order of their timestamps.
  [[nodiscard]] const std::vector<Point>& all() const noexcept { return all_; }
  /// Those with a wall clock, not too close to each other; where none has one, all, and `wall` is made of `media`.
  [[nodiscard]] const std::vector<Point>& knots() const noexcept { return knots_; }
  [[nodiscard]] bool has_wall_clock() const noexcept { return has_wall_clock_; }
  [[nodiscard]] double media_of(std::int64_t timestamp) const noexcept;

  enum class Break : std::uint8_t {
    none,
    wall_clock,  ///< stepped
    timestamps   ///< jumped, or stood still
  };
  /// What lies between the knot and the one before it.
  [[nodiscard]] Break break_before(std::size_t knot) const noexcept;
  /// How far the wall clock ran ahead of the timestamps from the knot before to this one.
  [[nodiscard]] double step_before(std::size_t knot) const noexcept;

 private:
  std::uint32_t clock_rate_;
  std::int64_t first_timestamp_;
  bool has_wall_clock_ = false;
  std::vector<Point> all_;
  std::vector<Point> knots_;
};

/// Timestamps of one track in its sender's time: its wall clock without steps. All in microseconds. Never falls.
class TrackClock {
 public:
  /// @param steps  all of the sender's; those of this track are among them, as they are or nearly so.
  TrackClock(const TrackPoints& points, const std::vector<WallClockStep>& steps);
  [[nodiscard]] double local_of(double media) const noexcept;

 private:
  struct Knot {
    double media = 0;
    double local = 0;
  };
  void bridge(const Knot& next);

  std::vector<Knot> knots_;  // one at least
  double rate_ = 1;          // of the sender's clock to the timestamps': before the first knot and behind the last
};

/// Adds the steps of the track's wall clock to those of its sender that are known.
void collect_steps(const TrackPoints& points, std::vector<WallClockStep>& steps);

}  // namespace sluice::media
