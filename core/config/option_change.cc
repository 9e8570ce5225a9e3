#include "core/config/option_change.h"

#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <utility>

#include "core/config/masked_json.h"
#include "core/config/validator.h"
#include "sluice/secret.h"

namespace sluice::config {
namespace {

using Kind = YamlNode::Kind;

std::string shortest(double number) {
  std::array<char, 32> text{};  // the longest one that std::to_chars makes of a double has 24
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), number);
  return {text.data(), end};
}

YamlNode to_node(const json::value& value);

YamlEntry to_entry(std::string key, const json::value& value) {
  return {.key = std::move(key), .at = {}, .value = to_node(value)};
}

YamlNode to_node(const json::value& value) {
  YamlNode node;
  if (const auto* object = value.if_object()) {
    node.kind = Kind::mapping;
    for (const auto& [key, entry] : *object) node.entries.push_back(to_entry(key, entry));
  } else if (const auto* array = value.if_array()) {
    node.kind = Kind::sequence;
    for (const auto& entry : *array) node.entries.push_back(to_entry({}, entry));
  } else if (!value.is_null()) {
    node.kind = Kind::scalar;
    node.quoted = value.is_string();
    if (const auto* text = value.if_string()) {
      node.text = *text;
    } else {
      node.text = value.is_double() ? shortest(value.get_double()) : json::serialize(value);
    }
  }
  return node;
}

bool holds_mask(const json::value& value) {
  if (const auto* text = value.if_string()) return *text == kMaskedSecret;
  if (const auto* object = value.if_object()) {
    for (const auto& [key, entry] : *object) {
      if (holds_mask(entry)) return true;
    }
  }
  if (const auto* array = value.if_array()) {
    for (const auto& entry : *array) {
      if (holds_mask(entry)) return true;
    }
  }
  return false;
}

const json::value* member(const json::value& value, std::string_view key) {
  const auto* object = value.if_object();
  return object == nullptr ? nullptr : object->if_contains(key);
}

/// Puts secrets back; throws the key that has none.
class Unmasking {
 public:
  struct NoSecret {
    std::string path;
  };

  static void restore(const SchemaNode& schema, json::value& wanted, const json::value* in_force,
                      const std::string& path) {
    switch (schema.type) {
      case OptionType::secret:
        return restore_secret(wanted, in_force, path);
      case OptionType::section:
      case OptionType::map:
        return restore_members(schema, wanted, in_force, path);
      case OptionType::list:
        return restore_entries(schema, wanted, in_force, path);
      default:
        return;
    }
  }

 private:
  static void restore_secret(json::value& wanted, const json::value* in_force, const std::string& path) {
    if (!holds_mask(wanted)) return;
    const auto* secret = in_force == nullptr ? nullptr : in_force->if_string();
    if (secret == nullptr || secret->empty()) throw NoSecret{path};
    wanted = *in_force;
  }

  static void restore_members(const SchemaNode& schema, json::value& wanted, const json::value* in_force,
                              const std::string& path) {
    auto* object = wanted.if_object();
    if (object == nullptr) return;
    for (auto& entry : *object) {
      const std::string_view key = entry.key();
      const SchemaNode* option = schema.type == OptionType::map ? &schema.entry() : schema.find(key);
      if (option == nullptr) continue;
      restore(*option, entry.value(), in_force == nullptr ? nullptr : member(*in_force, key),
              path + "." + printable(key));
    }
  }

  static void restore_entries(const SchemaNode& schema, json::value& wanted, const json::value* in_force,
                              const std::string& path) {
    auto* array = wanted.if_array();
    if (array == nullptr) return;
    for (std::size_t i = 0; i < array->size(); ++i) {
      json::value& entry = (*array)[i];
      if (schema.entry().type == OptionType::any || !holds_mask(entry)) continue;
      const json::value* same = find_masked(schema.entry(), entry, in_force);
      if (same == nullptr) throw NoSecret{path + "[" + std::to_string(i) + "]"};
      entry = *same;
    }
  }

  static const json::value* find_masked(const SchemaNode& schema, const json::value& shown,
                                        const json::value* in_force) {
    const auto* array = in_force == nullptr ? nullptr : in_force->if_array();
    if (array == nullptr) return nullptr;
    const json::value* found = nullptr;
    for (const json::value& entry : *array) {
      if (masked(schema, entry) != shown) continue;
      if (found != nullptr && *found != entry) return nullptr;  // which of the two is not to be told
      found = &entry;
    }
    return found;
  }
};

/// One member of a section or map, which either side may lack.
void take_member(json::object& out, const SchemaNode& schema, std::string_view key, const json::value& before,
                 const json::value& after);

json::value take(const SchemaNode& schema, const json::value& before, const json::value& after) {
  if (schema.reloadable || before == after) return after;
  if (!before.is_object() || !after.is_object()) return before;
  json::object out;
  if (schema.type == OptionType::section) {
    for (const SchemaNode& option : schema.children) take_member(out, option, option.name, before, after);
  } else if (schema.type == OptionType::map) {
    for (const auto& [key, value] : before.get_object()) take_member(out, schema.entry(), key, before, after);
    for (const auto& [key, value] : after.get_object()) {
      if (member(before, key) == nullptr) take_member(out, schema.entry(), key, before, after);
    }
  } else {
    return before;
  }
  return out;
}

void take_member(json::object& out, const SchemaNode& schema, std::string_view key, const json::value& before,
                 const json::value& after) {
  const json::value* old_value = member(before, key);
  const json::value* new_value = member(after, key);
  if (old_value != nullptr && new_value != nullptr) {
    out[key] = take(schema, *old_value, *new_value);
  } else if (const json::value* kept = schema.reloadable ? new_value : old_value) {
    out[key] = *kept;
  }
}

}  // namespace

Result<json::value, ConfigProblems> validate_json(const SchemaNode& schema, const json::value& options,
                                                  const std::string& path) {
  ConfigProblems problems;
  json::value canonical = validate(schema, to_node(options), path, problems);
  if (!problems.empty()) return problems;
  return canonical;
}

json::value merge_patch(json::value target, const json::value& patch) {
  const auto* changes = patch.if_object();
  if (changes == nullptr) return patch;
  if (!target.is_object()) target = json::object{};
  json::object& out = target.get_object();
  for (const auto& [key, value] : *changes) {
    if (value.is_null()) {
      out.erase(key);
    } else {
      json::value& place = out[key];
      json::value merged = merge_patch(std::move(place), value);
      place = std::move(merged);
    }
  }
  return target;
}

Result<json::value, std::string> with_secrets(const SchemaNode& schema, json::value wanted, const json::value& in_force,
                                              const std::string& path) {
  try {
    Unmasking::restore(schema, wanted, &in_force, path);
  } catch (const Unmasking::NoSecret& missing) {
    return missing.path;
  }
  return wanted;
}

json::value take_reloadable(const SchemaNode& schema, const json::value& before, const json::value& after) {
  return take(schema, before, after);
}

}  // namespace sluice::config
