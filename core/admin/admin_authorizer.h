#pragma once

#include "core/api/control_routes.h"
#include "sluice/secret.h"

namespace sluice {

/// Who may use the admin listener: whoever shows `token` as `Authorization: Bearer`; the comparison takes the same time
/// for every wrong one.
///
/// Without a token the configuration allows loopback addresses only, and everybody on this machine is admitted. But not
/// a web page: one whose name was made to point to 127.0.0.1 (DNS rebinding) would be of the same origin, and its
/// requests carry that name as `Host`. So the host must then be `localhost` or an IP address.
///
/// @note What it gives is safe from any thread.
[[nodiscard]] AuthorizeRequest admin_authorizer(Secret token);

}  // namespace sluice
