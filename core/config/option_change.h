#pragma once

#include <string>

#include "core/config/problem.h"
#include "sluice/config_schema.h"
#include "sluice/result.h"

/// Options that come as JSON, while the process runs, instead of from a file.
namespace sluice::config {

/// Checks JSON against a schema as a file is checked: canonical JSON with every default filled in, or what is wrong
/// with it; the problems have no place, but name the keys. The type is the JSON's: "80" is no number.
/// @param path  What stands before the keys in messages: `plugins.chat`.
[[nodiscard]] Result<json::value, ConfigProblems> validate_json(const SchemaNode& schema, const json::value& options,
                                                                const std::string& path);

/// `target` changed by a JSON merge patch: RFC 7396 section 2. A null takes away what it names, so that the default
/// holds.
[[nodiscard]] json::value merge_patch(json::value target, const json::value& patch);

/// `wanted` with each secret that reads `***`, as the masked options show it, replaced by the one in force. In a list
/// that is possible only for an entry that is otherwise unchanged. Otherwise: which key must have its secret written.
[[nodiscard]] Result<json::value, std::string> with_secrets(const SchemaNode& schema, json::value wanted,
                                                            const json::value& in_force, const std::string& path);

/// What is in force once `after` is read while running: its reloadable options, and those of `before` for the others.
/// Both are canonical.
[[nodiscard]] json::value take_reloadable(const SchemaNode& schema, const json::value& before,
                                          const json::value& after);

}  // namespace sluice::config
