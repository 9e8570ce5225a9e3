#pragma once

#include <string>

#include "sluice/config_schema.h"

namespace sluice::config {

/// Canonical JSON with every secret that is set replaced by `***`; one that is not set stays empty. What the schema
/// does not describe is left out, so that nothing unknown is shown.
[[nodiscard]] json::value masked(const SchemaNode& schema, const json::value& canonical);

/// The same as text, for the admin API and the log.
[[nodiscard]] std::string to_masked_json(const SchemaNode& schema, const json::value& canonical);

}  // namespace sluice::config
