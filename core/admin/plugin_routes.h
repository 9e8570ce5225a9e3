#pragma once

#include <functional>
#include <vector>

#include "core/admin/admin_site.h"
#include "core/plugins/plugin_status.h"

namespace sluice {

/// What plugins there are, what they offer and what they cost: GET /admin/v1/plugins.
/// @note Control thread only; outlives the routes of `site`.
class PluginRoutes {
 public:
  struct Parts {
    const ControlRoutes& public_routes;  ///< shown, plugin by plugin
    std::function<std::vector<PluginStatus>()> plugins;
  };

  PluginRoutes(AdminSite& site, Parts parts);

 private:
  void list(HttpReply reply) const;

  const ControlRoutes& admin_routes_;
  Parts parts_;
};

}  // namespace sluice
