#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "sluice/time.h"

/// Moments as people and other machines read them.
/// @note Any thread.
namespace sluice {

/// RFC 3339 in UTC with milliseconds: `2026-07-30T10:05:00.000Z`. Before 1970 and after 9999 it is the nearest moment
/// within.
[[nodiscard]] std::string utc_text(WallTime time);

/// Of milliseconds since 1970, as stores keep them.
[[nodiscard]] std::string utc_text_of_ms(std::int64_t unix_ms);

[[nodiscard]] inline std::int64_t unix_ms_of(WallTime time) noexcept {
  return std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

[[nodiscard]] inline WallTime wall_time_of_ms(std::int64_t unix_ms) noexcept {
  return WallTime{std::chrono::milliseconds{unix_ms}};
}

}  // namespace sluice
