#pragma once

#include <libical/ical.h>

#include <ctime>
#include <string_view>

namespace sluice::meetings {

/// libical's zone of an IANA name; UTC where there is none of it. Never nullptr, never to be freed.
[[nodiscard]] icaltimezone* zone_of(std::string_view name);
/// RFC 5545 section 3.3.5: a local time that a clock there shows twice is the first one; one that it skips is read with
/// the offset that held before.
[[nodiscard]] std::time_t utc_of(const icaltimetype& local, icaltimezone* zone);

}  // namespace sluice::meetings
