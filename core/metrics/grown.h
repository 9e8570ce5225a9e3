#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "core/metrics/core_metrics.h"

namespace sluice {

/// A counter that follows a total which is counted elsewhere. Several may feed one counter. One thread at a time.
class GrownCounter {
 public:
  explicit GrownCounter(Counter& counter) : counter_{counter} {}

  /// A total that has fallen adds nothing.
  void raise_to(double total) noexcept {
    if (total > seen_) counter_.add(total - std::exchange(seen_, total));
  }
  void raise_to(std::uint64_t total) noexcept { raise_to(static_cast<double>(total)); }

 private:
  Counter& counter_;
  double seen_ = 0;
};

/// The same for a histogram.
class GrownHistogram {
 public:
  explicit GrownHistogram(TallyHistogram& histogram) : histogram_{histogram} {}

  /// @param counts  By bucket, as many in each call.
  void raise_to(std::span<const std::uint64_t> counts, double sum) {
    seen_.resize(counts.size());
    added_.assign(counts.size(), 0);
    for (std::size_t i = 0; i < counts.size(); ++i) {
      if (counts[i] > seen_[i]) added_[i] = counts[i] - std::exchange(seen_[i], counts[i]);
    }
    if (std::ranges::all_of(added_, [](std::uint64_t count) { return count == 0; })) return;
    histogram_.add(added_, std::max(0.0, sum - std::exchange(seen_sum_, sum)));
  }

 private:
  TallyHistogram& histogram_;
  std::vector<std::uint64_t> seen_;
  std::vector<std::uint64_t> added_;
  double seen_sum_ = 0;
};

}  // namespace sluice
