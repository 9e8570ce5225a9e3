#include "sluice/json.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

namespace sluice {

std::string json_name(std::string_view member) {
  while (member.ends_with('_')) member.remove_suffix(1);
  std::string name;
  name.reserve(member.size());
  bool upper = false;
  for (const char c : member) {
    if (c == '_') {
      upper = true;
      continue;
    }
    name += upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    upper = false;
  }
  return name;
}

namespace detail {

std::string JsonPath::render() const {
  if (parent_ == nullptr) return {};
  std::string out = parent_->render();
  if (field_.data() == nullptr) return out + "[" + std::to_string(index_) + "]";
  if (!out.empty()) out += '.';
  return out.append(field_.substr(0, 64));
}

void invalid(const JsonPath& path, std::string_view reason) {
  std::string where = path.render();
  std::string message = (where.empty() ? "the payload" : where) + " " + std::string{reason};
  throw Error{ErrorCode::invalid_payload, message, json::object{{"path", where}}};
}

std::int64_t read_signed(const json::value& value, const JsonPath& path, std::int64_t min, std::int64_t max) {
  if (const auto* number = value.if_int64(); number != nullptr && *number >= min && *number <= max) return *number;
  if (!value.is_int64() && !value.is_uint64()) invalid(path, "must be an integer");
  invalid(path, "must be between " + std::to_string(min) + " and " + std::to_string(max));
}

std::uint64_t read_unsigned(const json::value& value, const JsonPath& path, std::uint64_t max) {
  if (const auto* number = value.if_int64(); number != nullptr && *number >= 0) {
    if (static_cast<std::uint64_t>(*number) <= max) return static_cast<std::uint64_t>(*number);
  }
  if (const auto* number = value.if_uint64(); number != nullptr && *number <= max) return *number;
  if (!value.is_int64() && !value.is_uint64()) invalid(path, "must be an integer");
  invalid(path, "must be between 0 and " + std::to_string(max));
}

double read_double(const json::value& value, const JsonPath& path) {
  if (const auto* number = value.if_double()) return *number;
  if (const auto* number = value.if_int64()) return static_cast<double>(*number);
  if (const auto* number = value.if_uint64()) return static_cast<double>(*number);
  invalid(path, "must be a number");
}

bool read_bool(const json::value& value, const JsonPath& path) {
  if (const auto* flag = value.if_bool()) return *flag;
  invalid(path, "must be true or false");
}

std::string read_string(const json::value& value, const JsonPath& path, std::size_t max_bytes) {
  const auto* text = value.if_string();
  if (text == nullptr) invalid(path, "must be a string");
  if (text->size() > max_bytes) invalid(path, "must have at most " + std::to_string(max_bytes) + " bytes");
  return std::string{text->data(), text->size()};
}

const json::array& read_array(const json::value& value, const JsonPath& path) {
  if (const auto* array = value.if_array()) return *array;
  invalid(path, "must be an array");
}

const json::object& read_object(const json::value& value, const JsonPath& path) {
  if (const auto* object = value.if_object()) return *object;
  invalid(path, "must be an object");
}

}  // namespace detail
}  // namespace sluice
