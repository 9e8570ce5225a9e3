#pragma once

#include <memory>
#include <vector>

#include "core/api/control_routes.h"
#include "core/api/openapi.h"
#include "core/net/http_router.h"

namespace sluice {

/// Shows what the public routes say of themselves: `/api/openapi.json` for machines, `/api/docs` for people. Both need
/// no token: they tell nothing of what the gateway holds.
///
/// @note Control thread only. The routes go with it; those that it describes outlive it.
class ApiDescription {
 public:
  ApiDescription(net::HttpRouter& router, ControlLoop& loop, const ControlRoutes& described, ApiInfo info);
  ~ApiDescription();
  ApiDescription(const ApiDescription&) = delete;
  ApiDescription& operator=(const ApiDescription&) = delete;

 private:
  struct Source;

  net::HttpRouter& router_;
  // Owners: this, and weakly the requests on their way from a net thread.
  std::shared_ptr<Source> source_;
  std::vector<net::RouteId> ids_;
};

}  // namespace sluice
