#pragma once

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <boost/describe/enumerators.hpp>
#include <boost/describe/members.hpp>
#include <boost/json/value.hpp>
#include <boost/mp11/algorithm.hpp>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "sluice/error.h"
#include "sluice/media_types.h"

/// Typed payloads. A request or an answer is a plain struct that is described once:
///
///     struct HandRequest { std::optional<std::string> participant_id; };
///     BOOST_DESCRIBE_STRUCT(HandRequest, (), (participant_id))
///
/// `from_json<HandRequest>(value)` reads it and throws `Error{invalid_payload}` with the path of the field that does
/// not fit (`encodings[1].maxBitrate`); `to_json(request)` writes it. Members are snake_case here and camelCase on the
/// wire
/// (`participant_id` is `participantId`); an enumerator is written as it stands (`co_host`); a trailing underscore,
/// which C++ keywords need, is dropped (`auto_` is `auto`). A struct with `static constexpr bool kSnakeCase = true`
/// keeps its members' names on the wire, as the REST API does.
///
/// A `std::optional` member may be missing or null. Every other member is required, but for those that the struct
/// names in `static constexpr std::array kMayBeMissing{"channels", ...}`: they keep their initial value. Members
/// unknown to the struct are ignored, so that clients may be newer than the gateway.
namespace sluice {

namespace json = boost::json;

/// A string of at most `MaxBytes` bytes of UTF-8: the bound stands in the type, and a longer one is INVALID_PAYLOAD.
template <std::size_t MaxBytes>
struct Text : std::string {
  using std::string::string;
  Text(std::string value) : std::string{std::move(value)} {}
  static constexpr std::size_t kMaxBytes = MaxBytes;
};

/// `participant_id` -> `participantId`, `auto_` -> `auto`.
[[nodiscard]] std::string json_name(std::string_view member);
/// `co_host` -> `co_host`, `auto_` -> `auto`.
[[nodiscard]] constexpr std::string_view enumerator_name(std::string_view name) noexcept {
  return name.ends_with('_') ? name.substr(0, name.size() - 1) : name;
}

namespace detail {

/// Where in a document a reader stands; a chain on the stack, rendered only when something is wrong.
class JsonPath {
 public:
  constexpr JsonPath() noexcept = default;
  constexpr JsonPath(const JsonPath& parent, std::string_view field) noexcept : parent_{&parent}, field_{field} {}
  constexpr JsonPath(const JsonPath& parent, std::size_t index) noexcept : parent_{&parent}, index_{index} {}

  [[nodiscard]] std::string render() const;

 private:
  const JsonPath* parent_ = nullptr;
  std::string_view field_;
  std::size_t index_ = 0;
};

/// Throws Error{invalid_payload, "<path>: <reason>", {path}}.
[[noreturn]] void invalid(const JsonPath& path, std::string_view reason);

[[nodiscard]] std::int64_t read_signed(const json::value& value, const JsonPath& path, std::int64_t min,
                                       std::int64_t max);
[[nodiscard]] std::uint64_t read_unsigned(const json::value& value, const JsonPath& path, std::uint64_t max);
[[nodiscard]] double read_double(const json::value& value, const JsonPath& path);
[[nodiscard]] bool read_bool(const json::value& value, const JsonPath& path);
[[nodiscard]] std::string read_string(const json::value& value, const JsonPath& path, std::size_t max_bytes);
[[nodiscard]] const json::array& read_array(const json::value& value, const JsonPath& path);
[[nodiscard]] const json::object& read_object(const json::value& value, const JsonPath& path);

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};
template <class T>
struct IsVector : std::false_type {};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {};
template <class T>
struct IsMap : std::false_type {};
template <class T>
struct IsMap<std::map<std::string, T, std::less<>>> : std::true_type {};
template <class T>
struct IsMap<std::map<std::string, T>> : std::true_type {};
template <class T>
struct IsText : std::false_type {};
template <std::size_t N>
struct IsText<Text<N>> : std::true_type {};
template <class T>
struct IsStrongNumber : std::false_type {};
template <class Tag, class Rep>
struct IsStrongNumber<StrongNumber<Tag, Rep>> : std::true_type {};

template <class T>
concept DescribedEnum = std::is_enum_v<T> && boost::describe::has_describe_enumerators<T>::value;
template <class T>
concept DescribedStruct = std::is_class_v<T> && boost::describe::has_describe_members<T>::value && !std::is_enum_v<T>;

template <class T>
constexpr bool may_be_missing(std::string_view member) {
  if constexpr (requires { T::kMayBeMissing; }) {
    for (const std::string_view name : T::kMayBeMissing) {
      if (name == member) return true;
    }
  }
  return false;
}

template <class T, class Member>
const std::string& wire_name() {
  static const std::string name = [] {
    if constexpr (requires { T::kSnakeCase; }) {
      return std::string{enumerator_name(Member::name)};
    } else {
      return json_name(Member::name);
    }
  }();
  return name;
}

template <class T>
void read(const json::value& value, const JsonPath& path, T& out);

template <DescribedEnum T>
void read_enum(const json::value& value, const JsonPath& path, T& out) {
  const std::string text = read_string(value, path, 64);
  bool found = false;
  std::string names;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>([&](auto enumerator) {
    const std::string_view name = enumerator_name(enumerator.name);
    if (name == text) {
      out = enumerator.value;
      found = true;
    }
    names.append(names.empty() ? "" : ", ").append(name);
  });
  if (!found) invalid(path, "must be one of " + names);
}

template <DescribedStruct T>
void read_struct(const json::value& value, const JsonPath& path, T& out) {
  const json::object& object = read_object(value, path);
  using Members = boost::describe::describe_members<T, boost::describe::mod_public | boost::describe::mod_inherited>;
  boost::mp11::mp_for_each<Members>([&](auto member) {
    using Member = decltype(member);
    auto& field = out.*member.pointer;
    const std::string& name = wire_name<T, Member>();
    const JsonPath here{path, name};
    const json::value* found = object.if_contains(name);
    if (found == nullptr) {
      if (IsOptional<std::remove_cvref_t<decltype(field)>>::value || may_be_missing<T>(member.name)) return;
      invalid(here, "is missing");
    }
    read(*found, here, field);
  });
}

template <class T>
void read(const json::value& value, const JsonPath& path, T& out) {
  if constexpr (std::same_as<T, json::value>) {
    out = value;
  } else if constexpr (std::same_as<T, json::object>) {
    out = read_object(value, path);
  } else if constexpr (std::same_as<T, json::array>) {
    out = read_array(value, path);
  } else if constexpr (std::same_as<T, bool>) {
    out = read_bool(value, path);
  } else if constexpr (std::signed_integral<T>) {
    out = static_cast<T>(read_signed(value, path, std::numeric_limits<T>::min(), std::numeric_limits<T>::max()));
  } else if constexpr (std::unsigned_integral<T>) {
    out = static_cast<T>(read_unsigned(value, path, std::numeric_limits<T>::max()));
  } else if constexpr (std::floating_point<T>) {
    out = static_cast<T>(read_double(value, path));
  } else if constexpr (IsStrongNumber<T>::value) {
    out = T{static_cast<typename T::rep>(read_unsigned(value, path, std::numeric_limits<typename T::rep>::max()))};
  } else if constexpr (IsText<T>::value) {
    out = T{read_string(value, path, T::kMaxBytes)};
  } else if constexpr (std::same_as<T, std::string>) {
    out = read_string(value, path, std::numeric_limits<std::size_t>::max());
  } else if constexpr (IsOptional<T>::value) {
    if (value.is_null()) {
      out.reset();
    } else {
      read(value, path, out.emplace());
    }
  } else if constexpr (IsVector<T>::value) {
    const json::array& array = read_array(value, path);
    out.clear();
    out.reserve(array.size());
    for (std::size_t i = 0; i < array.size(); ++i) {
      typename T::value_type element{};
      read(array[i], JsonPath{path, i}, element);
      out.push_back(std::move(element));
    }
  } else if constexpr (IsMap<T>::value) {
    out.clear();
    for (const auto& [key, element] : read_object(value, path)) {
      read(element, JsonPath{path, std::string_view{key}}, out[std::string{key}]);
    }
  } else if constexpr (DescribedEnum<T>) {
    read_enum(value, path, out);
  } else {
    static_assert(DescribedStruct<T>, "describe the struct with BOOST_DESCRIBE_STRUCT");
    read_struct(value, path, out);
  }
}

}  // namespace detail

/// Reads a described type. Throws `Error{invalid_payload}` that names the path of what does not fit.
template <class T>
[[nodiscard]] T from_json(const json::value& value) {
  T out{};
  detail::read(value, detail::JsonPath{}, out);
  return out;
}

/// Writes a described type; empty optionals are left out. Enums are written by name.
template <class T>
[[nodiscard]] json::value to_json(const T& value) {
  if constexpr (std::same_as<T, json::value> || std::same_as<T, json::object> || std::same_as<T, json::array>) {
    return json::value(value);
  } else if constexpr (std::is_arithmetic_v<T>) {
    return json::value(value);
  } else if constexpr (detail::IsStrongNumber<T>::value) {
    return json::value(value.value());
  } else if constexpr (std::convertible_to<T, std::string_view>) {
    return json::value(std::string_view{value});
  } else if constexpr (detail::IsOptional<T>::value) {
    return value ? to_json(*value) : json::value(nullptr);
  } else if constexpr (detail::IsVector<T>::value) {
    json::array out;
    out.reserve(value.size());
    for (const auto& element : value) out.push_back(to_json(element));
    return out;
  } else if constexpr (detail::IsMap<T>::value) {
    json::object out;
    for (const auto& [key, element] : value) out[key] = to_json(element);
    return out;
  } else if constexpr (detail::DescribedEnum<T>) {
    json::value out;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>([&](auto enumerator) {
      if (enumerator.value == value) out = enumerator_name(enumerator.name);
    });
    return out;
  } else {
    static_assert(detail::DescribedStruct<T>, "describe the struct with BOOST_DESCRIBE_STRUCT");
    json::object out;
    using Members = boost::describe::describe_members<T, boost::describe::mod_public | boost::describe::mod_inherited>;
    boost::mp11::mp_for_each<Members>([&](auto member) {
      const auto& field = value.*member.pointer;
      if constexpr (detail::IsOptional<std::remove_cvref_t<decltype(field)>>::value) {
        if (!field) return;
      }
      out[detail::wire_name<T, decltype(member)>()] = to_json(field);
    });
    return out;
  }
}

BOOST_DESCRIBE_ENUM(MediaKind, audio, video)

}  // namespace sluice
