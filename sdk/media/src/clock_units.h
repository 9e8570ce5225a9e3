#pragma once

#include <cstdint>

namespace sluice::media {

inline constexpr std::int64_t kMicros = 1'000'000;  ///< in a second

/// Ticks of a clock as microseconds.
[[nodiscard]] constexpr double to_micros(std::int64_t ticks, std::uint32_t clock_rate) noexcept {
  return static_cast<double>(ticks) * static_cast<double>(kMicros) / static_cast<double>(clock_rate);
}

/// From one NTP time to another, in microseconds: the shorter way around its era.
[[nodiscard]] constexpr double ntp_micros(std::uint64_t from, std::uint64_t to) noexcept {
  constexpr double kSecond = 4'294'967'296.0;
  return static_cast<double>(static_cast<std::int64_t>(to - from)) / kSecond * static_cast<double>(kMicros);
}

/// An NTP time, moved.
[[nodiscard]] constexpr std::uint64_t ntp_moved(std::uint64_t ntp, double micros) noexcept {
  constexpr double kTicksPerMicro = 4'294'967'296.0 / 1'000'000;
  constexpr double kMost = 9e18;  // fits 63 bits
  const double ticks = micros * kTicksPerMicro;
  const double within = ticks > kMost ? kMost : ticks < -kMost ? -kMost : ticks;
  return ntp + static_cast<std::uint64_t>(static_cast<std::int64_t>(within));
}

}  // namespace sluice::media
