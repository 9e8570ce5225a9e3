#pragma once

#include <string>
#include <string_view>

#include "sluice/contracts/rooms.h"
#include "sluice/error.h"
#include "sluice/json.h"

/// The answers "no" of the videoroom, each in one form.
namespace sluice::videoroom {

/// Throws LIMIT_EXCEEDED when one more of `what` would pass the limit.
void demand_room_for_one_more(std::size_t count, int limit, std::string_view what);
/// Throws LIMIT_EXCEEDED when the value takes more than `limit` bytes as JSON.
void demand_size(const json::object& value, int limit, std::string_view what);
/// Throws PERMISSION_DENIED `{requiredRole, currentRole}` when `current` stands below `required`.
void demand_role(Role current, Role required);
[[noreturn]] void refuse_unknown(std::string_view what, std::string_view id);
[[noreturn]] void refuse_field(std::string_view path, std::string_view reason);

/// `co_host`
[[nodiscard]] std::string role_name(Role role);

}  // namespace sluice::videoroom
