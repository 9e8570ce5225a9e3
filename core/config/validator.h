#pragma once

#include <string>

#include "core/config/problem.h"
#include "core/config/yaml_node.h"
#include "sluice/config_schema.h"

namespace sluice::config {

/// Checks a tree against a schema and returns canonical JSON: every option of the schema with its type, defaults filled
/// in. What is wrong is added to `problems`; the JSON is then not to be used.
/// @param path  what stands before the keys in messages: `plugins.videoroom`, empty at the root
[[nodiscard]] json::value validate(const SchemaNode& schema, const YamlNode& node, const std::string& path,
                                   ConfigProblems& problems);

}  // namespace sluice::config
