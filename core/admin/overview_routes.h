#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/admin/admin_site.h"
#include "core/metrics/process_usage.h"
#include "core/plugins/plugin_status.h"
#include "sluice/media_stats.h"

namespace sluice {

/// All that a first look wants, in one answer: GET /admin/v1/overview.
/// @note Control thread only; outlives the routes of `site`.
class OverviewRoutes {
 public:
  struct Parts {
    std::string name;     ///< `gateway.name`
    std::string version;  ///< of the software
    unsigned cores;       ///< that the process may run on
    std::function<ProcessUsage()> process;
    std::function<std::size_t()> clients;
    std::function<std::vector<WorkerStats>()> workers;
    std::function<std::vector<PluginStatus>()> plugins;       ///< those that are configured
    std::function<std::vector<std::string>()> not_ready_for;  ///< reasons; empty: it is ready
  };

  OverviewRoutes(AdminSite& site, Parts parts);

 private:
  [[nodiscard]] json::object overview() const;

  const Clock& clock_;
  Parts parts_;
  Instant started_;
};

}  // namespace sluice
