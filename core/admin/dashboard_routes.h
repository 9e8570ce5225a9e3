#pragma once

#include <span>
#include <vector>

#include "core/admin/dashboard_files.h"
#include "core/net/http_router.h"

namespace sluice {

/// The dashboard at /admin/ of the admin listener; the listener's root leads there.
///
/// Everybody who reaches the listener gets it: the files are the same for all and tell nothing of the gateway. What the
/// page shows it asks of the admin API, with the token that its user gives it. Answered on the net threads, so that the
/// page comes up, and says what is wrong, while the control thread is stuck. The routes go with it.
class DashboardRoutes {
 public:
  explicit DashboardRoutes(net::HttpRouter& router, std::span<const DashboardFile> files = dashboard_files());
  ~DashboardRoutes();
  DashboardRoutes(const DashboardRoutes&) = delete;
  DashboardRoutes& operator=(const DashboardRoutes&) = delete;

 private:
  net::HttpRouter& router_;
  std::vector<net::RouteId> ids_;
};

}  // namespace sluice
