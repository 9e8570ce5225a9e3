#include "core/admin/plugin_routes.h"

#include <utility>

#include "core/admin/admin_answers.h"
#include "core/admin/admin_operations.h"

namespace sluice {

PluginRoutes::PluginRoutes(AdminSite& site, Parts parts) : admin_routes_{site.routes()}, parts_{std::move(parts)} {
  site.add("GET", "/plugins", admin::operation("Each configured plugin: state, offers, cost", {{"type", "object"}}),
           [this](const HttpRequest&, HttpReply reply) { list(std::move(reply)); });
}

void PluginRoutes::list(HttpReply reply) const {
  const auto public_routes = parts_.public_routes.describe();
  const auto admin_routes = admin_routes_.describe();
  std::vector<admin::Plugin> plugins;
  for (const PluginStatus& status : parts_.plugins()) {
    plugins.push_back(admin::describe(status, public_routes, admin_routes));
  }
  reply.json(json::object{{"plugins", to_json(plugins)}});
}

}  // namespace sluice
