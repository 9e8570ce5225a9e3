#pragma once

#include <string>

#include "sluice/config_schema.h"

namespace sluice::config {

/// The defaults of a section as commented YAML: what each key means, its type and bounds, whether it may change on
/// reload. The text loads as a configuration that changes nothing; keys without a default stand in comments.
[[nodiscard]] std::string print_defaults(const SchemaNode& section);

}  // namespace sluice::config
