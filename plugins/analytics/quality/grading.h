#pragma once

#include <array>
#include <optional>

#include "sample.h"

/// From figures to a word. docs/connection-quality.md explains the table.
namespace sluice::analytics {

/// What a word is found by; what is not known does not count.
struct Measures {
  std::optional<double> loss{};  ///< 0 to 1: of the worse direction
  std::optional<double> round_trip_ms{};
  std::optional<double> jitter_ms{};
  std::optional<double> mos{};
  std::optional<double> frozen{};       ///< 0 to 1: how much of the time a picture stood still
  std::optional<double> camera_rate{};  ///< frames per second of the largest camera: a shared screen may stand still
  bool cut_off = false;                 ///< a path has broken; nothing arrives
};

/// The least that a word takes: at most so much, and for `mos` and `camera_rate` at least so much.
struct Bounds {
  Grade grade;
  double loss;
  double round_trip_ms;
  double jitter_ms;
  double mos;
  double frozen;
  double camera_rate;
};

/// What is worse than the last row is poor. The scores are those of the classes of G.107 Annex B, Table B.1: users are
/// very satisfied, satisfied, some are dissatisfied. The delays are those of G.114: under 150 ms one way most users
/// notice nothing, 400 ms are too much.
inline constexpr std::array<Bounds, 3> kBounds{{
    {Grade::excellent, 0.01, 150, 20, 4.34, 0.01, 15},
    {Grade::good, 0.03, 300, 40, 4.03, 0.05, 10},
    {Grade::fair, 0.08, 600, 80, 3.60, 0.15, 5},
}};

/// The worst figure counts; nothing where nothing is known.
[[nodiscard]] std::optional<Grade> grade_of(const Measures& measures) noexcept;

/// Keeps a word from changing every second: it becomes worse after three seconds of worse ones in a row, to the best of
/// them, and better after eight seconds of better ones in a row, to the worst of them. The first is told at once, and
/// where nothing is known any more, the last one holds for ten seconds.
class SteadyGrade {
 public:
  static constexpr int kWorseFor = 3;
  static constexpr int kBetterFor = 8;
  static constexpr int kHeldFor = 10;

  /// Once a second. Gives the word that holds now.
  std::optional<Grade> update(std::optional<Grade> measured) noexcept;
  [[nodiscard]] std::optional<Grade> now() const noexcept { return now_; }

 private:
  enum class Trend : std::uint8_t { none, worse, better };
  void follow(Trend trend, Grade measured) noexcept;

  std::optional<Grade> now_;
  Trend trend_ = Trend::none;
  Grade candidate_ = Grade::poor;
  int seconds_ = 0;  // in a row, of the trend
  int silent_ = 0;
};

}  // namespace sluice::analytics
