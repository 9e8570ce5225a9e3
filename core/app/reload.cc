#include "core/app/reload.h"

#include <algorithm>
#include <map>
#include <utility>

#include "core/app/option_mapping.h"
#include "core/config/config_diff.h"
#include "core/config/option_change.h"

namespace sluice {

namespace {

bool needs_restart(const config::ConfigChange& change) { return change.reload == config::Reload::needs_restart; }

}  // namespace

Reloader::Reloader(std::string file, config::GatewayConfig config, LogBook& logs, PluginManager& plugins, Log& log)
    : file_{std::move(file)}, config_{std::move(config)}, logs_{logs}, plugins_{plugins}, log_{log} {}

ReloadReport Reloader::reload() {
  ReloadReport report;
  auto next = config::load_gateway_config(file_);
  const config::ConfigProblems problems = next ? plugin_problems(*next) : next.error();
  if (!problems.empty()) {
    log_.error("the configuration was not reloaded", {{"problems", problems.to_string()}});
    report.problems = problems.kept();
    return report;
  }
  apply_gateway(*next, report);
  report_plugin_list(*next, report);
  apply_plugins(*next, report);
  config_ = std::move(next).value();
  log_report(report);
  return report;
}

// Asked before anything is put into force: a file with mistakes changes nothing.
config::ConfigProblems Reloader::plugin_problems(const config::GatewayConfig& next) const {
  config::ConfigProblems problems;
  plugins_.for_each_options([&](const std::string& name, const SchemaNode& schema, const Config&) {
    if (!next.options.plugins.contains(name)) return;
    const auto options = next.document.plugin_options(name, schema);
    if (!options) problems.append(options.error());
  });
  return problems;
}

void Reloader::apply_gateway(const config::GatewayConfig& next, ReloadReport& report) {
  const auto schema = config::GatewayOptions::schema();
  for (const config::ConfigChange& change : config::diff(schema.node(), config_.canonical, next.canonical)) {
    if (change.path.starts_with("plugins.")) continue;  // compared by apply_plugins, which knows what each option means
    (needs_restart(change) ? report.needs_restart : report.applied).push_back(change.path);
  }
  const LogOptions log = log_options(next.options.log);
  logs_.set_levels(log.level, log.levels);
  plugins_.set_callback_warn(next.options.gateway.callback_warn_ms);
}

// A plugin that comes, or comes from another file, is loaded when it is asked for; one that goes stays until then.
void Reloader::report_plugin_list(const config::GatewayConfig& next, ReloadReport& report) const {
  const auto& after = next.options.plugins;
  for (const auto& [name, entry] : after) {
    const auto before = plugins_.request_of(name);
    if (!before || before->file != entry.file) report.needs_plugin_reload.push_back("plugins." + name);
  }
  for (const auto& [name, entry] : config_.options.plugins) {
    if (!after.contains(name)) report.needs_restart.push_back("plugins." + name);
  }
}

void Reloader::apply_plugins(const config::GatewayConfig& next, ReloadReport& report) {
  std::map<std::string, Config> changed;  // applied after the visit, which holds on to what they change
  plugins_.for_each_options([&](const std::string& name, const SchemaNode& schema, const Config& in_force) {
    if (!next.options.plugins.contains(name)) return;
    const auto after = next.document.plugin_options(name, schema);
    if (!after) return;  // plugin_problems has seen to it
    const auto changes = config::diff(schema, in_force.raw(), *after, "plugins." + name);
    for (const config::ConfigChange& change : changes) {
      (needs_restart(change) ? report.needs_plugin_reload : report.applied).push_back(change.path);
    }
    if (std::ranges::all_of(changes, needs_restart)) return;
    changed.emplace(name, Config{config::take_reloadable(schema, in_force.raw(), *after)});
  });
  for (const auto& [name, options] : changed) {
    if (plugins_.reconfigure(name, options, true)) log_.info("plugin reconfigured", {{"plugin", name}});
  }
}

void Reloader::log_report(const ReloadReport& report) {
  for (const auto* options : {&report.needs_restart, &report.needs_plugin_reload}) {
    for (const std::string& option : *options) {
      log_.warning("a changed option needs a restart", {{"option", option}});
    }
  }
  log_.info("configuration reloaded", {{"file", file_}, {"options_applied", report.applied.size()}});
}

}  // namespace sluice
