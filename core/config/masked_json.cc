#include "core/config/masked_json.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "sluice/secret.h"

namespace sluice::config {
namespace {

json::value masked_secret(const json::value& value) {
  const auto* text = value.if_string();
  const bool unset = value.is_null() || (text != nullptr && text->empty());
  return unset ? value : json::value(kMaskedSecret);
}

json::value masked_section(const SchemaNode& schema, const json::object& section) {
  json::object out;
  for (const auto& option : schema.children) {
    if (const auto* found = section.if_contains(option.name)) out[option.name] = masked(option, *found);
  }
  return out;
}

}  // namespace

json::value masked(const SchemaNode& schema, const json::value& canonical) {
  if (schema.type == OptionType::secret) return masked_secret(canonical);
  if (const auto* object = canonical.if_object(); object != nullptr && schema.type == OptionType::section) {
    return masked_section(schema, *object);
  }
  if (const auto* object = canonical.if_object(); object != nullptr && schema.type == OptionType::map) {
    json::object out;
    for (const auto& [key, value] : *object) out[key] = masked(schema.entry(), value);
    return out;
  }
  if (const auto* array = canonical.if_array(); array != nullptr && schema.type == OptionType::list) {
    json::array out;
    for (const auto& value : *array) out.push_back(masked(schema.entry(), value));
    return out;
  }
  return canonical;
}

std::string to_masked_json(const SchemaNode& schema, const json::value& canonical) {
  return json::serialize(masked(schema, canonical));
}

}  // namespace sluice::config
