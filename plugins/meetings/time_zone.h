#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sluice/time.h"

/// Time zones by their IANA names, of the system's tzdata, and RFC 3339 times in them.
namespace sluice::meetings {

/// At most 64 bytes; `Europe/Berlin`, `UTC`.
[[nodiscard]] bool is_time_zone(std::string_view name);

/// RFC 3339 section 5.6 with seconds, in the zone's local time: `2025-07-30T12:00:00+02:00`, in UTC with `Z`.
/// A zone that is none is read as UTC.
[[nodiscard]] std::string format_time(WallTime time, const std::string& zone);

/// An RFC 3339 date-time, whose year is from 1970 to 9999. Fractions of a second are cut. Without an offset
/// (`2025-07-30T12:00:00`) it is the local time of `zone`: what a clock there never shows, or shows twice, is read by
/// the rule of RFC 5545 section 3.3.5.
[[nodiscard]] std::optional<WallTime> parse_time(std::string_view text, const std::string& zone);

[[nodiscard]] std::int64_t to_ms(WallTime time) noexcept;
[[nodiscard]] WallTime from_ms(std::int64_t ms) noexcept;

}  // namespace sluice::meetings
