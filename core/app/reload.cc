#include "core/app/reload.h"

#include <algorithm>
#include <utility>

#include "core/app/option_mapping.h"
#include "core/config/config_diff.h"

namespace sluice {

Reloader::Reloader(std::string file, config::GatewayConfig config, LogBook& logs, PluginManager& plugins, Log& log)
    : file_{std::move(file)}, config_{std::move(config)}, logs_{logs}, plugins_{plugins}, log_{log} {}

void Reloader::reload() {
  auto next = config::load_gateway_config(file_);
  if (!next) {
    log_.error("the configuration was not reloaded", {{"problems", next.error().to_string()}});
    return;
  }
  const SchemaNode& schema = config::GatewayOptions::schema().node();
  std::size_t applied = 0;
  for (const config::ConfigChange& change : config::diff(schema, config_.canonical, next->canonical)) {
    if (change.path.starts_with("plugins.")) continue;  // compared with each plugin's own schema below
    if (change.reload == config::Reload::needs_restart) {
      log_.warning("a changed option needs a restart", {{"option", change.path}});
    } else {
      ++applied;
    }
  }
  const LogOptions log = log_options(next->options.log);
  logs_.set_levels(log.level, log.levels);
  plugins_.for_each_schema([&](const std::string& name, const SchemaNode& node) { reload_plugin(name, node, *next); });
  config_ = std::move(next).value();
  log_.info("configuration reloaded", {{"file", file_}, {"options_applied", applied}});
}

void Reloader::reload_plugin(const std::string& name, const SchemaNode& schema, const config::GatewayConfig& next) {
  const auto before = config_.document.plugin_options(name, schema);
  const auto after = next.document.plugin_options(name, schema);
  if (!after) {
    log_.error("a plugin's options were not reloaded", {{"plugin", name}, {"problems", after.error().to_string()}});
    return;
  }
  const auto changes = config::diff(schema, before ? *before : json::value(json::object{}), *after, "plugins." + name);
  if (changes.empty()) return;
  const auto needs_restart = [](const config::ConfigChange& change) {
    return change.reload == config::Reload::needs_restart;
  };
  for (const config::ConfigChange& change : changes) {
    if (needs_restart(change)) log_.warning("a changed option needs a restart", {{"option", change.path}});
  }
  if (std::ranges::all_of(changes, needs_restart)) return;
  plugins_.reconfigure(name, Config{*after});
  log_.info("plugin reconfigured", {{"plugin", name}});
}

}  // namespace sluice
