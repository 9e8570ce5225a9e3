#include "core/admin/admin_operations.h"

#include <utility>

namespace sluice::admin {
namespace {

json::object json_content(json::object schema) {
  json::object media{{"schema", std::move(schema)}};
  return {{"application/json", std::move(media)}};
}

}  // namespace

json::object operation(std::string_view summary, json::object answer, std::optional<json::object> body) {
  json::object success{{"description", "Done"}, {"content", json_content(std::move(answer))}};
  json::object out{{"summary", summary}, {"tags", json::array{"gateway"}}};
  if (body) out["requestBody"] = json::object{{"required", true}, {"content", json_content(std::move(*body))}};
  out["responses"] = json::object{{"200", std::move(success)}};
  return out;
}

}  // namespace sluice::admin
