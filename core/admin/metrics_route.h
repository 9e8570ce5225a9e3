#pragma once

#include "core/api/control_routes.h"
#include "core/metrics/metric_registry.h"
#include "core/net/http_router.h"

namespace sluice {

/// GET /metrics at the root of the admin listener, where scrapers look for it. Answered on the net thread: metrics are
/// read from any thread, and they are wanted most when control is slow. The route goes with it.
class MetricsRoute {
 public:
  /// @param authorize  Called on net threads, as `admin_authorizer` allows. References outlive the listener's threads.
  MetricsRoute(net::HttpRouter& router, AuthorizeRequest authorize, const MetricRegistry& metrics);
  ~MetricsRoute();
  MetricsRoute(const MetricsRoute&) = delete;
  MetricsRoute& operator=(const MetricsRoute&) = delete;

 private:
  net::HttpRouter& router_;
  net::RouteId route_;
};

}  // namespace sluice
