#pragma once

#include <string>

#include "sluice/time.h"

namespace sluice::admin {

/// RFC 3339 in UTC, with milliseconds: `2026-07-30T10:05:00.000Z`.
[[nodiscard]] std::string utc_text(WallTime time);

/// Milliseconds since 1970, as the store keeps times, and back.
[[nodiscard]] std::int64_t to_milliseconds(WallTime time) noexcept;
[[nodiscard]] WallTime from_milliseconds(std::int64_t milliseconds) noexcept;

}  // namespace sluice::admin
