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

// RFC 9110 section 8.3.1: without regard to case.
bool is_json(std::string_view type) {
  return std::ranges::equal(type, std::string_view{"application/json"}, {},
                            [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
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

std::string_view trim(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  return text.substr(0, text.find_last_not_of(" \t") + 1);
}

/// One error of a route: the codes that its status stands for, for people and for machines.
void add_error(json::object& responses, ErrorCode code) {
  const std::string status = std::to_string(http_status(code));
  json::object fresh{{"description", ""}, {"x-codes", json::array()}};
  json::object& response = responses.emplace(status, std::move(fresh)).first->value().as_object();
  json::array& codes = response["x-codes"].as_array();
  if (std::ranges::any_of(codes, [&](const json::value& known) { return known.as_string() == to_string(code); }))
    return;
  codes.emplace_back(to_string(code));
  json::string& text = response["description"].as_string();
  text.append(text.empty() ? "" : ", ").append(to_string(code));
  response["content"] = json_content({{"$ref", "#/components/schemas/Error"}});
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
  for (auto& [name, value] : members_) body.insert_or_assign(name, std::move(value));
  reply_.send({.status = status,
               .content_type = "application/json",
               .body = json::serialize(body),
               .headers = std::move(headers_)});
}

void Reply::precondition_failed(Precondition why, std::string_view entity_tag) {
  const json::object details{{"etag", entity_tag}};
  if (why == Precondition::missing) {
    return fail(Error{ErrorCode::conflict, "say in If-Match which version the change is for", details}, 428);
  }
  fail(Error{ErrorCode::conflict, "somebody else has changed it meanwhile", details}, 412);
}

Precondition if_match(const HttpRequest& request, std::string_view entity_tag) {
  const auto header = request.headers.find("if-match");
  if (header == request.headers.end()) return Precondition::missing;
  std::string_view tags = header->second;
  while (!tags.empty()) {
    const std::string_view tag = tags.substr(0, tags.find(','));
    tags.remove_prefix(std::min(tag.size() + 1, tags.size()));
    if (trim(tag) == "*" || trim(tag) == entity_tag) return Precondition::holds;
  }
  return Precondition::failed;
}

json::value read_body(const HttpRequest& request) {
  if (request.body.empty()) return json::object();
  const auto type = request.headers.find("content-type");
  if (type != request.headers.end() && !is_json(media_type(type->second))) {
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
  if (!doc.body_type.empty()) {
    json::object content{{doc.body_type, json::object()}};
    operation["requestBody"] = json::object{{"required", true}, {"content", std::move(content)}};
  }
  json::object success{{"description", "Done"}};
  if (!doc.answer_type.empty()) {
    success["content"] = json::object{{doc.answer_type, json::object()}};
  } else if (doc.status != 204) {
    success["content"] = json_content(envelope(doc.data));
  }
  json::object responses{{std::to_string(doc.status), std::move(success)}};
  if (body != nullptr || query != nullptr) add_error(responses, ErrorCode::invalid_payload);
  for (const ErrorCode code : doc.errors) add_error(responses, code);
  operation["responses"] = std::move(responses);
  if (doc.guests) operation["x-guests"] = true;
  return operation;
}

}  // namespace sluice::rest
