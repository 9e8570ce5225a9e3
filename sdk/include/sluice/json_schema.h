#pragma once

#include <boost/mp11/algorithm.hpp>
#include <limits>
#include <string>
#include <type_traits>
#include <vector>

#include "sluice/json.h"

/// JSON Schema (2020-12, as OpenAPI 3.1 has it) of described types: what `from_json` accepts and `to_json` writes, said
/// by the same types.
namespace sluice {

/// The schema of `T`, whole: structs stand where they are used. A type may say more than its members do by
/// `static json::object schema_notes()`: an object by member (`{"limit": {"minimum": 1}}`) that is merged in.
template <class T>
[[nodiscard]] json::object schema_of() {
  if constexpr (std::same_as<T, json::value>) {
    return {};
  } else if constexpr (std::same_as<T, json::object>) {
    return {{"type", "object"}};
  } else if constexpr (std::same_as<T, json::array>) {
    return {{"type", "array"}, {"items", json::object()}};
  } else if constexpr (std::same_as<T, bool>) {
    return {{"type", "boolean"}};
  } else if constexpr (std::integral<T>) {
    return {
        {"type", "integer"}, {"minimum", std::numeric_limits<T>::min()}, {"maximum", std::numeric_limits<T>::max()}};
  } else if constexpr (std::floating_point<T>) {
    return {{"type", "number"}};
  } else if constexpr (detail::IsStrongNumber<T>::value) {
    return schema_of<typename T::rep>();
  } else if constexpr (detail::IsText<T>::value) {
    return {{"type", "string"}, {"maxLength", T::kMaxBytes}};
  } else if constexpr (std::convertible_to<T, std::string_view>) {
    return {{"type", "string"}};
  } else if constexpr (detail::IsOptional<T>::value) {
    json::object schema = schema_of<typename T::value_type>();
    if (const json::value* type = schema.if_contains("type"); type != nullptr && type->is_string()) {
      schema["type"] = json::array{*type, "null"};
      if (json::value* values = schema.if_contains("enum")) values->as_array().emplace_back(nullptr);
    }
    return schema;
  } else if constexpr (detail::IsVector<T>::value) {
    return {{"type", "array"}, {"items", schema_of<typename T::value_type>()}};
  } else if constexpr (detail::IsMap<T>::value) {
    return {{"type", "object"}, {"additionalProperties", schema_of<typename T::mapped_type>()}};
  } else if constexpr (detail::DescribedEnum<T>) {
    json::array names;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>(
        [&](auto enumerator) { names.emplace_back(enumerator_name(enumerator.name)); });
    return {{"type", "string"}, {"enum", std::move(names)}};
  } else {
    static_assert(detail::DescribedStruct<T>, "describe the struct with BOOST_DESCRIBE_STRUCT");
    json::object properties;
    json::array needed;
    using Members = boost::describe::describe_members<T, boost::describe::mod_public | boost::describe::mod_inherited>;
    boost::mp11::mp_for_each<Members>([&](auto member) {
      using Field = std::remove_cvref_t<decltype(std::declval<T&>().*member.pointer)>;
      const std::string& name = detail::wire_name<T, decltype(member)>();
      properties[name] = schema_of<Field>();
      if (!detail::IsOptional<Field>::value && !detail::may_be_missing<T>(member.name)) needed.emplace_back(name);
    });
    if constexpr (requires { T::schema_notes(); }) {
      for (const auto& [name, notes] : T::schema_notes()) {
        json::object& property = properties.at(name).as_object();
        for (const auto& [key, value] : notes.as_object()) property[key] = value;
      }
    }
    json::object schema{{"type", "object"}, {"properties", std::move(properties)}};
    if (!needed.empty()) schema["required"] = std::move(needed);
    return schema;
  }
}

}  // namespace sluice
