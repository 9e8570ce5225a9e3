#include "core/admin/admin_answers.h"

#include <chrono>
#include <string_view>

namespace sluice::admin {

namespace {

double milliseconds(Duration duration) { return std::chrono::duration<double, std::milli>{duration}.count(); }

void add_routes(std::vector<Route>& routes, std::string_view listener, const std::string& plugin,
                const std::vector<ControlRoutes::Description>& described) {
  for (const auto& route : described) {
    if (route.plugin == plugin) routes.push_back({std::string{listener}, route.method, route.pattern});
  }
}

}  // namespace

Callbacks describe(const CallbackScope::Usage& usage) {
  Callbacks callbacks{.calls = usage.calls,
                      .slow = usage.slow_calls,
                      .exceptions = usage.exceptions,
                      .mean_ms = 0,
                      .p50_ms = milliseconds(usage.p50),
                      .p99_ms = milliseconds(usage.p99),
                      .worst_ms = milliseconds(usage.worst)};
  if (usage.calls > 0) callbacks.mean_ms = milliseconds(usage.total) / static_cast<double>(usage.calls);
  return callbacks;
}

Plugin describe(const PluginStatus& status, const std::vector<ControlRoutes::Description>& public_routes,
                const std::vector<ControlRoutes::Description>& admin_routes) {
  Plugin plugin;
  plugin.name = status.name;
  plugin.state = status.state;
  plugin.version = status.version;
  plugin.file = status.file;
  plugin.optional = status.optional;
  if (!status.why_not_loaded.empty()) plugin.why_not_loaded = status.why_not_loaded;
  plugin.provides = status.provides;
  plugin.requires_ = status.requires_;
  plugin.uses = status.uses;
  plugin.events = status.events;
  add_routes(plugin.routes, "public", status.name, public_routes);
  add_routes(plugin.routes, "admin", status.name, admin_routes);
  plugin.callbacks = describe(status.usage);
  plugin.taps = {.count = status.taps.count,
                 .queued_bytes = status.taps.queued_bytes,
                 .queue_bytes = status.taps.queue_bytes,
                 .dropped = status.taps.dropped_packets};
  plugin.jobs = status.jobs;
  plugin.options = status.options;
  plugin.options_changed = status.options_changed;
  return plugin;
}

Change describe(const PluginChange& change) {
  Change out{.plugins = {}, .held_ms = milliseconds(change.held), .new_code = change.new_code};
  for (const PluginOutcome& plugin : change.plugins) {
    ChangedPlugin& changed = out.plugins.emplace_back();
    changed.name = plugin.name;
    changed.state = plugin.state;
    if (!plugin.problem.empty()) changed.why_not_loaded = plugin.problem;
  }
  return out;
}

}  // namespace sluice::admin
