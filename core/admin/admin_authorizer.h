#pragma once

#include "core/admin/access/admin_gate.h"
#include "core/api/control_routes.h"
#include "sluice/secret.h"

namespace sluice {

/// Who may use the admin listener: whom the gate lets in, which outlives the authorizer.
/// @note What it gives is safe from any thread.
[[nodiscard]] AuthorizeRequest admin_authorizer(admin::AdminGate& gate);

/// The same by one token alone, of role write (empty: whoever reaches it), without a bound on wrong ones: for routes
/// under test.
[[nodiscard]] AuthorizeRequest admin_authorizer(const Secret& token);

}  // namespace sluice
