#pragma once

#include "core/admin/access/access_table.h"
#include "core/config/gateway_options.h"
#include "core/store/store_backups.h"

namespace sluice {

/// Whom the configuration lets use the admin API.
[[nodiscard]] admin::AccessRules access_rules(const config::AdminListenerOptions& options);
[[nodiscard]] StoreBackups::Options backup_options(const config::StoreOptions& options);

}  // namespace sluice
