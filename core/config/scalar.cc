#include "core/config/scalar.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <charconv>
#include <cmath>

namespace sluice::config {
namespace {

std::optional<json::value> read_boolean(const std::string& text) {
  if (text == "true") return json::value(true);
  if (text == "false") return json::value(false);
  return std::nullopt;
}

template <class Number>
std::optional<json::value> read_number(const std::string& text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if constexpr (std::floating_point<Number>) {
    if (!std::isfinite(number)) return std::nullopt;
  }
  return json::value(number);
}

std::optional<json::value> read_plain(OptionType type, const std::string& text) {
  switch (type) {
    case OptionType::boolean:
      return read_boolean(text);
    case OptionType::integer:
      return read_number<std::int64_t>(text);
    case OptionType::number:
      return read_number<double>(text);
    default:
      return std::nullopt;
  }
}

json::value infer(const YamlNode& node) {
  if (!node.quoted) {
    for (const auto type : {OptionType::boolean, OptionType::integer, OptionType::number}) {
      if (auto value = read_plain(type, node.text)) return *std::move(value);
    }
  }
  return json::value(node.text);
}

}  // namespace

std::optional<json::value> read_scalar(const SchemaNode& schema, const YamlNode& node) {
  switch (schema.type) {
    case OptionType::string:
    case OptionType::secret:
      return json::value(node.text);
    case OptionType::enumeration:
      if (std::ranges::find(schema.values, node.text) == schema.values.end()) return std::nullopt;
      return json::value(node.text);
    default:
      // "${PORT}" is often quoted by habit, so quotes count only around what was written out.
      if (node.quoted && !node.from_environment) return std::nullopt;
      return read_plain(schema.type, node.text);
  }
}

json::value to_plain_json(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::null:
      return nullptr;
    case YamlNode::Kind::scalar:
      return infer(node);
    case YamlNode::Kind::sequence: {
      json::array out;
      for (const auto& entry : node.entries) out.push_back(to_plain_json(entry.value));
      return out;
    }
    case YamlNode::Kind::mapping: {
      json::object out;
      for (const auto& entry : node.entries) out[entry.key] = to_plain_json(entry.value);
      return out;
    }
  }
  return nullptr;
}

}  // namespace sluice::config
