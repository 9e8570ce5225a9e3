#pragma once

#include <cstdint>
#include <map>
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

/// How many users the tenants have, counted once in a unit of work, however many are added in it.
class UserCounts {
 public:
  UserCounts(StoreTransaction& store, std::int64_t most) : store_{store}, most_{most} {}

  /// Counts one more; false where a tenant has as many as it may.
  [[nodiscard]] bool add_to(const std::string& tenant);
  [[nodiscard]] std::int64_t most() const noexcept { return most_; }

 private:
  StoreTransaction& store_;
  std::int64_t most_;
  std::map<std::string, std::int64_t> by_tenant_;
};

/// What a token says: name, address and type; a new user where there is room for one.
void remember_user(StoreTransaction& store, const User& user, UserCounts& counts);
/// What an administrator says; `created_at` becomes that of the row. Throws Error{limit_exceeded}.
void put_user(StoreTransaction& store, User& user, UserCounts& counts);
[[nodiscard]] UserPage search_users(StoreTransaction& store, const UserFilter& filter);
/// Tenant and id of those who are deactivated, after the one named.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> read_deactivated(StoreTransaction& store,
                                                                                const std::string& tenant,
                                                                                const std::string& id,
                                                                                std::int64_t most);

}  // namespace sluice::meetings
