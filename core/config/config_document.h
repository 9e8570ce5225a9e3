#pragma once

#include <string>
#include <string_view>

#include "core/config/problem.h"
#include "core/config/yaml_node.h"
#include "sluice/config_schema.h"
#include "sluice/result.h"

namespace sluice::config {

/// The configuration as it was written, all files merged, every value with its position. It stays for as long as
/// sections wait for their schema: a plugin's options can be checked only when its library has been loaded.
class ConfigDocument {
 public:
  explicit ConfigDocument(YamlNode root) : root_(std::move(root)) {}

  /// Checks what stands under `plugins:` for the plugin `name`, without the keys that the gateway reads itself
  /// (`optional`, `file`), which a plugin therefore cannot use. A plugin that is not named has its defaults.
  [[nodiscard]] Result<json::value, ConfigProblems> plugin_options(std::string_view name,
                                                                   const SchemaNode& schema) const;

  /// Where the plugin is named, for messages of the loader: `sluice.yaml:12:3`. Empty where it is not.
  [[nodiscard]] std::string plugin_position(std::string_view name) const;

 private:
  [[nodiscard]] const YamlEntry* plugin(std::string_view name) const noexcept;

  YamlNode root_;
};

}  // namespace sluice::config
