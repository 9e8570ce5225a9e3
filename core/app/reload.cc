#include "core/app/reload.h"

#include <algorithm>
#include <utility>

#include "core/app/option_mapping.h"
#include "core/config/config_diff.h"

namespace sluice {

namespace {

bool needs_restart(const config::ConfigChange& change) { return change.reload == config::Reload::needs_restart; }

}  // namespace

Reloader::Reloader(std::string file, config::GatewayConfig config, LogBook& logs, PluginManager& plugins, Log& log)
    : file_{std::move(file)}, config_{std::move(config)}, logs_{logs}, plugins_{plugins}, log_{log} {}

void Reloader::reload() {
  auto next = config::load_gateway_config(file_);
  const std::string problems = next ? plugin_problems(*next) : next.error().to_string();
  if (!problems.empty()) {
    log_.error("the configuration was not reloaded", {{"problems", problems}});
    return;
  }
  const std::size_t applied = apply_gateway(*next);
  report_plugin_list(*next);
  plugins_.for_each_schema([&](const std::string& name, const SchemaNode& node) { apply_plugin(name, node, *next); });
  config_ = std::move(next).value();
  log_.info("configuration reloaded", {{"file", file_}, {"options_applied", applied}});
}

// Asked before anything is put into force: a file with mistakes changes nothing.
std::string Reloader::plugin_problems(const config::GatewayConfig& next) const {
  std::string problems;
  plugins_.for_each_schema([&](const std::string& name, const SchemaNode& node) {
    if (!next.options.plugins.contains(name)) return;
    const auto options = next.document.plugin_options(name, node);
    if (!options) problems += (problems.empty() ? "" : "\n") + options.error().to_string();
  });
  return problems;
}

std::size_t Reloader::apply_gateway(const config::GatewayConfig& next) {
  const auto schema = config::GatewayOptions::schema();
  std::size_t applied = 0;
  for (const config::ConfigChange& change : config::diff(schema.node(), config_.canonical, next.canonical)) {
    if (change.path.starts_with("plugins.")) continue;  // compared by apply_plugin, which knows what each option means
    if (needs_restart(change)) {
      report_restart(change.path);
    } else {
      ++applied;
    }
  }
  const LogOptions log = log_options(next.options.log);
  logs_.set_levels(log.level, log.levels);
  plugins_.set_callback_warn(next.options.gateway.callback_warn_ms);
  return applied;
}

// Which plugins there are, and from which files, is settled at start.
void Reloader::report_plugin_list(const config::GatewayConfig& next) {
  const auto& before = config_.options.plugins;
  const auto& after = next.options.plugins;
  for (const auto& [name, entry] : before) {
    const auto found = after.find(name);
    if (found == after.end() || found->second.file != entry.file) report_restart("plugins." + name);
  }
  for (const auto& [name, entry] : after) {
    if (!before.contains(name)) report_restart("plugins." + name);
  }
}

void Reloader::apply_plugin(const std::string& name, const SchemaNode& schema, const config::GatewayConfig& next) {
  if (!next.options.plugins.contains(name)) return;
  const auto before = config_.document.plugin_options(name, schema);
  const auto after = next.document.plugin_options(name, schema);
  if (!after) return;  // plugin_problems has seen to it
  const auto changes = config::diff(schema, before ? *before : json::value(json::object{}), *after, "plugins." + name);
  for (const config::ConfigChange& change : changes) {
    if (needs_restart(change)) report_restart(change.path);
  }
  if (std::ranges::all_of(changes, needs_restart)) return;
  plugins_.reconfigure(name, Config{*after});
  log_.info("plugin reconfigured", {{"plugin", name}});
}

void Reloader::report_restart(const std::string& option) {
  log_.warning("a changed option needs a restart", {{"option", option}});
}

}  // namespace sluice
