#pragma once

#include <optional>
#include <string>

#include "core/config/config_source.h"
#include "core/config/problem.h"
#include "core/config/yaml_node.h"

namespace sluice::config {

/// Files that one configuration may be spread over, counted each time they are included.
inline constexpr std::size_t kMaxFiles = 64;

/// Reads a file with all that it includes. `include:` is a path or a list of paths, relative to the file that says it.
/// A later file overrides an earlier one, and a file overrides what it includes: mappings are merged key by key,
/// anything else is replaced. Each node keeps the position in its own file.
[[nodiscard]] std::optional<YamlNode> load_with_includes(const std::string& path, const ConfigSource& source,
                                                         ConfigProblems& problems);

/// The same for a text at hand that is called `file` in messages, whose folder its includes start from.
[[nodiscard]] std::optional<YamlNode> parse_with_includes(const std::string& text, const std::string& file,
                                                          const ConfigSource& source, ConfigProblems& problems);

}  // namespace sluice::config
