#include "core/api/openapi.h"

#include <map>
#include <set>
#include <string_view>

#include "sluice/error.h"

namespace sluice {
namespace {

struct Path {
  std::string text;                     ///< `/api/rooms/{id}`
  std::string shape;                    ///< `/api/rooms/{}`: what paths are told apart by
  std::vector<std::string> parameters;  ///< `id`
};

std::vector<std::string_view> segments(std::string_view pattern) {
  std::vector<std::string_view> out;
  while (!pattern.empty()) {
    pattern.remove_prefix(1);
    out.push_back(pattern.substr(0, pattern.find('/')));
    pattern.remove_prefix(out.back().size());
  }
  return out;
}

// OpenAPI has no parameter for several segments: `{path...}` is shown as `{path}`.
Path parse_path(std::string_view pattern) {
  Path path;
  for (const std::string_view segment : segments(pattern)) {
    if (!segment.starts_with('{')) {
      path.text.append("/").append(segment);
      path.shape.append("/").append(segment);
      continue;
    }
    std::string_view name = segment.substr(1, segment.size() - 2);
    if (name.ends_with("...")) name.remove_suffix(3);
    path.parameters.emplace_back(name);
    path.text.append("/{").append(name).append("}");
    path.shape.append("/{}");
  }
  return path;
}

std::string lower(std::string_view text) {
  std::string out{text};
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

/// `GET /api/meeting/{id}/live-stats` is `getApiMeetingIdLiveStats`.
std::string operation_id(std::string_view method, std::string_view pattern) {
  std::string id = lower(method);
  bool capital = true;
  for (const char c : pattern) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (letter) id += capital && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    capital = !letter;
  }
  return id;
}

std::string unused(std::set<std::string>& taken, const std::string& wanted) {
  std::string id = wanted;
  for (int number = 2; !taken.insert(id).second; ++number) id = wanted + std::to_string(number);
  return id;
}

json::array error_codes() {
  json::array codes;
  for (int code = 0; code <= static_cast<int>(ErrorCode::internal); ++code) {
    codes.emplace_back(to_string(static_cast<ErrorCode>(code)));
  }
  return codes;
}

json::object typed(std::string_view type) { return {{"type", type}}; }

json::object error_schema() {
  json::object code = typed("string");
  code["enum"] = error_codes();
  json::object error{
      {"type", "object"},
      {"properties",
       json::object{{"code", std::move(code)}, {"message", typed("string")}, {"details", typed("object")}}},
      {"required", json::array{"code", "message"}}};
  return {{"type", "object"},
          {"description", "The answer \"no\": `message` is for people and may change; branch on `code` and `details`."},
          {"properties", json::object{{"success", json::object{{"const", false}}}, {"error", std::move(error)}}},
          {"required", json::array{"success", "error"}}};
}

json::object components() {
  json::object schema{{"schema", json::object{{"$ref", "#/components/schemas/Error"}}}};
  json::object response{{"description", "The answer \"no\", with one of the codes that there are"},
                        {"content", json::object{{"application/json", std::move(schema)}}}};
  json::object bearer{{"type", "http"}, {"scheme", "bearer"}, {"bearerFormat", "JWT"}};
  return {{"securitySchemes", json::object{{"bearer", std::move(bearer)}}},
          {"responses", json::object{{"Error", std::move(response)}}},
          {"schemas", json::object{{"Error", error_schema()}}}};
}

json::array path_parameters(const Path& path) {
  json::array out;
  for (const std::string& name : path.parameters) {
    out.push_back(json::object{{"name", name}, {"in", "path"}, {"required", true}, {"schema", typed("string")}});
  }
  return out;
}

bool describes(const json::array& parameters, std::string_view name) {
  for (const json::value& parameter : parameters) {
    const json::object& object = parameter.as_object();
    const auto* in = object.if_contains("in");
    if (in != nullptr && *in == "path" && std::string_view{object.at("name").as_string()} == name) return true;
  }
  return false;
}

// What the route says of a parameter itself goes before.
void add_path_parameters(json::object& operation, const Path& path) {
  json::array parameters;
  json::value* own = operation.if_contains("parameters");
  for (json::value& parameter : path_parameters(path)) {
    const json::string& name = parameter.at("name").as_string();
    if (own == nullptr || !describes(own->as_array(), name)) parameters.push_back(std::move(parameter));
  }
  if (own != nullptr) {
    for (json::value& parameter : own->as_array()) parameters.push_back(std::move(parameter));
  }
  if (!parameters.empty()) operation["parameters"] = std::move(parameters);
}

void add_common_responses(json::object& operation) {
  json::value& slot = operation["responses"];
  if (!slot.is_object()) slot = json::object();
  json::object& responses = slot.as_object();
  const json::object error{{"$ref", "#/components/responses/Error"}};
  for (const char* status : {"401", "429", "default"}) {
    if (!responses.contains(status)) responses[status] = json::object(error);
  }
}

// For us alone: `x-guests` says that a request without a token is let through where guests are.
void add_security(json::object& operation) {
  if (operation.erase("x-guests") == 0) return;
  operation["security"] = json::array{json::object(), json::object{{"bearer", json::array()}}};
}

void collect_tags(const json::object& operation, std::set<std::string>& tags) {
  const json::value* own = operation.if_contains("tags");
  if (own == nullptr) return;
  for (const json::value& tag : own->as_array()) tags.emplace(tag.as_string());
}

}  // namespace

json::object openapi_document(const std::vector<ControlRoutes::Description>& routes, const ApiInfo& info) {
  std::map<std::string, std::pair<std::string, json::object>> items;  // by shape: the path's text, its operations
  std::set<std::string> ids;
  std::set<std::string> tags;
  for (const ControlRoutes::Description& route : routes) {
    if (route.operation.empty()) continue;
    Path path = parse_path(route.pattern);
    auto& [text, item] = items.try_emplace(path.shape, path.text, json::object()).first->second;
    json::object operation = route.operation;
    // Routes of one path may name its parameters differently; a document may not.
    add_path_parameters(operation, parse_path(text));
    add_common_responses(operation);
    add_security(operation);
    collect_tags(operation, tags);
    if (!operation.contains("operationId")) operation["operationId"] = operation_id(route.method, route.pattern);
    operation["operationId"] = unused(ids, std::string{operation["operationId"].as_string()});
    item[lower(route.method)] = std::move(operation);
  }

  json::object paths;
  for (auto& [shape, item] : items) paths[item.first] = std::move(item.second);
  json::array tag_list;
  for (const std::string& tag : tags) tag_list.push_back(json::object{{"name", tag}});
  json::object about{{"title", info.title}, {"version", info.version}, {"description", info.description}};
  return {{"openapi", "3.1.0"},
          {"info", std::move(about)},
          {"servers", json::array{json::value(json::object{{"url", "/"}})}},
          {"security", json::array{json::value(json::object{{"bearer", json::array()}})}},
          {"tags", std::move(tag_list)},
          {"paths", std::move(paths)},
          {"components", components()}};
}

}  // namespace sluice
