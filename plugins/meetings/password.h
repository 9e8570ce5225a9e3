#pragma once

#include <string>
#include <string_view>

/// Passwords of meetings, by scrypt (RFC 7914). Both take tens of milliseconds and 16 MiB: Host::background(), never
/// the control thread.
namespace sluice::meetings {

/// `scrypt$ln=14,r=8,p=1$<salt>$<hash>`, both in hexadecimal; the salt is fresh. Throws std::runtime_error where
/// OpenSSL fails.
[[nodiscard]] std::string hash_password(std::string_view password);
/// In constant time, as to the hash. False for a hash that is none of ours.
[[nodiscard]] bool verify_password(std::string_view password, std::string_view hash);

}  // namespace sluice::meetings
