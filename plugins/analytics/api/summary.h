#pragma once

#include <string>

#include "sluice/json.h"
#include "sluice/store.h"

namespace sluice::analytics {

/// Which sessions: those of a tenant that began from `from` to before `to`, in milliseconds of Unix time.
struct SummaryFilter {
  std::string tenant;
  std::int64_t from = 0;
  std::int64_t to = 0;
};

/// All meetings of a tenant as figures, without people. In a unit of work.
[[nodiscard]] json::object read_summary(StoreTransaction& store, const SummaryFilter& filter);

}  // namespace sluice::analytics
