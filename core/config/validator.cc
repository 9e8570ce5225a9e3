#include "core/config/validator.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <optional>

#include "core/config/scalar.h"
#include "core/config/suggestion.h"

namespace sluice::config {
namespace {

using Kind = YamlNode::Kind;

/// Sections with fewer keys list them where no suggestion is near.
constexpr std::size_t kMaxListedKeys = 8;

std::string join(const std::string& path, std::string_view key) {
  return path.empty() ? printable(key) : path + "." + printable(key);
}

std::string with_article(const SchemaNode& schema) {
  switch (schema.type) {
    case OptionType::boolean:
    case OptionType::enumeration:
      return type_name(schema);
    case OptionType::integer:
      return "an " + type_name(schema);
    case OptionType::secret:
      return "a string";
    case OptionType::section:
      return "a section of keys";
    default:
      return "a " + type_name(schema);
  }
}

/// What stands there instead, for the end of a message. Values of secrets and of the environment are not shown.
std::string instead(const SchemaNode& schema, const YamlNode& node) {
  switch (node.kind) {
    case Kind::mapping:
      return ", not a section of keys";
    case Kind::sequence:
      return ", not a list";
    case Kind::scalar:
      if (schema.type == OptionType::secret) return {};
      return node.from_environment ? ", which the environment's value is not" : ", not " + in_quotes(node.text);
    case Kind::null:
      return {};
  }
  return {};
}

class Validator {
 public:
  explicit Validator(ConfigProblems& problems) : problems_{problems} {}

  json::value section(const SchemaNode& schema, const YamlNode& node, const std::string& path, const Position& at) {
    const std::size_t holes_before = holes();
    for (const auto& entry : node.entries) {
      if (schema.find(entry.key) == nullptr && !schema.open) unknown_key(schema, entry, path);
    }
    json::object out;
    for (const auto& option : schema.children) {
      const YamlEntry* entry = node.find(option.name);
      if (entry != nullptr) {
        out[option.name] = value(option, entry->value, join(path, option.name), entry->at);
      } else if (option.required) {
        problems_.add(at, "key '" + join(path, option.name) + "' is required");
      } else {
        out[option.name] = absent(option, join(path, option.name), at);
      }
    }
    if (holes() == holes_before) apply_rules(schema, node, path, at, out);
    return out;
  }

 private:
  /// Grows with every value that has no right form. Rules and constraints read whole values, so they wait until there
  /// is no hole inside; the problem of a node that the reader found broken was told before, by the reader.
  [[nodiscard]] std::size_t holes() const noexcept { return problems_.count() + broken_nodes_; }

  /// The default of an option. That of a section goes through its options, so that a required one below is missed.
  json::value absent(const SchemaNode& option, const std::string& path, const Position& at) {
    if (option.type != OptionType::section || option.nullable) return option.default_value;
    YamlNode empty;
    empty.kind = Kind::mapping;
    return section(option, empty, path, at);
  }

  /// @param at  where the key stands, which is shown where the value itself has no place
  json::value value(const SchemaNode& schema, const YamlNode& node, const std::string& path, const Position& at) {
    if (node.broken) {
      ++broken_nodes_;
      return nullptr;
    }
    const std::size_t holes_before = holes();
    const bool nothing = node.kind == Kind::null || (node.from_environment && node.text.empty() && schema.nullable);
    json::value out = nothing ? empty_value(schema, path, at) : typed_value(schema, node, path);
    if (holes() == holes_before && !out.is_null()) {
      check_constraints(schema, out, path, nothing ? at : node.at);
    }
    return out;
  }

  /// `key:` with nothing behind it, or null.
  json::value empty_value(const SchemaNode& schema, const std::string& path, const Position& at) {
    if (schema.nullable || schema.type == OptionType::any) return nullptr;
    // What is left of a section or list when all below it is commented out.
    if (schema.type == OptionType::section) return section(schema, YamlNode{}, path, at);
    if (schema.type == OptionType::list) return json::array{};
    if (schema.type == OptionType::map) return json::object{};
    problems_.add(at, "key '" + path + "' has no value; leave the key out to have the default");
    return nullptr;
  }

  json::value typed_value(const SchemaNode& schema, const YamlNode& node, const std::string& path) {
    switch (schema.type) {
      case OptionType::any:
        return to_plain_json(node);
      case OptionType::section:
        if (node.kind == Kind::mapping) return section(schema, node, path, node.at);
        break;
      case OptionType::list:
        if (node.kind == Kind::sequence) return list(schema, node, path);
        break;
      case OptionType::map:
        if (node.kind == Kind::mapping) return map(schema, node, path);
        break;
      default:
        if (node.kind != Kind::scalar) break;
        if (auto scalar = read_scalar(schema, node)) return *std::move(scalar);
        break;
    }
    wrong_type(schema, node, path);
    return nullptr;
  }

  json::value list(const SchemaNode& schema, const YamlNode& node, const std::string& path) {
    json::array out;
    for (std::size_t i = 0; i < node.entries.size(); ++i) {
      const auto& entry = node.entries[i];
      out.push_back(value(schema.entry(), entry.value, path + "[" + std::to_string(i) + "]", entry.at));
    }
    return out;
  }

  json::value map(const SchemaNode& schema, const YamlNode& node, const std::string& path) {
    json::object out;
    for (const auto& entry : node.entries) {
      out[entry.key] = value(schema.entry(), entry.value, join(path, entry.key), entry.at);
    }
    return out;
  }

  void unknown_key(const SchemaNode& schema, const YamlEntry& entry, const std::string& path) {
    std::string text = "key '" + join(path, entry.key) + "' is unknown";
    if (!problems_.full()) text += hint(schema, entry.key);
    problems_.add(entry.at, std::move(text));
  }

  static std::string hint(const SchemaNode& schema, const std::string& key) {
    std::vector<std::string> names;
    for (const auto& option : schema.children) names.push_back(option.name);
    if (names.empty()) return "; there are no options here";
    if (const auto meant = nearest(key, names)) return "; did you mean '" + *meant + "'?";
    if (names.size() > kMaxListedKeys) return {};
    std::string known;
    for (const auto& name : names) known += (known.empty() ? "; known are " : ", ") + name;
    return known;
  }

  void wrong_type(const SchemaNode& schema, const YamlNode& node, const std::string& path) {
    std::string text = "key '" + path + "' must be " + with_article(schema) + instead(schema, node);
    const bool guess = schema.type == OptionType::enumeration && node.kind == Kind::scalar && !node.from_environment;
    if (const auto meant = guess ? nearest(node.text, schema.values) : std::nullopt) {
      text += "; did you mean '" + *meant + "'?";
    }
    problems_.add(node.at, std::move(text));
  }

  void check_constraints(const SchemaNode& schema, const json::value& value, const std::string& path,
                         const Position& at) {
    for (const auto& constraint : schema.constraints) {
      if (auto error = constraint.check(value)) return problems_.add(at, "key '" + path + "' " + *error);
    }
    if (!schema.fits_type) return;
    if (auto error = schema.fits_type(value)) problems_.add(at, "key '" + path + "' " + *error);
  }

  void apply_rules(const SchemaNode& schema, const YamlNode& node, const std::string& path, const Position& at,
                   const json::object& section) {
    for (const auto& rule : schema.rules) {
      const auto error = rule.check(section);
      if (!error) continue;
      const YamlEntry* entry = node.find(rule.key);
      problems_.add(entry != nullptr ? entry->at : at, "key '" + join(path, rule.key) + "' " + *error);
    }
  }

  ConfigProblems& problems_;
  std::size_t broken_nodes_ = 0;
};

}  // namespace

json::value validate(const SchemaNode& schema, const YamlNode& node, const std::string& path,
                     ConfigProblems& problems) {
  if (node.kind != Kind::mapping && node.kind != Kind::null) {
    problems.add(node.at, "key '" + path + "' must be a section of keys" + instead(schema, node));
    return nullptr;
  }
  return Validator{problems}.section(schema, node, path, node.at);
}

}  // namespace sluice::config
