#pragma once

#include <string_view>

#include "core/admin/admin_site.h"
#include "core/admin/plugin_operations.h"

namespace sluice {

/// What plugins there are, what they offer and what they cost, and their changes at run time:
/// GET /admin/v1/plugins, GET /plugins/{name}, POST /plugins/{name}/reload, start and stop, PUT and PATCH
/// /plugins/{name}/options. docs/admin-api.md describes each.
/// @note Control thread only; outlives the routes of `site`.
class PluginRoutes {
 public:
  struct Parts {
    const ControlRoutes& public_routes;  ///< shown, plugin by plugin
    PluginOperations& plugins;
  };

  PluginRoutes(AdminSite& site, Parts parts);

 private:
  void list(HttpReply reply) const;
  void show(const HttpRequest& request, HttpReply reply) const;
  void set_options(OptionsBody kind, const HttpRequest& request, HttpReply reply) const;
  void serve_change(AdminSite& site, std::string_view what, std::string_view summary,
                    PluginChange (PluginOperations::*change)(const std::string& name));

  const ControlRoutes& admin_routes_;
  Parts parts_;
};

}  // namespace sluice
