#include "control/view.h"

namespace sluice::livestream {

json::value camel_names(const json::value& value) {
  if (const json::array* const array = value.if_array()) {
    json::array out;
    for (const json::value& element : *array) out.push_back(camel_names(element));
    return json::value(std::move(out));
  }
  if (const json::object* const object = value.if_object()) {
    json::object out;
    for (const auto& [name, member] : *object) {
      out[json_name(std::string_view{name.data(), name.size()})] = camel_names(member);
    }
    return json::value(std::move(out));
  }
  return value;
}

}  // namespace sluice::livestream
