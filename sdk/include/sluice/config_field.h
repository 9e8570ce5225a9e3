#pragma once

#include <algorithm>
#include <boost/mp11/algorithm.hpp>
#include <chrono>
#include <limits>
#include <stdexcept>

#include "sluice/config_schema.h"
#include "sluice/json.h"
#include "sluice/secret.h"

/// How the field types of an options struct map to schema nodes and canonical JSON. Inside of config.h; nothing here is
/// called by a plugin.
namespace sluice {

template <class T>
class Schema;

namespace detail {

template <class T>
concept HasSchema = requires { T::schema(); };

/// Built once: a schema is asked for at each struct of each list.
template <HasSchema T>
[[nodiscard]] const Schema<T>& schema_of() {
  static const Schema<T> schema = T::schema();
  return schema;
}

template <class T>
struct IsDuration : std::false_type {};
template <class Rep, class Period>
struct IsDuration<std::chrono::duration<Rep, Period>> : std::true_type {};

template <class T>
struct ConstrainedValue {
  using type = T;
};
template <class T>
struct ConstrainedValue<std::optional<T>> {
  using type = T;
};

/// A typed constraint of the user's own; see sluice::check().
template <class F>
struct TypedCheck {
  std::string doc;
  F check;
};

template <class T>
constexpr std::string_view duration_unit() {
  if constexpr (std::same_as<T, std::chrono::milliseconds>) return "milliseconds";
  if constexpr (std::same_as<T, std::chrono::seconds>) return "seconds";
  if constexpr (std::same_as<T, std::chrono::minutes>) return "minutes";
  if constexpr (std::same_as<T, std::chrono::hours>) return "hours";
  return {};
}

[[nodiscard]] SchemaNode leaf(OptionType type);
[[nodiscard]] SchemaNode integer_node(std::int64_t min, std::int64_t max);
[[nodiscard]] SchemaNode duration_node(std::string_view unit);
[[nodiscard]] SchemaNode collection_node(OptionType type, SchemaNode entry);
/// Appends an option to a section: checks its name, sets its default, and hands the defaults of a section down.
void declare(SchemaNode& section, SchemaNode option, std::string name, std::string doc, json::value default_value);
/// The option declared last; flags apply to it. Throws std::logic_error where there is none.
[[nodiscard]] SchemaNode& last_option(SchemaNode& section);

template <class T>
[[nodiscard]] SchemaNode enum_node() {
  SchemaNode node = leaf(OptionType::enumeration);
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>(
      [&](auto enumerator) { node.values.emplace_back(enumerator_name(enumerator.name)); });
  return node;
}

template <class T>
[[nodiscard]] SchemaNode node_of() {
  if constexpr (std::same_as<T, json::value>) {
    return leaf(OptionType::any);
  } else if constexpr (std::same_as<T, bool>) {
    return leaf(OptionType::boolean);
  } else if constexpr (std::integral<T>) {
    // YAML's integers are 64 bits signed here; an unsigned 64-bit option simply reaches half as far.
    constexpr auto kMax =
        std::min<std::uint64_t>(std::numeric_limits<T>::max(), std::numeric_limits<std::int64_t>::max());
    return integer_node(std::numeric_limits<T>::min(), static_cast<std::int64_t>(kMax));
  } else if constexpr (std::floating_point<T>) {
    return leaf(OptionType::number);
  } else if constexpr (std::same_as<T, std::string>) {
    return leaf(OptionType::string);
  } else if constexpr (std::same_as<T, Secret>) {
    return leaf(OptionType::secret);
  } else if constexpr (IsDuration<T>::value) {
    static_assert(!duration_unit<T>().empty(), "durations are milliseconds, seconds, minutes or hours");
    return duration_node(duration_unit<T>());
  } else if constexpr (DescribedEnum<T>) {
    return enum_node<T>();
  } else if constexpr (IsOptional<T>::value) {
    SchemaNode node = node_of<typename T::value_type>();
    node.nullable = true;
    return node;
  } else if constexpr (IsVector<T>::value) {
    return collection_node(OptionType::list, node_of<typename T::value_type>());
  } else if constexpr (IsMap<T>::value) {
    return collection_node(OptionType::map, node_of<typename T::mapped_type>());
  } else {
    static_assert(HasSchema<T>, "give the struct a static schema()");
    return schema_of<T>().node();
  }
}

/// Reads canonical JSON. Throws (boost::system::system_error, sluice::Error) where it is not of the option's type,
/// which a validated document never is.
template <class T>
void read_option(const json::value& value, T& out) {
  if constexpr (std::same_as<T, json::value>) {
    out = value;
  } else if constexpr (std::same_as<T, bool>) {
    out = read_bool(value, JsonPath{});
  } else if constexpr (std::is_arithmetic_v<T>) {
    out = value.to_number<T>();
  } else if constexpr (std::same_as<T, std::string>) {
    out = read_string(value, JsonPath{}, std::numeric_limits<std::size_t>::max());
  } else if constexpr (std::same_as<T, Secret>) {
    out = Secret{read_string(value, JsonPath{}, std::numeric_limits<std::size_t>::max())};
  } else if constexpr (IsDuration<T>::value) {
    out = T{value.to_number<typename T::rep>()};
  } else if constexpr (DescribedEnum<T>) {
    read_enum(value, JsonPath{}, out);
  } else if constexpr (IsOptional<T>::value) {
    out.reset();
    if (!value.is_null()) read_option(value, out.emplace());
  } else if constexpr (IsVector<T>::value) {
    out.clear();
    for (const auto& element : read_array(value, JsonPath{})) {
      typename T::value_type entry{};  // not emplace_back(): std::vector<bool> has no reference to hand out
      read_option(element, entry);
      out.push_back(std::move(entry));
    }
  } else if constexpr (IsMap<T>::value) {
    out.clear();
    for (const auto& [key, element] : read_object(value, JsonPath{})) read_option(element, out[std::string{key}]);
  } else {
    schema_of<T>().read(value, out);
  }
}

template <class T>
[[nodiscard]] json::value write_option(const T& value) {
  if constexpr (std::same_as<T, Secret>) {
    return json::value(value.reveal());
  } else if constexpr (IsDuration<T>::value) {
    return json::value(value.count());
  } else if constexpr (IsOptional<T>::value) {
    return value ? write_option(*value) : json::value(nullptr);
  } else if constexpr (IsVector<T>::value) {
    json::array out;
    for (const auto& element : value) out.push_back(write_option<typename T::value_type>(element));
    return out;
  } else if constexpr (IsMap<T>::value) {
    json::object out;
    for (const auto& [key, element] : value) out[key] = write_option(element);
    return out;
  } else if constexpr (HasSchema<T>) {
    return schema_of<T>().write(value);
  } else {
    return to_json(value);
  }
}

template <class Field>
void constrain(SchemaNode& node, Constraint constraint) {
  node.constraints.push_back(std::move(constraint));
}

template <class Field, class F>
void constrain(SchemaNode& node, TypedCheck<F> typed) {
  using Value = typename ConstrainedValue<Field>::type;
  auto check = [f = std::move(typed.check)](const json::value& value) -> std::optional<std::string> {
    Value field{};
    read_option(value, field);
    return f(std::as_const(field));
  };
  node.constraints.push_back({std::move(typed.doc), std::move(check)});
}

}  // namespace detail
}  // namespace sluice
