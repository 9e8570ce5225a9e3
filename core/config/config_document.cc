#include "core/config/config_document.h"

#include <algorithm>

#include "core/config/gateway_options.h"
#include "core/config/validator.h"

namespace sluice::config {
Result<json::value, ConfigProblems> ConfigDocument::plugin_options(std::string_view name,
                                                                   const SchemaNode& schema) const {
  YamlNode own;
  if (const YamlEntry* entry = plugin(name)) {
    own = entry->value;
    if (own.kind == YamlNode::Kind::null) own.at = entry->at;
  }
  const SchemaNode gateway_part = PluginEntry::schema().node();
  std::erase_if(own.entries, [&](const YamlEntry& entry) { return gateway_part.find(entry.key) != nullptr; });
  ConfigProblems problems;
  json::value canonical = config::validate(schema, own, "plugins." + printable(name), problems);
  if (!problems.empty()) return problems;
  return canonical;
}

std::string ConfigDocument::plugin_position(std::string_view name) const {
  const YamlEntry* entry = plugin(name);
  if (entry == nullptr) return {};
  return *entry->at.file + ":" + std::to_string(entry->at.line) + ":" + std::to_string(entry->at.column);
}

const YamlEntry* ConfigDocument::plugin(std::string_view name) const noexcept {
  const YamlEntry* plugins = root_.find("plugins");
  return plugins == nullptr ? nullptr : plugins->value.find(name);
}

}  // namespace sluice::config
