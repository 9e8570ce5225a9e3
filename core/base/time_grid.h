#pragma once

#include "sluice/time.h"

namespace sluice {

/// The first point of a grid that is not before `earliest`: what many do at about a time is done together. A worker
/// that wakes for each of thousands does little else.
[[nodiscard]] constexpr Instant on_grid(Instant earliest, Duration grid) noexcept {
  const Duration past = earliest.time_since_epoch() % grid;
  return past == Duration::zero() ? earliest : earliest + (grid - past);
}

}  // namespace sluice
