#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>

#include "core/api/control_routes.h"
#include "core/base/random.h"
#include "core/control/background_pool.h"
#include "core/control/callback_scope.h"
#include "core/control/control_loop.h"
#include "core/dispatch/dispatcher.h"
#include "core/dispatch/local_door.h"
#include "core/log/log.h"
#include "core/metrics/metric_registry.h"
#include "core/plugins/event_bus.h"
#include "core/plugins/plugin_library.h"
#include "core/plugins/service_table.h"
#include "sluice/media.h"
#include "sluice/plugin.h"
#include "sluice/store.h"
#include "sluice/tokens.h"

namespace sluice {

class PluginJobs;

/// What the gateway's parts offer to plugin hosts. References outlive every host.
struct HostParts {
  const Clock& clock;
  ControlLoop& loop;
  BackgroundPool& pool;
  Dispatcher& dispatcher;
  LocalDoor& local_door;
  ControlRoutes& public_routes;
  ControlRoutes& admin_routes;
  Media& media;
  LogBook& logs;
  MetricRegistry& metrics;
  EventBus& bus;
  ServiceTable& services;
  Tokens& tokens;
  FillRandom random;
  /// Makes the store of the plugin of that name.
  std::function<std::unique_ptr<Store>(const std::string& plugin)> make_store;
  /// Calls `done` once the store has done what it was given before; see StoreEngine::after_waiting.
  std::function<void(Function<void()> done)> after_store{};
  Duration callback_warn;
};

/// The Host of one plugin: hands every request on to the gateway's parts, in the plugin's name and scope.
class PluginHost final : public Host {
 public:
  /// @param library  The plugin's; outlives the host.
  PluginHost(HostParts& parts, const PluginLibrary& library);
  /// Removes everything that the plugin has registered. The plugin must be destroyed by then.
  ~PluginHost() override;

  Events& events() override;
  Bus& bus() override;
  Services& services() override;
  Http& http() override;
  Http& admin() override;
  Media& media() override;
  Store& store() override;
  Metrics& metrics() override;
  Log& log() override;
  Timers& timers() override;
  Background& background() override;
  Jobs& jobs() override;
  Tokens& tokens() override;
  [[nodiscard]] std::string_view plugin_name() const noexcept override;
  [[nodiscard]] std::string random_token(int bits) override;

  [[nodiscard]] CallbackScope& scope() noexcept { return *scope_; }
  /// The services that the plugin has got hold of, whatever its manifest says.
  [[nodiscard]] const std::set<std::string>& services_taken() const noexcept;
  [[nodiscard]] std::size_t running_jobs() const;
  /// Removes handlers, routes, subscriptions and services, kills jobs, and lets no callback in any more.
  void retire();

 private:
  struct Facades;

  HostParts& parts_;
  std::string name_;
  // Owners: this host and whatever waits to call back into the plugin.
  std::shared_ptr<CallbackScope> scope_;
  std::unique_ptr<Facades> facades_;
  std::unique_ptr<PluginJobs> jobs_;
  std::unique_ptr<Store> store_;  // made when first asked for
};

}  // namespace sluice
