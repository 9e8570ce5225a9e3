#pragma once

#include <span>

#include "sluice/store.h"

namespace sluice::meetings {

/// The plugin's tables; a step that has been released is never changed.
[[nodiscard]] std::span<const Migration> migrations();

}  // namespace sluice::meetings
