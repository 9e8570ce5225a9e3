#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "sluice/time.h"

namespace sluice {

/// How often each duration came: a fixed table whose steps grow with the duration, eight to each power of two. Counting
/// is a handful of instructions and never allocates.
///
///     | 0 1 2 .. 7 µs | 8 9 .. 15 | 16 18 .. 30 | 32 36 .. 60 | ... | 58.7 .. 67.1 s | longer |
class DurationHistogram {
 public:
  /// What quantile() says is at least the duration, and at most this part of it (or 1 µs) more.
  static constexpr double kMaxError = 1.0 / 8;

  void add(Duration duration) noexcept;
  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
  [[nodiscard]] Duration longest() const noexcept { return longest_; }
  /// The duration that the part `q` (0 to 1) of all stays within: 0.99 for p99. Zero where nothing was counted.
  [[nodiscard]] Duration quantile(double q) const noexcept;

 private:
  static constexpr unsigned kSubBits = 3;
  static constexpr std::uint64_t kSubSteps = 1U << kSubBits;
  static constexpr unsigned kMaxBits = 26;  // in microseconds: 67 s
  static constexpr std::size_t kSteps = kSubSteps * (kMaxBits - kSubBits + 1);

  [[nodiscard]] static std::size_t step_of(std::uint64_t microseconds) noexcept;
  [[nodiscard]] static std::uint64_t end_of(std::size_t step) noexcept;

  std::array<std::uint64_t, kSteps + 1> counts_{};  // the last one: longer than the table
  std::uint64_t count_ = 0;
  Duration longest_{};
};

}  // namespace sluice
