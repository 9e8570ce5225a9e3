#include "core/admin/media_routes.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/admin/admin_operations.h"
#include "sluice/json_schema.h"

namespace sluice {

namespace {

using namespace media_records;
using Selection = MediaInspector::Selection;

[[noreturn]] void refuse(std::string_view parameter, std::string_view why) {
  throw Error{ErrorCode::invalid_payload, std::string{parameter} + ": " + std::string{why}, {{"path", parameter}}};
}

std::string text_of(const HttpRequest& request, std::string_view name) {
  const auto found = request.query.find(name);
  return found == request.query.end() ? std::string{} : found->second;
}

std::size_t number_of(const HttpRequest& request, std::string_view name, std::size_t fallback) {
  const std::string text = text_of(request, name);
  if (text.empty()) return fallback;
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) refuse(name, "must be a number");
  return number;
}

bool newest_first(const HttpRequest& request) {
  const std::string order = text_of(request, "order");
  if (!order.empty() && order != "newest" && order != "oldest") refuse("order", "must be newest or oldest");
  return order != "oldest";
}

Selection selection_of(const HttpRequest& request) {
  return {.offset = number_of(request, "offset", 0),
          .limit = std::min(number_of(request, "limit", MediaRoutes::kDefaultPage), MediaRoutes::kMaxPage),
          .newest_first = newest_first(request),
          .plugin = text_of(request, "plugin"),
          .router_id = text_of(request, "router"),
          .transport_id = text_of(request, "transport")};
}

const std::string& id_of(const HttpRequest& request) { return request.path_parameters.at("id"); }

Error unknown(std::string_view what) { return {ErrorCode::not_found, "there is no such " + std::string{what}}; }

/// Answers with a page of them under `name`.
template <class Record>
auto answer_page(std::string_view name, HttpReply reply) {
  return [name, reply = std::move(reply)](Page<Record> page) mutable {
    reply.json(json::object{{name, to_json(page.entries)}, {"total", page.total}});
  };
}

template <class Details>
auto answer_details(std::string_view what, HttpReply reply) {
  return [what, reply = std::move(reply)](const std::optional<Details>& details) mutable {
    if (!details) return reply.fail(unknown(what));
    reply.json(to_json(*details));
  };
}

template <class Record>
json::object page_schema(std::string_view name) {
  return {{"type", "object"},
          {"properties", json::object{{name, json::object{{"type", "array"}, {"items", schema_of<Record>()}}},
                                      {"total", schema_of<std::size_t>()}}}};
}

}  // namespace

MediaRoutes::MediaRoutes(AdminSite& site, MediaInspector& media) : media_{media}, log_{site.log()} {
  site.add("GET", "/workers", admin::operation("What each media worker does", page_schema<WorkerStats>("workers")),
           [this](const HttpRequest&, HttpReply reply) {
             reply.json(json::object{{"workers", to_json(media_.workers())}});
           });
  add_lists(site);
  add_details(site);
  add_ends(site);
}

void MediaRoutes::add_lists(AdminSite& site) {
  site.add(
      "GET", "/transports",
      admin::operation("Transports of all plugins, with their statistics", page_schema<TransportRecord>("transports")),
      [this](const HttpRequest& request, HttpReply reply) {
        media_.transports(selection_of(request), answer_page<TransportRecord>("transports", std::move(reply)));
      });
  site.add(
      "GET", "/producers",
      admin::operation("Producers of all plugins, with their statistics", page_schema<ProducerRecord>("producers")),
      [this](const HttpRequest& request, HttpReply reply) {
        media_.producers(selection_of(request), answer_page<ProducerRecord>("producers", std::move(reply)));
      });
  site.add(
      "GET", "/consumers",
      admin::operation("Consumers of all plugins, with their statistics", page_schema<ConsumerRecord>("consumers")),
      [this](const HttpRequest& request, HttpReply reply) {
        media_.consumers(selection_of(request), answer_page<ConsumerRecord>("consumers", std::move(reply)));
      });
}

void MediaRoutes::add_details(AdminSite& site) {
  site.add(
      "GET", "/transports/{id}",
      admin::operation("A transport: its states, ICE, DTLS, and all that it carries", schema_of<TransportDetails>()),
      [this](const HttpRequest& request, HttpReply reply) {
        media_.transport(id_of(request), answer_details<TransportDetails>("transport", std::move(reply)));
      });
  site.add("GET", "/producers/{id}",
           admin::operation("A producer, with what was negotiated", schema_of<ProducerDetails>()),
           [this](const HttpRequest& request, HttpReply reply) {
             media_.producer(id_of(request), answer_details<ProducerDetails>("producer", std::move(reply)));
           });
  site.add("GET", "/consumers/{id}",
           admin::operation("A consumer, with what was negotiated", schema_of<ConsumerDetails>()),
           [this](const HttpRequest& request, HttpReply reply) {
             media_.consumer(id_of(request), answer_details<ConsumerDetails>("consumer", std::move(reply)));
           });
}

void MediaRoutes::add_ends(AdminSite& site) {
  const auto add = [&](std::string_view what, bool (MediaInspector::*close)(std::string_view)) {
    const std::string pattern = "/" + std::string{what} + "s/{id}";
    site.add("DELETE", pattern,
             admin::operation("Closes the " + std::string{what} + "; its client hears of it", {{"type", "object"}}),
             [this, what, close](const HttpRequest& request, HttpReply reply) {
               const std::string& id = id_of(request);
               if (!(media_.*close)(id)) return reply.fail(unknown(what));
               log_.info("media closed", {{"what", what}, {"id", id}, {"by", request.remote_address}});
               reply.json(json::object{{"id", id}, {"closed", true}});
             });
  };
  add("transport", &MediaInspector::close_transport);
  add("producer", &MediaInspector::close_producer);
  add("consumer", &MediaInspector::close_consumer);
}

}  // namespace sluice
