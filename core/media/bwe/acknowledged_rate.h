#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "sluice/data_rate.h"
#include "sluice/time.h"

namespace sluice {

/// How fast packets arrive at the other end, by its clock: bytes in slices of time.
///
/// Sans I/O; allocates nothing.
class AcknowledgedRate {
 public:
  static constexpr Duration kSlice = std::chrono::milliseconds{10};
  static constexpr std::size_t kSlices = 64;
  /// Smooths over the frames of a video.
  static constexpr Duration kLong = std::chrono::milliseconds{500};
  /// Follows a capacity that has just changed; good while a queue keeps arrivals even.
  static constexpr Duration kShort = std::chrono::milliseconds{150};

  void on_arrival(Instant arrived, std::size_t bytes) noexcept;
  void reset() noexcept { *this = AcknowledgedRate{}; }

  /// Over the last `window`, kLong or kShort; none until half of it has been seen since the start or a silence.
  [[nodiscard]] std::optional<DataRate> over(Duration window) const noexcept;

 private:
  void move_to(std::int64_t slice) noexcept;

  std::array<std::uint32_t, kSlices> bytes_{};  // ring, by slice number
  std::int64_t first_ = 0;                      // slice of the start
  std::int64_t newest_ = 0;                     // slice that is still filling
  bool started_ = false;
};

}  // namespace sluice
