#pragma once

#include <string>
#include <string_view>

#include "sluice/json.h"

namespace sluice {

/// Whether a field of this name holds what nobody may read in a log: `token`, `joinToken`, `access_token`, `password`,
/// `streamKey`, `secret`, `authorization`, `credential`, `cookie`, `ice-pwd`, `sdp`. Counts (`tokens`) are none.
[[nodiscard]] bool names_a_secret(std::string_view field) noexcept;

/// The value as it may be logged: `***` where the name, or that of a member within it, names a secret; texts as
/// `redacted_text` has them. Secrets do not belong in a log in the first place; this is the belt beside the braces.
[[nodiscard]] json::value redacted(std::string_view field, const json::value& value);

/// `***` in the place of what stands after `Bearer `, `token=`, `password=`, `secret=`, `key=`, and of the password in
/// `scheme://user:password@host`.
[[nodiscard]] std::string redacted_text(std::string_view text);

}  // namespace sluice
