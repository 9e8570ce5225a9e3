#pragma once

#include <string>
#include <vector>

#include "repository.h"
#include "sluice/store.h"

/// What units of work in the store have in common.
/// @note The store's thread.
namespace sluice::meetings {

/// `(?, ?, ?)`
[[nodiscard]] std::string places(std::size_t count);
[[nodiscard]] Error no_such_meeting();
/// Throws Error{not_found} for one that is not there, or deleted.
[[nodiscard]] Meeting present_meeting(StoreTransaction& store, const std::string& tenant, const std::string& id);
/// The rows that name the viewer, also removed ones.
[[nodiscard]] std::vector<Invited> rows_of(StoreTransaction& store, const std::string& tenant,
                                           const std::string& meeting_id, const Viewer& viewer);
/// See Repository::write; says in `out` who came and who went.
void replace_invited(StoreTransaction& store, const std::vector<Invited>& wanted, Repository::Written& out);
/// The meeting's rows in every table.
void delete_for_good(StoreTransaction& store, const Meeting& meeting);
/// The first ones of each meeting, by its id.
[[nodiscard]] std::map<std::string, std::vector<std::string>> names_of_invited(StoreTransaction& store,
                                                                               const std::string& tenant,
                                                                               const std::vector<std::string>& ids,
                                                                               std::int64_t most);

}  // namespace sluice::meetings
