#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sluice {

/// Counts values by buckets, in a fixed array: what a thread can afford that may neither lock nor allocate.
/// @tparam kBounds  The buckets' upper bounds, which they include, ascending: a constexpr std::array<double, N>.
template <const auto& kBounds>
class Tally {
 public:
  void add(double value) noexcept {
    std::size_t bucket = 0;
    while (bucket < kBounds.size() && value > kBounds[bucket]) ++bucket;
    ++counts_[bucket];
    sum_ += value;
  }

  [[nodiscard]] static std::vector<double> bounds() { return {kBounds.begin(), kBounds.end()}; }
  /// By bucket; the last is what exceeds every bound.
  [[nodiscard]] std::span<const std::uint64_t> counts() const noexcept { return counts_; }
  [[nodiscard]] double sum() const noexcept { return sum_; }

 private:
  std::array<std::uint64_t, kBounds.size() + 1> counts_{};
  double sum_ = 0;
};

}  // namespace sluice
