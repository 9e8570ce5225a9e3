#pragma once

#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>

namespace sluice {

/// How much goes over a path in a time: whole bits per second, never negative.
class DataRate {
 public:
  constexpr DataRate() noexcept = default;
  [[nodiscard]] static constexpr DataRate bps(std::int64_t value) noexcept { return DataRate{value < 0 ? 0 : value}; }
  [[nodiscard]] static constexpr DataRate kbps(std::int64_t value) noexcept { return bps(value * 1000); }
  /// Of `bytes` that took `duration`; none took no time at all: zero.
  [[nodiscard]] static constexpr DataRate of(std::size_t bytes, std::chrono::nanoseconds duration) noexcept {
    if (duration <= std::chrono::nanoseconds::zero()) return {};
    return bps(static_cast<std::int64_t>(static_cast<double>(bytes) * 8e9 / static_cast<double>(duration.count())));
  }

  [[nodiscard]] constexpr std::int64_t bps() const noexcept { return bps_; }
  [[nodiscard]] constexpr double kbps() const noexcept { return static_cast<double>(bps_) / 1000; }
  [[nodiscard]] constexpr bool is_zero() const noexcept { return bps_ == 0; }

  /// Whole bytes that go over in `duration`.
  [[nodiscard]] constexpr std::size_t bytes_in(std::chrono::nanoseconds duration) const noexcept {
    if (duration <= std::chrono::nanoseconds::zero()) return 0;
    return static_cast<std::size_t>(static_cast<double>(bps_) * static_cast<double>(duration.count()) / 8e9);
  }
  /// How long `bytes` take. The longest duration there is for a rate of zero.
  [[nodiscard]] constexpr std::chrono::nanoseconds time_for(std::size_t bytes) const noexcept {
    if (bps_ == 0) return std::chrono::nanoseconds::max();
    return std::chrono::nanoseconds{
        static_cast<std::int64_t>(static_cast<double>(bytes) * 8e9 / static_cast<double>(bps_))};
  }

  friend constexpr auto operator<=>(DataRate, DataRate) noexcept = default;
  constexpr DataRate& operator+=(DataRate other) noexcept { return *this = bps(bps_ + other.bps_); }
  /// Stops at zero.
  constexpr DataRate& operator-=(DataRate other) noexcept { return *this = bps(bps_ - other.bps_); }
  friend constexpr DataRate operator+(DataRate a, DataRate b) noexcept { return a += b; }
  friend constexpr DataRate operator-(DataRate a, DataRate b) noexcept { return a -= b; }
  friend constexpr DataRate operator*(DataRate rate, double factor) noexcept {
    return bps(static_cast<std::int64_t>(static_cast<double>(rate.bps_) * factor));
  }
  friend constexpr DataRate operator*(double factor, DataRate rate) noexcept { return rate * factor; }
  friend constexpr double operator/(DataRate a, DataRate b) noexcept {
    return static_cast<double>(a.bps_) / static_cast<double>(b.bps_);
  }

 private:
  constexpr explicit DataRate(std::int64_t value) noexcept : bps_{value} {}
  std::int64_t bps_ = 0;
};

}  // namespace sluice
