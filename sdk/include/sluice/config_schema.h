#pragma once

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <concepts>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The type-erased description of options: what `Schema<T>` (config.h) builds and what the core walks to validate a
/// file, to suggest the nearest key, to print the defaults and to tell what may change in a reload.
namespace sluice {

namespace json = boost::json;

enum class OptionType : std::uint8_t { boolean, integer, number, string, secret, enumeration, list, map, section, any };

/// Looks at a value that already has the option's type. Nothing: it fits. Otherwise the reason, which is read after
/// "key 'x' ": "must be between 1 and 5". Never quote the value of a secret.
using OptionCheck = std::function<std::optional<std::string>(const json::value&)>;

/// One more demand on an option's value. `doc` is what --print-defaults shows: "1 to 10000".
struct Constraint {
  std::string doc;
  OptionCheck check;
};

namespace detail {
[[nodiscard]] Constraint integer_range(std::int64_t min, std::int64_t max);
[[nodiscard]] Constraint number_range(double min, double max);
[[nodiscard]] Constraint one_of(json::array values);
}  // namespace detail

/// A number between `min` and `max`, both included. For durations: in the unit of the option.
template <class Min, class Max>
  requires(std::integral<Min> || std::floating_point<Min>) && (std::integral<Max> || std::floating_point<Max>)
[[nodiscard]] Constraint range(Min min, Max max) {
  if constexpr (std::integral<Min> && std::integral<Max>) {
    return detail::integer_range(static_cast<std::int64_t>(min), static_cast<std::int64_t>(max));
  } else {
    return detail::number_range(static_cast<double>(min), static_cast<double>(max));
  }
}

/// Exactly one of these values: `one_of("sqlite", "postgresql")`. Prefer a described enum where code branches on it.
template <class... Values>
[[nodiscard]] Constraint one_of(Values... values) {
  json::array array;
  (array.emplace_back(values), ...);
  return detail::one_of(std::move(array));
}

/// A string, secret, list or map with something in it.
[[nodiscard]] Constraint not_empty();
/// A list or map of at most `count` entries.
[[nodiscard]] Constraint max_items(std::size_t count);
/// A string of at most `count` bytes of UTF-8.
[[nodiscard]] Constraint max_bytes(std::size_t count);
/// Applies a constraint to each entry of a list or map.
[[nodiscard]] Constraint each(Constraint constraint);

/// A demand that spans several options of one section; reported at `key`.
struct SchemaRule {
  std::string key;
  OptionCheck check;  ///< is handed the whole section, defaults filled in
};

/// One option, one section of options, or the entries of a list or map.
struct SchemaNode {
  std::string name;  ///< the key in YAML; empty for a root, and for the entries of a list or map
  OptionType type = OptionType::section;
  std::string doc;            ///< one or two sentences for the operator
  std::string unit;           ///< "milliseconds", ...: a duration, which is an integer in YAML
  json::value default_value;  ///< canonical JSON; null: none. A secret's default stands here in plain text.
  std::vector<Constraint> constraints;
  OptionCheck fits_type;             ///< the bounds of the C++ type itself; empty where there are none
  std::vector<std::string> values;   ///< enumeration: the names allowed
  std::vector<SchemaNode> children;  ///< section: its options; list and map: one node that describes every entry
  std::vector<SchemaRule> rules;     ///< section only
  bool required = false;             ///< no default: the key must be there
  bool reloadable = false;           ///< may change while running; a section hands it down to all below
  bool nullable = false;             ///< std::optional: null (or no key) means none
  bool open = false;                 ///< section: keys that are not listed are another reader's

  /// The option `key` of this section, or nullptr.
  [[nodiscard]] const SchemaNode* find(std::string_view key) const noexcept;
  /// What every entry of this list or map looks like.
  [[nodiscard]] const SchemaNode& entry() const noexcept { return children.front(); }
};

/// The type as an operator reads it: "integer (milliseconds)", "list of strings", "one of auto, allow, deny".
[[nodiscard]] std::string type_name(const SchemaNode& node);

}  // namespace sluice
