#pragma once

#include <cstdint>
#include <string>

namespace sluice::recording {

/// Milliseconds since 1970 as `2026-07-30T10:05:00.000Z`.
[[nodiscard]] std::string iso_time(std::int64_t wall_time_ms);

}  // namespace sluice::recording
