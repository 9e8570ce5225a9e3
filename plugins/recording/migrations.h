#pragma once

#include <span>

#include "sluice/store.h"

namespace sluice::recording {

/// The steps by which the tables have become what they are; a step that was released is never changed.
[[nodiscard]] std::span<const Migration> migrations();

}  // namespace sluice::recording
