#pragma once

#include <optional>
#include <string>

#include "core/config/yaml_node.h"
#include "sluice/config_schema.h"

namespace sluice::config {

/// Reads a scalar as the type that the schema wants, for boolean, integer, number, string, secret and enumeration.
/// The type decides, not the spelling: `name: 42` is the string "42". Nothing where it does not fit.
[[nodiscard]] std::optional<json::value> read_scalar(const SchemaNode& schema, const YamlNode& node);

/// Any YAML as JSON, for options of type `any`. Here the spelling decides, as in YAML's core schema: true, false,
/// integers and decimal numbers are such, everything else and whatever is quoted is a string.
[[nodiscard]] json::value to_plain_json(const YamlNode& node);

}  // namespace sluice::config
