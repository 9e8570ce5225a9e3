#pragma once

#include <string>

namespace sluice::livestream {

/// Whether a numeric address, IPv4 or IPv6, is one of the public internet: not of this machine, its networks, a private
/// one, a group, or set aside. What is no address is not.
[[nodiscard]] bool is_public_address(const std::string& numeric);

}  // namespace sluice::livestream
