#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "sluice/time.h"

namespace sluice::simulation {

/// How long things took, in whole milliseconds rounded down; longer than the last bin counts there.
class DelayHistogram {
 public:
  static constexpr std::size_t kBins = 4000;

  void add(Duration delay) noexcept {
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(delay).count();
    ++bins_[static_cast<std::size_t>(std::clamp<std::int64_t>(ms, 0, kBins - 1))];
    ++count_;
  }
  /// The least that `share` (0 to 1) of all do not exceed; zero of none.
  [[nodiscard]] std::chrono::milliseconds quantile(double share) const noexcept {
    const auto rank = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_)));
    std::uint64_t seen = 0;
    for (std::size_t bin = 0; bin < kBins && count_ > 0; ++bin) {
      seen += bins_[bin];
      if (seen >= std::max<std::uint64_t>(rank, 1)) return std::chrono::milliseconds{bin};
    }
    return std::chrono::milliseconds{0};
  }
  /// How many of all were shorter than `limit`, 0 to 1.
  [[nodiscard]] double share_below(std::chrono::milliseconds limit) const noexcept {
    std::uint64_t below = 0;
    for (std::size_t bin = 0; bin < kBins && std::chrono::milliseconds{bin} < limit; ++bin) below += bins_[bin];
    return count_ == 0 ? 0 : static_cast<double>(below) / static_cast<double>(count_);
  }
  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
  void clear() noexcept { *this = {}; }

 private:
  std::array<std::uint32_t, kBins> bins_{};
  std::uint64_t count_ = 0;
};

}  // namespace sluice::simulation
