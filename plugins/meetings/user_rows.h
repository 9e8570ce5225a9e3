#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "sluice/store.h"
#include "users.h"

/// The directory's rows.
/// @note The store's thread.
namespace sluice::meetings {

/// Throws Error{not_found}.
[[nodiscard]] User present_user(StoreTransaction& store, const std::string& tenant, const std::string& id);
void update_user(StoreTransaction& store, const User& user);
/// What a token says: name, address and type; a new user where there is room for one.
void remember_user(StoreTransaction& store, const User& user, std::int64_t most);
/// What an administrator says; `created_at` becomes that of the row. Throws Error{limit_exceeded}.
void put_user(StoreTransaction& store, User& user, std::int64_t most);
[[nodiscard]] UserPage search_users(StoreTransaction& store, const UserFilter& filter);
/// Tenant and id of those who are deactivated, after the one named.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> read_deactivated(StoreTransaction& store,
                                                                                const std::string& tenant,
                                                                                const std::string& id,
                                                                                std::int64_t most);

}  // namespace sluice::meetings
