#include "core/admin/admin_api.h"

#include <boost/json/object.hpp>
#include <chrono>
#include <utility>

#include "core/admin/admin_answers.h"
#include "core/admin/admin_operations.h"
#include "core/api/openapi.h"
#include "sluice/json_schema.h"
#include "sluice/plugin.h"

namespace sluice {

AdminApi::AdminApi(AdminSite& site, AdminParts parts)
    : clock_{site.clock()}, routes_{site.routes()}, parts_{std::move(parts)}, started_{clock_.now()} {
  const json::object anything{{"type", "object"}};
  site.add("GET", "/info", admin::operation("What runs, since when", schema_of<admin::Info>()),
           [this](const HttpRequest&, HttpReply reply) { get_info(std::move(reply)); });
  // That it answers is the answer: the control thread is alive.
  site.add("GET", "/health/live", admin::operation("Whether the control thread answers", anything),
           [](const HttpRequest&, HttpReply reply) {
             reply.json(json::object{{"live", true}});
           });
  site.add("GET", "/health/ready",
           admin::operation("Whether clients should come; 503 where they should not", schema_of<admin::Readiness>()),
           [this](const HttpRequest&, HttpReply reply) { get_ready(std::move(reply)); });
  site.add("GET", "/config", admin::operation("The configuration in effect, secrets masked", anything),
           [this](const HttpRequest&, HttpReply reply) { reply.json(parts_.config()); });
  site.add("GET", "/openapi.json", admin::operation("This document", anything),
           [this](const HttpRequest&, HttpReply reply) { get_description(std::move(reply)); });
}

void AdminApi::get_info(HttpReply reply) const {
  const auto uptime = std::chrono::duration_cast<std::chrono::milliseconds>(clock_.now() - started_);
  reply.json(to_json(admin::Info{.name = parts_.name,
                                 .version = parts_.version,
                                 .abi = SLUICE_ABI_STAMP,
                                 .uptime_ms = uptime.count(),
                                 .workers = parts_.workers,
                                 .protocols = {}}));
}

void AdminApi::get_ready(HttpReply reply) const {
  admin::Readiness readiness;
  readiness.reasons = why_not_ready();
  readiness.ready = readiness.reasons.empty();
  reply.json(to_json(readiness), readiness.ready ? 200 : 503);
}

std::vector<std::string> AdminApi::why_not_ready() const {
  std::vector<std::string> reasons;
  if (parts_.draining()) reasons.emplace_back("the gateway is draining");
  for (const PluginStatus& plugin : parts_.plugins()) {
    if (plugin.state == PluginState::running || plugin.optional) continue;
    std::string reason = "plugin '" + plugin.name + "' is not running";
    if (!plugin.why_not_loaded.empty()) reason += ": " + plugin.why_not_loaded;
    reasons.push_back(std::move(reason));
  }
  return reasons;
}

void AdminApi::get_description(HttpReply reply) const {
  reply.json(openapi_document(routes_.describe(),
                              {.title = "Sluice, admin API", .version = parts_.version, .description = ""}));
}

}  // namespace sluice
