#pragma once

#include <string>
#include <vector>

#include "core/config/gateway_config.h"
#include "core/log/log.h"
#include "core/plugins/plugin_manager.h"

namespace sluice {

/// What became of one reading of the configuration; options by their paths: `log.level`.
struct ReloadReport {
  std::vector<config::ConfigProblem> problems;   ///< not empty: nothing has changed
  std::vector<std::string> applied;              ///< in force now
  std::vector<std::string> needs_restart;        ///< of the gateway
  std::vector<std::string> needs_plugin_reload;  ///< each waits for a reload of its plugin (or a restart)
};

/// Reads the configuration again (SIGHUP, the admin API) and puts into force what may change while running: log levels,
/// the process's time limits, and the options that plugins say they can take. What needs a restart is named in the log;
/// a configuration with mistakes changes nothing.
class Reloader {
 public:
  /// References outlive it. `config` is what is in force.
  Reloader(std::string file, config::GatewayConfig config, LogBook& logs, PluginManager& plugins, Log& log);

  ReloadReport reload();
  [[nodiscard]] const config::GatewayConfig& current() const noexcept { return config_; }
  [[nodiscard]] const std::string& file() const noexcept { return file_; }

 private:
  [[nodiscard]] config::ConfigProblems plugin_problems(const config::GatewayConfig& next) const;
  void apply_gateway(const config::GatewayConfig& next, ReloadReport& report);
  void report_plugin_list(const config::GatewayConfig& next, ReloadReport& report) const;
  void apply_plugins(const config::GatewayConfig& next, ReloadReport& report);
  void log_report(const ReloadReport& report);

  std::string file_;
  config::GatewayConfig config_;
  LogBook& logs_;
  PluginManager& plugins_;
  Log& log_;
};

}  // namespace sluice
