#pragma once

#include <chrono>
#include <cstdint>

#include "sluice/time.h"

namespace sluice::analytics {

/// Now, by both clocks: lengths are measured by the one, written down by the other.
struct Moment {
  Instant at;
  WallTime wall;
};

/// Milliseconds of Unix time, as the store has it.
[[nodiscard]] inline std::int64_t unix_ms(WallTime time) noexcept {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}
[[nodiscard]] inline std::int64_t milliseconds(Duration duration) noexcept {
  return std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
}

}  // namespace sluice::analytics
