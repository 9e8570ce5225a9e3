#pragma once

#include <span>
#include <string_view>

#include "core/store/database.h"
#include "sluice/time.h"

namespace sluice {

/// Throws std::logic_error unless the steps are numbered 1, 2, 3, ...
void check_numbering(std::string_view plugin, std::span<const Migration> migrations);

/// Brings the plugin's tables to the last of the steps. Each step is one transaction together with its row in
/// `sluice_migrations`, so that a failure leaves the version before it, and the next attempt goes on from there.
/// Throws std::runtime_error if a step fails, or if the database is further than the list.
void apply_migrations(Database& database, std::string_view plugin, std::span<const Migration> migrations, WallTime now);

}  // namespace sluice
