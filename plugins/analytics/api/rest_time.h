#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::analytics {

/// Milliseconds of Unix time as `2025-07-30T10:00:00Z`.
[[nodiscard]] std::string format_time(std::int64_t unix_ms);
/// The day alone: `2025-07-30`.
[[nodiscard]] std::string format_day(std::int64_t unix_ms);
/// RFC 3339 with an offset (`2025-07-30T10:00:00Z`, `...+02:00`), fractions of seconds cut, or a day, whose beginning
/// in UTC it is. Years from 1970 to 9999.
[[nodiscard]] std::optional<std::int64_t> parse_time(std::string_view text);

}  // namespace sluice::analytics
