#include "core/config/config_diff.h"

#include <boost/json/object.hpp>

#include "core/config/problem.h"

namespace sluice::config {
namespace {

const json::value* member(const json::value& value, std::string_view key) {
  const auto* object = value.if_object();
  return object == nullptr ? nullptr : object->if_contains(key);
}

class Comparison {
 public:
  void compare(const SchemaNode& schema, const json::value& before, const json::value& after, const std::string& path,
               Reload inherited) {
    if (before == after) return;
    const Reload reload = schema.reloadable ? Reload::applies : inherited;
    const bool both_objects = before.is_object() && after.is_object();
    if (both_objects && schema.type == OptionType::section) {
      for (const auto& option : schema.children) {
        entry(option, option.name, before, after, path, reload);
      }
    } else if (both_objects && schema.type == OptionType::map) {
      for (const auto& [key, value] : before.get_object()) entry(schema.entry(), key, before, after, path, reload);
      for (const auto& [key, value] : after.get_object()) {
        if (member(before, key) == nullptr) entry(schema.entry(), key, before, after, path, reload);
      }
    } else {
      changes_.push_back({path, reload});
    }
  }

  [[nodiscard]] std::vector<ConfigChange> take() { return std::move(changes_); }

 private:
  void entry(const SchemaNode& schema, std::string_view key, const json::value& before, const json::value& after,
             const std::string& path, Reload reload) {
    const std::string below = path.empty() ? printable(key) : path + "." + printable(key);
    const json::value* old_value = member(before, key);
    const json::value* new_value = member(after, key);
    if (old_value != nullptr && new_value != nullptr) {
      compare(schema, *old_value, *new_value, below, reload);
    } else if (old_value != new_value) {
      changes_.push_back({below, schema.reloadable ? Reload::applies : reload});
    }
  }

  std::vector<ConfigChange> changes_;
};

}  // namespace

std::vector<ConfigChange> diff(const SchemaNode& schema, const json::value& before, const json::value& after,
                               const std::string& path) {
  Comparison comparison;
  comparison.compare(schema, before, after, path, Reload::needs_restart);
  return comparison.take();
}

}  // namespace sluice::config
