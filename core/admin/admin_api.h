#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/api/control_routes.h"
#include "core/base/clock.h"
#include "core/control/callback_scope.h"
#include "core/log/log.h"
#include "core/metrics/metric_registry.h"
#include "core/net/http_router.h"
#include "core/plugins/plugin_status.h"

namespace sluice {

/// What the admin API shows and changes. References outlive the API and, for `metrics`, the listener's threads.
struct AdminParts {
  const Clock& clock;
  ControlRoutes& admin_routes;         ///< with the prefix /admin/v1
  const ControlRoutes& public_routes;  ///< shown, plugin by plugin
  net::HttpRouter& admin_router;       ///< of the same listener as `admin_routes`; /metrics stands at its root
  AuthorizeRequest authorize;          ///< for /metrics: called on net threads, as `admin_authorizer` allows
  LogBook& logs;
  MetricRegistry& metrics;

  std::string name;     ///< `gateway.name`
  std::string version;  ///< of the software
  unsigned workers;
  Duration callback_warn;
  std::function<std::vector<PluginStatus>()> plugins;
  std::function<json::value()> config;  ///< masked: it is shown as it is
  std::function<bool()> draining;
};

/// The gateway's own part of the admin API: info, health, plugins, configuration, metrics, log levels. Plugins add
/// routes of their own beside it, with `Host::admin`. docs/admin-api.md describes each route.
///
/// @note Control thread only. The routes go with it.
class AdminApi {
 public:
  /// More named components than this are refused by PUT and PATCH /log.
  static constexpr std::size_t kMaxNamedLevels = 100;
  static constexpr std::size_t kMaxComponentName = 64;

  explicit AdminApi(AdminParts parts);
  ~AdminApi();
  AdminApi(const AdminApi&) = delete;
  AdminApi& operator=(const AdminApi&) = delete;

 private:
  using Method = void (AdminApi::*)(const HttpRequest&, HttpReply);

  void add(std::string_view method, std::string_view pattern, json::object operation, Method handler);
  void add_log_routes();
  [[nodiscard]] net::RouteId add_metrics();

  void get_info(const HttpRequest& request, HttpReply reply);
  void get_live(const HttpRequest& request, HttpReply reply);
  void get_ready(const HttpRequest& request, HttpReply reply);
  void get_plugins(const HttpRequest& request, HttpReply reply);
  void get_description(const HttpRequest& request, HttpReply reply);
  void get_config(const HttpRequest& request, HttpReply reply);
  void get_log(const HttpRequest& request, HttpReply reply);
  void put_log(const HttpRequest& request, HttpReply reply);
  void patch_log(const HttpRequest& request, HttpReply reply);
  void set_levels(const LogLevels& levels, HttpReply reply);
  [[nodiscard]] std::vector<std::string> why_not_ready() const;

  AdminParts parts_;
  Log& log_;
  Instant started_;
  // Owners: this object and the routes registered with it.
  std::shared_ptr<CallbackScope> scope_;
  net::RouteId metrics_route_;
};

}  // namespace sluice
