#include "sluice/config.h"

#include <algorithm>
#include <ostream>

namespace sluice {
namespace {

struct UnitSuffix {
  std::string_view unit;
  std::string_view suffix;
};
constexpr UnitSuffix kUnitSuffixes[] = {
    {"milliseconds", "_ms"}, {"seconds", "_s"}, {"minutes", "_minutes"}, {"hours", "_hours"}};

bool is_snake_case(std::string_view name) {
  const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  return !name.empty() && name.front() >= 'a' && name.front() <= 'z' && std::ranges::all_of(name, allowed);
}

/// The unit of a duration, also of one inside a list or map.
std::string_view unit_of(const SchemaNode& node) {
  const bool collection = node.type == OptionType::list || node.type == OptionType::map;
  return collection ? unit_of(node.entry()) : std::string_view{node.unit};
}

void check_name(const SchemaNode& section, const SchemaNode& option) {
  const std::string quoted = "option '" + option.name + "'";
  if (!is_snake_case(option.name)) throw std::logic_error{quoted + ": names are snake_case"};
  if (section.find(option.name) != nullptr) throw std::logic_error{quoted + " is declared twice"};
  for (const auto& [unit, suffix] : kUnitSuffixes) {
    if (unit == unit_of(option) && !option.name.ends_with(suffix)) {
      throw std::logic_error{quoted + " holds " + std::string{unit} + ": its name must end in " + std::string{suffix}};
    }
  }
}

/// A struct inside a struct may be initialised differently than on its own: the outer one's word counts.
void set_default(SchemaNode& node, json::value value) {
  node.default_value = std::move(value);
  const auto* object = node.default_value.if_object();
  if (node.type != OptionType::section || object == nullptr) return;
  for (auto& child : node.children) {
    if (const auto* found = object->if_contains(child.name)) set_default(child, *found);
  }
}

std::string plural(const SchemaNode& node) {
  switch (node.type) {
    case OptionType::boolean:
      return "true or false";
    case OptionType::enumeration:
      return type_name(node);
    case OptionType::integer:
      return "integers" + (node.unit.empty() ? "" : " (" + node.unit + ")");
    case OptionType::any:
      return "anything";
    case OptionType::list:
    case OptionType::map: {
      const std::string name = type_name(node);
      const auto word_end = std::min(name.find(' '), name.size());
      return name.substr(0, word_end) + "s" + name.substr(word_end);
    }
    default:
      return type_name(node) + "s";
  }
}

}  // namespace

bool Secret::matches(std::string_view candidate) const noexcept {
  // The index wraps in the secret's own text, so that its length does not show in the time either.
  unsigned difference = candidate.size() == value_.size() ? 0U : 1U;
  for (std::size_t i = 0; i < candidate.size(); ++i) {
    const char own = value_.empty() ? '\0' : value_[i % value_.size()];
    difference |= static_cast<unsigned char>(candidate[i]) ^ static_cast<unsigned char>(own);
  }
  return difference == 0;
}

std::ostream& operator<<(std::ostream& out, const Secret& secret) {
  return secret.empty() ? out : out << kMaskedSecret;
}

const SchemaNode* SchemaNode::find(std::string_view key) const noexcept {
  const auto found = std::ranges::find(children, key, &SchemaNode::name);
  return type == OptionType::section && found != children.end() ? &*found : nullptr;
}

std::string type_name(const SchemaNode& node) {
  switch (node.type) {
    case OptionType::boolean:
      return "true or false";
    case OptionType::integer:
      return node.unit.empty() ? "integer" : "integer (" + node.unit + ")";
    case OptionType::number:
      return "number";
    case OptionType::string:
      return "string";
    case OptionType::secret:
      return "secret";
    case OptionType::enumeration: {
      std::string names;
      for (const auto& value : node.values) names.append(names.empty() ? "one of " : ", ").append(value);
      return names;
    }
    case OptionType::list:
      return "list of " + plural(node.entry());
    case OptionType::map:
      return "map of " + plural(node.entry());
    case OptionType::section:
      return "section";
    case OptionType::any:
      return "anything";
  }
  return {};
}

namespace detail {

SchemaNode leaf(OptionType type) {
  SchemaNode node;
  node.type = type;
  return node;
}

SchemaNode integer_node(std::int64_t min, std::int64_t max) {
  SchemaNode node = leaf(OptionType::integer);
  node.fits_type = integer_range(min, max).check;
  return node;
}

SchemaNode duration_node(std::string_view unit) {
  // No option means a negative time, and this bound keeps every unit far from overflow when converted.
  constexpr std::int64_t kMaxCount = 1'000'000'000'000;
  SchemaNode node = integer_node(0, kMaxCount);
  node.unit = unit;
  if (unit == "hours" || unit == "minutes") node.fits_type = integer_range(0, 1'000'000).check;
  return node;
}

SchemaNode collection_node(OptionType type, SchemaNode entry) {
  SchemaNode node = leaf(type);
  node.children.push_back(std::move(entry));
  return node;
}

void declare(SchemaNode& section, SchemaNode option, std::string name, std::string doc, json::value default_value) {
  option.name = std::move(name);
  option.doc = std::move(doc);
  check_name(section, option);
  set_default(option, std::move(default_value));
  section.children.push_back(std::move(option));
}

SchemaNode& last_option(SchemaNode& section) {
  if (section.children.empty()) throw std::logic_error{"a flag needs an option before it"};
  return section.children.back();
}

}  // namespace detail
}  // namespace sluice
