#include "sluice/rest.h"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>

namespace sluice::rest {

namespace {

std::string_view media_type(std::string_view content_type) {
  content_type = content_type.substr(0, content_type.find(';'));
  while (content_type.ends_with(' ')) content_type.remove_suffix(1);
  return content_type;
}

bool holds(const json::value* names, std::string_view wanted) {
  return names != nullptr && names->is_array() && std::ranges::any_of(names->as_array(), [&](const json::value& name) {
           return name.is_string() && name.as_string() == wanted;
         });
}

bool is_type(const json::object& schema, std::string_view wanted) {
  const json::value* type = schema.if_contains("type");
  return holds(type, wanted) || (type != nullptr && type->is_string() && type->as_string() == wanted);
}

// What is no number stays text, which the reader then names as wrong.
json::value read_parameter(const std::string& text, const json::object& schema) {
  if (is_type(schema, "boolean") && (text == "true" || text == "false")) return text == "true";
  if (is_type(schema, "integer")) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc{} && end == text.data() + text.size()) return number;
  }
  return json::value(text);
}

json::object json_content(json::object schema) {
  return {{"application/json", json::object{{"schema", std::move(schema)}}}};
}

json::object envelope(const json::object& data) {
  return {{"type", "object"},
          {"properties", json::object{{"success", json::object{{"const", true}}},
                                      {"data", data},
                                      {"message", json::object{{"type", "string"}}}}},
          {"required", json::array{"success", "data"}}};
}

json::array query_parameters(const json::object& schema) {
  json::array out;
  for (const auto& [name, property] : schema.at("properties").as_object()) {
    const bool required = holds(schema.if_contains("required"), name);
    out.push_back(json::object{{"name", name}, {"in", "query"}, {"required", required}, {"schema", property}});
  }
  return out;
}

}  // namespace

void Reply::respond(int status, json::value data, std::string_view message) {
  json::object body{{"success", true}, {"data", std::move(data)}};
  if (!message.empty()) body["message"] = message;
  reply_.send({.status = status,
               .content_type = "application/json",
               .body = json::serialize(body),
               .headers = std::move(headers_)});
}

json::value read_body(const HttpRequest& request) {
  if (request.body.empty()) return json::object();
  const auto type = request.headers.find("content-type");
  if (type != request.headers.end() && media_type(type->second) != "application/json") {
    throw Error{ErrorCode::unsupported, "the body must be application/json"};
  }
  boost::system::error_code error;
  json::value body = json::parse(request.body, error);
  if (error) throw Error{ErrorCode::invalid_payload, "the body is no JSON: " + error.message(), {{"path", ""}}};
  return body;
}

json::value read_query(const HttpRequest& request, const json::object& schema) {
  json::object out;
  const json::object& properties = schema.at("properties").as_object();
  for (const auto& [name, text] : request.query) {
    const json::value* property = properties.if_contains(name);
    if (property != nullptr) out[name] = read_parameter(text, property->as_object());
  }
  return out;
}

json::object describe(const Doc& doc, const json::object* body, const json::object* query) {
  json::object operation{{"summary", doc.summary}, {"tags", json::array{json::value(doc.tag)}}};
  if (!doc.description.empty()) operation["description"] = doc.description;
  if (query != nullptr) operation["parameters"] = query_parameters(*query);
  if (body != nullptr) {
    operation["requestBody"] =
        json::object{{"required", body->contains("required")}, {"content", json_content(json::object(*body))}};
  }
  json::object responses{{std::to_string(doc.status),
                          json::object{{"description", "Done"}, {"content", json_content(envelope(doc.data))}}}};
  for (const ErrorCode code : doc.errors) {
    const std::string status = std::to_string(http_status(code));
    json::object& response =
        responses.emplace(status, json::object{{"$ref", "#/components/responses/Error"}}).first->value().as_object();
    json::value& codes = response["x-codes"];
    if (!codes.is_array()) codes = json::array();
    codes.as_array().emplace_back(to_string(code));
  }
  operation["responses"] = std::move(responses);
  if (doc.guests) operation["x-guests"] = true;
  return operation;
}

}  // namespace sluice::rest
