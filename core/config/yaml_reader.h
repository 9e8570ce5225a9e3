#pragma once

#include <optional>
#include <string>

#include "core/config/config_source.h"
#include "core/config/problem.h"
#include "core/config/yaml_node.h"

namespace sluice::config {

/// Bounds of one file. A configuration is some hundred lines; these only stop what was written to do harm, or is not
/// YAML at all: an alias that doubles itself twenty times, a thousand nested brackets.
inline constexpr std::size_t kMaxDepth = 32;
inline constexpr std::size_t kMaxScalarBytes = 64 << 10;
inline constexpr std::size_t kMaxTreeBytes = 16 << 20;

/// Reads one YAML document. Environment variables are filled in, aliases resolved; duplicate keys, unset variables and
/// errors of syntax are added to `problems` with their position.
/// @param file  the name to show in messages
/// @return nothing where the text is no YAML or passes a bound; an empty text is a null node.
[[nodiscard]] std::optional<YamlNode> read_yaml(const std::string& text, const std::string& file,
                                                const ConfigSource& source, ConfigProblems& problems);

}  // namespace sluice::config
