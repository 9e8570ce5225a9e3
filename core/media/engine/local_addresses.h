#pragma once

#include <string>
#include <vector>

#include "core/base/socket_address.h"

namespace sluice {

/// The numeric addresses of this machine's interfaces that are up, of the family of `wildcard` (0.0.0.0 or ::), for
/// telling clients what a socket on all interfaces is reached by. Loopback stands last and only where there is nothing
/// else; link-local ones are left out. Blocks for a system call.
[[nodiscard]] std::vector<std::string> interface_addresses(const SocketAddress& wildcard);

}  // namespace sluice
