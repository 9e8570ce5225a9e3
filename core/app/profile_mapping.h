#pragma once

#include "core/config/gateway_options.h"
#include "core/dispatch/profile.h"

namespace sluice {

/// The profiles of older event names, from the operator's words to the dispatcher's.
[[nodiscard]] ProfileTable profile_table(const config::SignallingOptions& options);

}  // namespace sluice
