#pragma once

#include <memory>

#include "core/config/gateway_config.h"

namespace sluice {

/// The whole gateway: makes its parts, joins them, runs them on the calling thread, takes them down in order.
class Gateway {
 public:
  /// Opens the ports and starts the plugins. Throws net::ListenError or MediaPortError where a port is taken,
  /// PluginError where a plugin that must be there cannot start, std::runtime_error for files and addresses that cannot
  /// be used.
  /// @param file  Where `config` came from: read again on SIGHUP.
  Gateway(std::string file, config::GatewayConfig config);
  ~Gateway();
  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;

  /// Serves until SIGTERM or SIGINT, then drains, and stops when nobody is left or the time is over. A second signal
  /// stops at once.
  void run();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// Checks what the text of a configuration does not show: its keys, certificates and servers, and its plugins, which
/// are opened but not started. @return what is wrong, or nothing.
[[nodiscard]] std::string check_parts(const config::GatewayConfig& config);

}  // namespace sluice
