#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/admin/admin_site.h"
#include "core/plugins/plugin_status.h"

namespace sluice {

/// What the basic routes show.
struct AdminParts {
  std::string name;     ///< `gateway.name`
  std::string version;  ///< of the software
  unsigned workers;
  std::function<std::vector<PluginStatus>()> plugins;
  std::function<json::value()> config;  ///< masked: it is shown as it is
  std::function<bool()> draining;
};

/// The basic routes of the admin API: info, health, configuration, and the API's own description.
/// docs/admin-api.md describes each route.
/// @note Control thread only; outlives the routes of `site`.
class AdminApi {
 public:
  AdminApi(AdminSite& site, AdminParts parts);

  /// Why clients should not come, in words; empty: they should.
  [[nodiscard]] std::vector<std::string> why_not_ready() const;

 private:
  void get_info(HttpReply reply) const;
  void get_ready(HttpReply reply) const;
  void get_description(HttpReply reply) const;

  const Clock& clock_;
  const ControlRoutes& routes_;
  AdminParts parts_;
  Instant started_;
};

}  // namespace sluice
