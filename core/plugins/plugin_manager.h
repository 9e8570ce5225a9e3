#pragma once

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "core/plugins/plugin_catalog.h"
#include "core/plugins/plugin_host.h"
#include "core/plugins/plugin_status.h"

namespace sluice {

/// A plugin that must be there did not start; the text has one line per plugin.
class PluginError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Starts the plugins, keeps them, stops them in reverse order. Their libraries are unloaded when it is destroyed,
/// which must be after the control loop has run dry and the background pool has stopped: both may hold the plugins'
/// code.
/// @note Control thread only.
class PluginManager {
 public:
  PluginManager(HostParts& parts, Log& log);
  /// Stops.
  ~PluginManager();
  PluginManager(const PluginManager&) = delete;
  PluginManager& operator=(const PluginManager&) = delete;

  /// Starts every plugin that can start. Throws PluginError if one that is not optional cannot; what had been started
  /// is stopped again by the destructor.
  void start(PluginCatalog catalog);
  /// Hands changed options to a running plugin. False if none of that name runs.
  bool reconfigure(std::string_view name, const Config& config);
  /// Visits every running plugin with the schema of its options.
  void for_each_schema(const std::function<void(const std::string& name, const SchemaNode& schema)>& visit) const;
  /// How long a callback may hold the control thread before the log names its plugin; zero: for ever.
  void set_callback_warn(Duration limit);
  void drain();
  [[nodiscard]] bool drained();
  void stop();

  [[nodiscard]] std::vector<PluginStatus> status() const;

 private:
  struct Running;

  void start_one(CatalogEntry& entry);
  [[nodiscard]] std::string missing_service(const Manifest& manifest) const;

  HostParts& parts_;
  Log& log_;
  PluginCatalog catalog_;                          // the libraries: destroyed last
  std::vector<std::unique_ptr<Running>> running_;  // in the order of the starts
  bool stopped_ = false;
};

}  // namespace sluice
