#pragma once

#include "core/base/clock.h"

namespace sluice {

/// The machine's clocks: the only ones that the process reads.
class SystemClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const noexcept override { return std::chrono::steady_clock::now(); }
  [[nodiscard]] WallTime wall_time() const noexcept override { return std::chrono::system_clock::now(); }
};

}  // namespace sluice
