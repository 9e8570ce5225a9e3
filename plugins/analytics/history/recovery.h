#pragma once

#include "records/rows.h"
#include "sluice/store.h"

namespace sluice::analytics {

/// Closes the sessions that a crash has left open, with when they were seen last as their end and `crashed` as the
/// reason. In a unit of work.
/// @return the highest id of a session that there is.
[[nodiscard]] SessionId recover(StoreTransaction& store);

}  // namespace sluice::analytics
