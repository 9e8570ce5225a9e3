#pragma once

#include <chrono>

namespace sluice {

/// A point of the monotonic clock. Logic never reads a clock: it is handed an Instant, so that tests can simulate time.
using Instant = std::chrono::steady_clock::time_point;

/// A point of the wall clock, for what people and other machines read.
using WallTime = std::chrono::system_clock::time_point;

using Duration = std::chrono::steady_clock::duration;

}  // namespace sluice
