#include "records/rows.h"

#include <algorithm>
#include <utility>

namespace sluice::analytics {

PersonRow settle(PersonRow row, std::int64_t at) {
  const std::int64_t since = std::max<std::int64_t>(at - row.counted_at, 0);
  if (std::exchange(row.is_present, false)) row.present_ms += since;
  if (std::exchange(row.is_away, false)) row.away_ms += since;
  if (std::exchange(row.camera_on, false)) row.camera_ms += since;
  if (std::exchange(row.screen_on, false)) row.screen_ms += since;
  row.counted_at = std::max(at, row.counted_at);
  return row;
}

}  // namespace sluice::analytics
