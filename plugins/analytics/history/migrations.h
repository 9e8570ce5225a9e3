#pragma once

#include <span>

#include "sluice/store.h"

namespace sluice::analytics {

/// The plugin's tables; a step that has been released is never changed.
[[nodiscard]] std::span<const Migration> migrations();

}  // namespace sluice::analytics
