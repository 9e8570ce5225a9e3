#pragma once

#include <cstdint>

namespace sluice::simulation {

/// SplitMix64: chance that is the same on every machine; the distributions of <random> differ from library to library.
class Random {
 public:
  explicit constexpr Random(std::uint64_t seed) noexcept : state_{seed} {}

  /// From 0 up to, but not including, 1.
  [[nodiscard]] constexpr double unit() noexcept {
    state_ += 0x9e3779b97f4a7c15;
    std::uint64_t mixed = state_;
    mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111eb;
    mixed ^= mixed >> 31;
    return static_cast<double>(mixed >> 11) * 0x1.0p-53;
  }
  [[nodiscard]] constexpr bool happens(double probability) noexcept { return unit() < probability; }

 private:
  std::uint64_t state_;
};

}  // namespace sluice::simulation
