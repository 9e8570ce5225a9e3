#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <limits>
#include <sstream>

#include "sluice/config_schema.h"

namespace sluice {
namespace {

std::string number_text(double value) {
  std::ostringstream out;
  out << value;
  return out.str();
}

std::string value_text(const json::value& value) {
  const auto* text = value.if_string();
  return text != nullptr ? std::string{*text} : json::serialize(value);
}

/// Elements of a list or map, bytes of a string; nothing for what has no size.
std::optional<std::size_t> size_of(const json::value& value) {
  if (const auto* text = value.if_string()) return text->size();
  if (const auto* array = value.if_array()) return array->size();
  if (const auto* object = value.if_object()) return object->size();
  return std::nullopt;
}

/// At most `count` of what size_of() counts.
OptionCheck at_most(std::size_t count, std::string_view what) {
  return [count, error = "must have at most " + std::to_string(count) +
                         std::string{what}](const json::value& value) -> std::optional<std::string> {
    if (size_of(value).value_or(0) <= count) return std::nullopt;
    return error;
  };
}

}  // namespace

namespace detail {

Constraint integer_range(std::int64_t min, std::int64_t max) {
  const std::string low = std::to_string(min);
  const std::string high = std::to_string(max);
  auto check = [min, max, low, high](const json::value& value) -> std::optional<std::string> {
    if (const auto* number = value.if_double()) {
      if (*number >= static_cast<double>(min) && *number <= static_cast<double>(max)) return std::nullopt;
    }
    if (const auto* number = value.if_int64(); number != nullptr && *number >= min && *number <= max) return {};
    return "must be between " + low + " and " + high;
  };
  return {low + " to " + high, check};
}

Constraint number_range(double min, double max) {
  auto check = [min, max](const json::value& value) -> std::optional<std::string> {
    boost::system::error_code failed;
    const auto number = value.to_number<double>(failed);
    if (!failed && number >= min && number <= max) return std::nullopt;
    return "must be between " + number_text(min) + " and " + number_text(max);
  };
  return {number_text(min) + " to " + number_text(max), check};
}

Constraint one_of(json::array values) {
  std::string names;
  for (const auto& value : values) names.append(names.empty() ? "" : ", ").append(value_text(value));
  auto check = [values = std::move(values), names](const json::value& value) -> std::optional<std::string> {
    for (const auto& allowed : values) {
      if (allowed == value) return std::nullopt;
    }
    return "must be one of " + names;
  };
  return {"one of " + names, std::move(check)};
}

}  // namespace detail

Constraint not_empty() {
  return {"not empty", [](const json::value& value) -> std::optional<std::string> {
            if (size_of(value).value_or(1) > 0) return std::nullopt;
            return "must not be empty";
          }};
}

Constraint max_items(std::size_t count) {
  return {"at most " + std::to_string(count) + " entries", at_most(count, " entries")};
}

Constraint max_bytes(std::size_t count) {
  return {"at most " + std::to_string(count) + " bytes", at_most(count, " bytes")};
}

Constraint each(Constraint constraint) {
  auto check = [inner = std::move(constraint.check)](const json::value& value) -> std::optional<std::string> {
    std::size_t index = 0;
    if (const auto* array = value.if_array()) {
      for (const auto& element : *array) {
        if (auto error = inner(element)) return "[" + std::to_string(index) + "] " + *error;
        ++index;
      }
    } else if (const auto* object = value.if_object()) {
      for (const auto& [key, element] : *object) {
        if (auto error = inner(element)) return "['" + std::string{key} + "'] " + *error;
      }
    }
    return std::nullopt;
  };
  return {"each " + constraint.doc, std::move(check)};
}

}  // namespace sluice
