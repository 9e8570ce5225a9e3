#include "tests/load/histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace sluice::load {

// Below 128 a value is its own bucket; above, the 7 leading bits of a value and its magnitude are.
std::size_t Histogram::bucket_of(std::uint64_t value) noexcept {
  const int shift = std::max(0, static_cast<int>(std::bit_width(value)) - 1 - kSubBits);
  return static_cast<std::size_t>(shift) * kSubBuckets + (value >> shift);
}

std::uint64_t Histogram::upper_edge(std::size_t bucket) noexcept {
  if (bucket < 2 * kSubBuckets) return bucket;
  const std::size_t shift = bucket / kSubBuckets - 1;
  const std::uint64_t leading = bucket % kSubBuckets + kSubBuckets;
  return ((leading + 1) << shift) - 1;
}

void Histogram::record(std::chrono::nanoseconds value) noexcept {
  constexpr std::int64_t kLongest = (std::int64_t{1} << kMaxBits) - 1;
  const std::int64_t bounded = std::clamp<std::int64_t>(value.count(), 0, kLongest);
  ++counts_[bucket_of(static_cast<std::uint64_t>(bounded))];
  ++count_;
  sum_ += static_cast<std::uint64_t>(bounded);
  max_ = std::max(max_, bounded);
}

void Histogram::add(const Histogram& other) noexcept {
  for (std::size_t i = 0; i < kBuckets; ++i) counts_[i] += other.counts_[i];
  count_ += other.count_;
  sum_ += other.sum_;
  max_ = std::max(max_, other.max_);
}

std::chrono::nanoseconds Histogram::quantile(double share) const noexcept {
  const auto rank = static_cast<std::uint64_t>(std::ceil(std::clamp(share, 0.0, 1.0) * static_cast<double>(count_)));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < kBuckets; ++i) {
    seen += counts_[i];
    if (seen >= std::max<std::uint64_t>(rank, 1)) {
      return std::chrono::nanoseconds{std::min(static_cast<std::int64_t>(upper_edge(i)), max_)};
    }
  }
  return std::chrono::nanoseconds{0};
}

std::chrono::nanoseconds Histogram::mean() const noexcept {
  return std::chrono::nanoseconds{count_ == 0 ? 0 : static_cast<std::int64_t>(sum_ / count_)};
}

}  // namespace sluice::load
