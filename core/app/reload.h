#pragma once

#include <cstddef>
#include <string>

#include "core/config/gateway_config.h"
#include "core/log/log.h"
#include "core/plugins/plugin_manager.h"

namespace sluice {

/// Reads the configuration again (SIGHUP) and puts into force what may change while running: log levels, the process's
/// time limits, and the options that plugins say they can take. What needs a restart is named in the log; a
/// configuration with mistakes changes nothing.
class Reloader {
 public:
  /// References outlive it. `config` is what is in force.
  Reloader(std::string file, config::GatewayConfig config, LogBook& logs, PluginManager& plugins, Log& log);

  void reload();
  [[nodiscard]] const config::GatewayConfig& current() const noexcept { return config_; }

 private:
  [[nodiscard]] std::string plugin_problems(const config::GatewayConfig& next) const;
  /// @return how many options were put into force.
  std::size_t apply_gateway(const config::GatewayConfig& next);
  void report_plugin_list(const config::GatewayConfig& next);
  void apply_plugin(const std::string& name, const SchemaNode& schema, const config::GatewayConfig& next);
  void report_restart(const std::string& option);

  std::string file_;
  config::GatewayConfig config_;
  LogBook& logs_;
  PluginManager& plugins_;
  Log& log_;
};

}  // namespace sluice
