#pragma once

#include <string>
#include <vector>

#include "sluice/config_schema.h"

namespace sluice::config {

/// Whether a change takes effect in the running gateway.
enum class Reload : std::uint8_t { applies, needs_restart };

/// One option whose value differs. It names no values: they may be secrets.
struct ConfigChange {
  std::string path;  ///< `log.level`
  Reload reload = Reload::needs_restart;

  friend bool operator==(const ConfigChange&, const ConfigChange&) = default;
};

/// What changed from one validated configuration to the next, in the order of the schema. Lists are compared whole,
/// maps key by key; an entry of a map that comes or goes is one change.
/// @param path  what stands before the keys, as in `validate()`
[[nodiscard]] std::vector<ConfigChange> diff(const SchemaNode& schema, const json::value& before,
                                             const json::value& after, const std::string& path = {});

}  // namespace sluice::config
