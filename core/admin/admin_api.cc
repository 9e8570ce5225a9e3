#include "core/admin/admin_api.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <chrono>
#include <utility>

#include "core/admin/admin_answers.h"
#include "core/admin/admin_operations.h"
#include "core/api/openapi.h"
#include "sluice/json.h"
#include "sluice/json_schema.h"
#include "sluice/plugin.h"

namespace sluice {

namespace {

/// The body of PATCH /log: what it does not name stays as it is; a component that is null follows `level` again.
struct LogLevelsChange {
  std::optional<LogLevel> level;
  std::optional<std::map<std::string, std::optional<LogLevel>, std::less<>>> levels;
};
BOOST_DESCRIBE_STRUCT(LogLevelsChange, (), (level, levels))

/// The body of PUT /log.
struct NewLogLevels : LogLevels {
  static constexpr std::array kMayBeMissing{"levels"};
};
BOOST_DESCRIBE_STRUCT(NewLogLevels, (LogLevels), ())

template <class T>
T body_of(const HttpRequest& request) {
  boost::system::error_code error;
  const json::value body = json::parse(request.body, error);
  if (error) throw Error{ErrorCode::invalid_payload, "the body is not JSON: " + error.message()};
  return from_json<T>(body);
}

void check_bounds(const LogLevels& levels) {
  if (levels.levels.size() > AdminApi::kMaxNamedLevels) {
    throw Error{ErrorCode::limit_exceeded, "too many components are named", {{"limit", AdminApi::kMaxNamedLevels}}};
  }
  for (const auto& [component, level] : levels.levels) {
    if (!component.empty() && component.size() <= AdminApi::kMaxComponentName) continue;
    throw Error{ErrorCode::invalid_payload, "a component's name has 1 to 64 bytes", {{"path", "levels"}}};
  }
}

net::HttpResponse refusal(const Error& error) {
  const int status = http_status(error.code());
  auto response = net::HttpResponse::error(status, to_string(error.code()), error.what());
  if (status == 401) response.headers.set("WWW-Authenticate", "Bearer");  // RFC 9110 section 11.6.1
  return response;
}

}  // namespace

AdminApi::AdminApi(AdminParts parts)
    : parts_{std::move(parts)},
      log_{parts_.logs.component("admin")},
      started_{parts_.clock.now()},
      scope_{std::make_shared<CallbackScope>(
          CallbackScope::Options{.name = "admin", .warn_after = parts_.callback_warn}, parts_.clock,
          parts_.logs.component("plugins"), parts_.metrics.component("plugins"))},
      metrics_route_{add_metrics()} {
  const json::object anything{{"type", "object"}};
  add("GET", "/info", admin::operation("What runs, since when", schema_of<admin::Info>()), &AdminApi::get_info);
  add("GET", "/health/live", admin::operation("Whether the control thread answers", anything), &AdminApi::get_live);
  add("GET", "/health/ready",
      admin::operation("Whether clients should come; 503 where they should not", schema_of<admin::Readiness>()),
      &AdminApi::get_ready);
  add("GET", "/plugins", admin::operation("Each configured plugin: state, offers, cost", anything),
      &AdminApi::get_plugins);
  add("GET", "/config", admin::operation("The configuration in effect, secrets masked", anything),
      &AdminApi::get_config);
  add("GET", "/openapi.json", admin::operation("This document", anything), &AdminApi::get_description);
  add_log_routes();
}

void AdminApi::add_log_routes() {
  const json::object levels = schema_of<LogLevels>();
  add("GET", "/log", admin::operation("The log levels", levels), &AdminApi::get_log);
  add("PUT", "/log", admin::operation("Replaces the log levels", levels, schema_of<NewLogLevels>()),
      &AdminApi::put_log);
  add("PATCH", "/log", admin::operation("Changes some of the log levels", levels, schema_of<LogLevelsChange>()),
      &AdminApi::patch_log);
}

AdminApi::~AdminApi() {
  scope_->close();
  parts_.admin_routes.remove_all(*scope_);
  parts_.admin_router.remove(metrics_route_);
}

void AdminApi::add(std::string_view method, std::string_view pattern, json::object operation, Method handler) {
  const auto call = [this, handler](const HttpRequest& request, HttpReply reply) {
    (this->*handler)(request, std::move(reply));
  };
  parts_.admin_routes.add(scope_, method, pattern, call, {.operation = std::move(operation)});
}

// Answered on the net thread: metrics are read from any thread, and they are wanted most when control is slow.
net::RouteId AdminApi::add_metrics() {
  return parts_.admin_router.add(
      net::HttpMethod::get, "/metrics",
      [authorize = parts_.authorize, &metrics = parts_.metrics](const net::HttpRequest& request,
                                                                const net::HttpResponder& responder) {
        const Result<Identity, Error> identity = authorize(request);
        if (!identity) {
          responder.send(refusal(identity.error()));
          return;
        }
        responder.send(net::HttpResponse{200, "text/plain; version=0.0.4", metrics.expose()});
      });
}

void AdminApi::get_info(const HttpRequest&, HttpReply reply) {
  const auto uptime = std::chrono::duration_cast<std::chrono::milliseconds>(parts_.clock.now() - started_);
  reply.json(to_json(admin::Info{.name = parts_.name,
                                 .version = parts_.version,
                                 .abi = SLUICE_ABI_STAMP,
                                 .uptime_ms = uptime.count(),
                                 .workers = parts_.workers,
                                 .protocols = {}}));
}

// That it answers is the answer: the control thread is alive.
void AdminApi::get_live(const HttpRequest&, HttpReply reply) { reply.json(json::object{{"live", true}}); }

void AdminApi::get_ready(const HttpRequest&, HttpReply reply) {
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

void AdminApi::get_plugins(const HttpRequest&, HttpReply reply) {
  const auto public_routes = parts_.public_routes.describe();
  const auto admin_routes = parts_.admin_routes.describe();
  std::vector<admin::Plugin> plugins;
  for (const PluginStatus& status : parts_.plugins()) {
    plugins.push_back(admin::describe(status, public_routes, admin_routes));
  }
  reply.json(json::object{{"plugins", to_json(plugins)}});
}

void AdminApi::get_description(const HttpRequest&, HttpReply reply) {
  reply.json(openapi_document(parts_.admin_routes.describe(),
                              {.title = "Sluice, admin API", .version = parts_.version, .description = ""}));
}

void AdminApi::get_config(const HttpRequest&, HttpReply reply) { reply.json(parts_.config()); }

void AdminApi::get_log(const HttpRequest&, HttpReply reply) { reply.json(to_json(parts_.logs.levels())); }

void AdminApi::put_log(const HttpRequest& request, HttpReply reply) {
  set_levels(body_of<NewLogLevels>(request), std::move(reply));
}

void AdminApi::patch_log(const HttpRequest& request, HttpReply reply) {
  const auto change = body_of<LogLevelsChange>(request);
  LogLevels levels = parts_.logs.levels();
  levels.level = change.level.value_or(levels.level);
  if (change.levels) {
    for (const auto& [component, level] : *change.levels) {
      if (level) {
        levels.levels[component] = *level;
      } else {
        levels.levels.erase(component);
      }
    }
  }
  set_levels(levels, std::move(reply));
}

void AdminApi::set_levels(const LogLevels& levels, HttpReply reply) {
  check_bounds(levels);
  parts_.logs.set_levels(levels.level, levels.levels);
  log_.info("log levels changed", {{"level", to_json(levels.level)}, {"levels", to_json(levels.levels)}});
  reply.json(to_json(levels));
}

}  // namespace sluice
