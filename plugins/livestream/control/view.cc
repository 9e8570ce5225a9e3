#include "control/view.h"

#include <array>
#include <ctime>

namespace sluice::livestream {

std::string iso_text(WallTime time) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm fields{};
  gmtime_r(&seconds, &fields);
  std::array<char, 32> text{};
  const std::size_t length = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &fields);
  return {text.data(), length};
}

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
