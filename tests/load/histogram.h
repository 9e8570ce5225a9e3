#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace sluice::load {

/// Durations by magnitude: 64 buckets for each doubling, so that a quantile is off by less than 1.6 %. Recording costs
/// a few instructions and nothing is kept per value.
class Histogram {
 public:
  /// A negative value counts as 0, one beyond the last bucket (39 hours) as the longest.
  void record(std::chrono::nanoseconds value) noexcept;
  void add(const Histogram& other) noexcept;

  /// The least duration that `share` (0 to 1) of the values do not exceed; 0 of an empty histogram. The upper edge of
  /// its bucket, but never more than max().
  [[nodiscard]] std::chrono::nanoseconds quantile(double share) const noexcept;
  [[nodiscard]] std::chrono::nanoseconds max() const noexcept { return std::chrono::nanoseconds{max_}; }
  [[nodiscard]] std::chrono::nanoseconds mean() const noexcept;
  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }

 private:
  static constexpr int kSubBits = 6;
  static constexpr std::uint64_t kSubBuckets = 1U << kSubBits;
  static constexpr int kMaxBits = 47;
  static constexpr std::size_t kBuckets = (kMaxBits - kSubBits + 1) * kSubBuckets;

  [[nodiscard]] static std::size_t bucket_of(std::uint64_t value) noexcept;
  [[nodiscard]] static std::uint64_t upper_edge(std::size_t bucket) noexcept;

  std::array<std::uint64_t, kBuckets> counts_{};
  std::uint64_t count_ = 0;
  std::uint64_t sum_ = 0;
  std::int64_t max_ = 0;
};

}  // namespace sluice::load
