#pragma once

#include <memory>
#include <string_view>

#include "core/api/control_routes.h"
#include "core/base/clock.h"
#include "core/control/callback_scope.h"
#include "core/log/log.h"
#include "core/metrics/metric_registry.h"
#include "sluice/http.h"
#include "sluice/json.h"

namespace sluice {

/// Where the gateway's own admin routes hang, below `/admin/v1`: each group of them (health, log levels, plugins, ...)
/// adds its own. Their callbacks are measured as those of the plugin `admin`. Plugins add routes of their own beside
/// them, with `Host::admin`.
///
/// @note Control thread only. The routes go with it: groups that it outlives are safe to call until then.
class AdminSite {
 public:
  struct Parts {
    const Clock& clock;
    ControlRoutes& routes;  ///< with the prefix /admin/v1
    LogBook& logs;
    MetricRegistry& metrics;
    Duration callback_warn;
  };

  explicit AdminSite(Parts parts);
  ~AdminSite();
  AdminSite(const AdminSite&) = delete;
  AdminSite& operator=(const AdminSite&) = delete;

  /// @param operation  See admin_operations.h.
  void add(std::string_view method, std::string_view pattern, json::object operation, Http::Handler handler);

  void add_stream(std::string_view pattern, json::object operation, StreamHandler handler);
  /// Asks any route of the listener from inside: ControlRoutes::ask, ControlRoutes::authorize.
  void ask(std::string_view target, Identity caller, net::HttpResponder responder);
  [[nodiscard]] Result<Identity, Error> authorize(const net::HttpRequest& request) const;

  [[nodiscard]] const Clock& clock() const noexcept { return parts_.clock; }
  [[nodiscard]] LogBook& logs() const noexcept { return parts_.logs; }
  [[nodiscard]] Log& log() const noexcept { return log_; }  ///< of the component `admin`
  /// All routes of the listener, plugins' included.
  [[nodiscard]] const ControlRoutes& routes() const noexcept { return parts_.routes; }

 private:
  Parts parts_;
  Log& log_;
  // Owners: this object and the routes registered with it.
  std::shared_ptr<CallbackScope> scope_;
};

}  // namespace sluice
