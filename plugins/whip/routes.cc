#include "routes.h"

#include <algorithm>
#include <charconv>

#include "http_text.h"
#include "sluice/media.h"
#include "sluice/rest.h"

namespace sluice::whip {

namespace {

constexpr std::size_t kDefaultPage = 100;
constexpr std::size_t kMaxPage = 1'000;

void demand_type(const HttpRequest& request, std::string_view type) {
  if (is_media_type(header(request, "content-type").value_or(""), type)) return;
  throw Refusal{415, ErrorCode::unsupported, "the body must be " + std::string{type}};
}

void demand_size(const HttpRequest& request, int limit) {
  if (request.body.size() <= static_cast<std::size_t>(limit)) return;
  throw Refusal{413, ErrorCode::limit_exceeded, "the body is too large", {{"limit", limit}}};
}

void demand_door(const Options& options, Door door) {
  if (door == Door::whip ? options.allow_whip : options.allow_whep) return;
  throw Error{ErrorCode::feature_not_loaded, std::string{to_string(door)} + " is switched off here"};
}

// RFC 9725 section 4.6: who asks before it offers learns the ICE servers, too.
HttpReply::Response describe_endpoint(const std::vector<IceServer>& servers) {
  HttpReply::Response response{.status = 204, .content_type = {}, .body = {}, .headers = {}};
  response.headers["Allow"] = "POST, OPTIONS";
  response.headers["Accept-Post"] = kSdpType;
  if (std::string link = link_header(servers); !link.empty()) response.headers["Link"] = std::move(link);
  return response;
}

// The route's entry in `/api/openapi.json`.
json::object describe_route(Door door, const std::string& method) {
  const bool publishes = door == Door::whip;
  rest::Doc doc{.summary = {}, .tag = std::string{to_string(door)}, .guests = true};
  if (method == "POST") {
    doc.summary = publishes ? "Publishes into a room: the offer in, the answer out (RFC 9725)" : "Plays a room";
    doc.body_type = doc.answer_type = kSdpType;
    doc.errors = {ErrorCode::invalid_payload, ErrorCode::permission_denied, ErrorCode::room_not_found,
                  ErrorCode::room_full, ErrorCode::unsupported};
    doc.status = 201;
  } else if (method == "OPTIONS") {
    doc.summary = "What is taken, and the ICE servers in Link";
    doc.status = 204;
  } else if (method == "PATCH") {
    doc.summary = "Candidates, with the ETag in If-Match; an ICE restart with If-Match: *";
    doc.body_type = doc.answer_type = kFragmentType;
    doc.errors = {ErrorCode::invalid_payload, ErrorCode::not_found, ErrorCode::conflict};
  } else {
    doc.summary = "Ends the session";
    doc.errors = {ErrorCode::not_found};
  }
  json::object operation = rest::describe(doc, nullptr, nullptr);
  // Nothing comes back where a session ends.
  if (method == "DELETE") operation["responses"].at("200").as_object().erase("content");
  return operation;
}

std::size_t number_of(const HttpRequest& request, std::string_view name, std::size_t fallback) {
  const auto text = query(request, name);
  if (!text) return fallback;
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error == std::errc{} && end == text->data() + text->size()) return number;
  throw Error{ErrorCode::invalid_payload, std::string{name} + ": must be a number", {{"path", name}}};
}

}  // namespace

void serve_door(Context& context, SessionTable& table, Door door) {
  const std::string endpoint = "/" + std::string{to_string(door)} + "/{room}";
  const std::string session = endpoint + "/{session}";
  const auto serve = [&context, door](const std::string& method, const std::string& pattern, auto handler) {
    context.host.http().serve(method, pattern, {.operation = describe_route(door, method)},
                              [&context, door, method, handler](const HttpRequest& request, HttpReply raw) {
                                Responder reply{std::move(raw), context.host.metrics(), context.options, door, method};
                                try {
                                  handler(request, reply);
                                } catch (const Error& error) {
                                  reply.fail(error);
                                }
                              });
  };

  serve("POST", endpoint, [&context, &table, door](const HttpRequest& request, Responder& reply) {
    demand_door(context.options, door);
    demand_type(request, kSdpType);
    demand_size(request, context.options.max_sdp_bytes);
    table.open(door, request, reply);
  });
  serve("OPTIONS", endpoint, [&context, door](const HttpRequest& request, Responder& reply) {
    demand_door(context.options, door);
    reply.send(describe_endpoint(context.host.media().ice_servers(request.identity.user_id)));
  });
  serve("PATCH", session, [&context, &table, door](const HttpRequest& request, Responder& reply) {
    Session& found = table.find(door, request);
    demand_type(request, kFragmentType);
    demand_size(request, context.options.max_sdp_bytes);
    found.patch(request, reply);
  });
  serve("DELETE", session, [&table, door](const HttpRequest& request, Responder& reply) {
    Session& found = table.find(door, request);
    found.leave();
    table.end(found, "deleted");
    reply.send({.status = 200, .content_type = {}, .body = {}, .headers = {}});
  });
}

void serve_admin(Context& context, SessionTable& table) {
  context.host.admin().route("GET", "/whip/sessions", [&table](const HttpRequest& request, HttpReply reply) {
    const std::size_t limit = std::min(number_of(request, "limit", kDefaultPage), kMaxPage);
    json::object data{{"sessions", table.report(number_of(request, "offset", 0), limit)}, {"total", table.size()}};
    reply.json(json::object{{"success", true}, {"data", std::move(data)}});
  });
}

}  // namespace sluice::whip
