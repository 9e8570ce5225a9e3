#include "core/admin/plugin_routes.h"

#include <algorithm>
#include <string>
#include <utility>

#include "core/admin/admin_answers.h"
#include "core/admin/admin_body.h"
#include "core/admin/admin_operations.h"
#include "sluice/json_schema.h"

namespace sluice {

namespace {

const std::string& name_of(const HttpRequest& request) { return request.path_parameters.find("name")->second; }

bool may_reload(const HttpRequest& request) {
  const auto found = request.query.find("reload");
  if (found == request.query.end() || found->second == "false") return false;
  if (found->second == "true") return true;
  throw Error{ErrorCode::invalid_payload, "'reload' is 'true' or 'false'", {{"path", "reload"}}};
}

}  // namespace

PluginRoutes::PluginRoutes(AdminSite& site, Parts parts) : admin_routes_{site.routes()}, parts_{parts} {
  const json::object anything{{"type", "object"}};
  site.add("GET", "/plugins", admin::operation("Each plugin that was found: state, offers, cost", anything),
           [this](const HttpRequest&, HttpReply reply) { list(std::move(reply)); });
  site.add("GET", "/plugins/{name}", admin::operation("One plugin", schema_of<admin::Plugin>()),
           [this](const HttpRequest& request, HttpReply reply) { show(request, std::move(reply)); });
  serve_change(site, "reload", "Opens the plugin's library anew, and starts it and its dependents",
               &PluginOperations::reload);
  serve_change(site, "start", "Starts a plugin that does not run", &PluginOperations::start);
  serve_change(site, "stop", "Stops the plugin, and those that require it", &PluginOperations::stop);
  site.add("PUT", "/plugins/{name}/options", admin::operation("Replaces the plugin's options", anything, anything),
           [this](const HttpRequest& request, HttpReply reply) {
             set_options(OptionsBody::whole, request, std::move(reply));
           });
  site.add("PATCH", "/plugins/{name}/options",
           admin::operation("Changes some of the plugin's options (RFC 7396)", anything, anything),
           [this](const HttpRequest& request, HttpReply reply) {
             set_options(OptionsBody::patch, request, std::move(reply));
           });
}

void PluginRoutes::serve_change(AdminSite& site, std::string_view what, std::string_view summary,
                                PluginChange (PluginOperations::*change)(const std::string& name)) {
  site.add("POST", "/plugins/{name}/" + std::string{what}, admin::operation(summary, schema_of<admin::Change>()),
           [this, change](const HttpRequest& request, HttpReply reply) {
             reply.json(to_json(admin::describe((parts_.plugins.*change)(name_of(request)))));
           });
}

void PluginRoutes::list(HttpReply reply) const {
  const auto public_routes = parts_.public_routes.describe();
  const auto admin_routes = admin_routes_.describe();
  std::vector<admin::Plugin> plugins;
  for (const PluginStatus& status : parts_.plugins.plugins()) {
    plugins.push_back(admin::describe(status, public_routes, admin_routes));
  }
  reply.json(json::object{{"plugins", to_json(plugins)}, {"replacedLibraries", parts_.plugins.retired_libraries()}});
}

void PluginRoutes::show(const HttpRequest& request, HttpReply reply) const {
  const auto plugins = parts_.plugins.plugins();
  const auto found = std::ranges::find(plugins, name_of(request), &PluginStatus::name);
  if (found == plugins.end()) throw Error{ErrorCode::not_found, "no plugin of this name was found"};
  reply.json(to_json(admin::describe(*found, parts_.public_routes.describe(), admin_routes_.describe())));
}

void PluginRoutes::set_options(OptionsBody kind, const HttpRequest& request, HttpReply reply) const {
  const auto body = admin::body_of<json::object>(request);
  const OptionsChange done = parts_.plugins.set_options(name_of(request), kind, json::value(body), may_reload(request));
  json::object answer{{"reloaded", done.reloaded}};
  if (done.reloaded) answer["change"] = to_json(admin::describe(done.change));
  reply.json(answer);
}

}  // namespace sluice
