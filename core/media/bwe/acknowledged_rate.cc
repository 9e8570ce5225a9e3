#include "core/media/bwe/acknowledged_rate.h"

#include <algorithm>

namespace sluice {

namespace {

std::size_t index_of(std::int64_t slice) noexcept {
  return static_cast<std::uint64_t>(slice) % AcknowledgedRate::kSlices;
}

}  // namespace

void AcknowledgedRate::on_arrival(Instant arrived, std::size_t bytes) noexcept {
  const std::int64_t slice = arrived.time_since_epoch() / kSlice;
  const auto window = static_cast<std::int64_t>(kSlices);
  // A silence, or a clock that was set: begin again.
  if (!started_ || slice >= newest_ + window || slice <= newest_ - window) {
    reset();
    started_ = true;
    first_ = newest_ = slice;
  }
  if (slice > newest_) move_to(slice);
  if (slice < first_) return;
  bytes_[index_of(slice)] += static_cast<std::uint32_t>(bytes);
}

void AcknowledgedRate::move_to(std::int64_t slice) noexcept {
  for (std::int64_t i = newest_ + 1; i <= slice; ++i) bytes_[index_of(i)] = 0;
  newest_ = slice;
}

std::optional<DataRate> AcknowledgedRate::over(Duration window) const noexcept {
  const std::int64_t slices = std::min<std::int64_t>(window / kSlice, static_cast<std::int64_t>(kSlices) - 1);
  // The newest slice is not over yet, and the first may have begun in its middle.
  const std::int64_t begin = std::max(first_ + 1, newest_ - slices);
  const std::int64_t seen = newest_ - begin;
  if (!started_ || seen < slices / 2) return std::nullopt;
  std::size_t bytes = 0;
  for (std::int64_t i = begin; i < newest_; ++i) bytes += bytes_[index_of(i)];
  return DataRate::of(bytes, seen * kSlice);
}

}  // namespace sluice
