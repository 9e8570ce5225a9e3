#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "core/plugins/plugin_catalog.h"
#include "core/plugins/plugin_host.h"
#include "core/plugins/plugin_status.h"
#include "core/plugins/retired_libraries.h"

namespace sluice {

/// A plugin that must be there did not start; the text has one line per plugin.
class PluginError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Starts the plugins, keeps them, changes them at run time, stops them in reverse order. Their libraries are unloaded
/// when it is destroyed, which must be after the control loop has run dry and the background pool has stopped: both may
/// hold the plugins' code.
///
/// A change at run time (reload, stop_plugin; plugin_reload.cc) stops the plugin and all those that hold a service of
/// its or of theirs, last started first, and starts them again in order. It runs at once, on the control thread, never
/// inside a plugin's callback, and not while the gateway drains: Error{draining}.
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
  /// @param from_file  They are those of the configuration's file.
  bool reconfigure(std::string_view name, const Config& config, bool from_file);
  /// Visits every plugin whose library and options are there with the schema of its options and those in force.
  using VisitOptions = std::function<void(const std::string& name, const SchemaNode& schema, const Config& in_force)>;
  void for_each_options(const VisitOptions& visit) const;
  /// How long a callback may hold the control thread before the log names its plugin; zero: for ever.
  void set_callback_warn(Duration limit);
  void drain();
  /// The plugins that would lose something by stopping now.
  [[nodiscard]] std::vector<std::string> not_drained();
  void stop();

  /// Opens the library anew, as new code where its file was replaced, and starts the plugin with it: one that runs, one
  /// that does not, or one that was not there before. What can be known beforehand is: where the new one cannot be
  /// opened, or the services would not be complete any more, nothing is stopped. Throws Error: `conflict` {problem},
  /// `limit_exceeded` (RetiredLibraries::kMost). Where its start fails, it and those that require it are `not_loaded`.
  /// @param from_file  The request's options are those of the configuration's file.
  PluginChange reload(PluginRequest request, bool from_file);
  /// Throws Error: `not_found`, `conflict` (it does not run).
  PluginChange stop_plugin(std::string_view name);

  /// What `reload` needs to open the plugin again, but for its options. Nothing if there is none of that name.
  [[nodiscard]] std::optional<PluginRequest> request_of(std::string_view name) const;
  [[nodiscard]] std::vector<PluginStatus> status() const;
  [[nodiscard]] const std::vector<std::string>& folders() const noexcept { return catalog_.folders; }
  /// Libraries that were replaced and are still mapped.
  [[nodiscard]] std::size_t retired_libraries() const noexcept { return retired_.mapped(); }

 private:
  struct Running;
  using Names = std::set<std::string>;

  void start_one(CatalogEntry& entry);
  [[nodiscard]] std::string missing_service(const Manifest& manifest) const;
  [[nodiscard]] CatalogEntry* find(std::string_view name) noexcept;
  [[nodiscard]] Running* running(std::string_view name) const noexcept;

  // plugin_reload.cc
  [[nodiscard]] Instant begin_change() const;
  [[nodiscard]] CatalogEntry open_again(PluginRequest request);
  [[nodiscard]] std::vector<std::string> new_order(const CatalogEntry& next) const;
  [[nodiscard]] Names services_needed(const CatalogEntry& entry) const;
  [[nodiscard]] Names dependents_of(const std::string& name, const std::vector<std::string>& services) const;
  [[nodiscard]] Names lenders_of(const CatalogEntry& entry, const Names& stopping) const;
  void stop_all(const Names& names);
  PluginChange start_all(const Names& names, Instant begin);
  bool replace(CatalogEntry next, std::set<std::string> lenders);
  void sort_entries(const std::vector<std::string>& order);

  HostParts& parts_;
  Log& log_;
  PluginCatalog catalog_;  // the libraries: destroyed last
  RetiredLibraries retired_;
  std::vector<std::unique_ptr<Running>> running_;  // in the order of the starts
  std::uint32_t generation_ = 0;                   // of opened libraries
  bool draining_ = false;
  bool stopped_ = false;
};

}  // namespace sluice
