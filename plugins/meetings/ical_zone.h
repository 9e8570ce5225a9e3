#pragma once

#include <libical/ical.h>

#include <string_view>

namespace sluice::meetings {

/// libical's zone of an IANA name; UTC where there is none of it. Never nullptr, never to be freed.
[[nodiscard]] icaltimezone* zone_of(std::string_view name);

}  // namespace sluice::meetings
