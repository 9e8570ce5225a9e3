#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/admin/plugin_operations.h"
#include "core/app/reload.h"
#include "core/config/gateway_config.h"
#include "core/plugins/installed_plugins.h"
#include "core/plugins/plugin_manager.h"

namespace sluice {

/// The admin API's plugins: joins the plugin manager to the configuration's file, and to what the media engine knows of
/// taps.
/// @note Control thread only.
class PluginAdmin final : public PluginOperations {
 public:
  /// By the plugin's name.
  using Taps = std::function<std::map<std::string, TapUsage>()>;

  /// References outlive it.
  PluginAdmin(PluginManager& plugins, const Reloader& config, Taps taps, Log& log);

  [[nodiscard]] std::vector<PluginStatus> plugins() override;
  PluginChange reload(const std::string& name) override;
  PluginChange start(const std::string& name) override;
  PluginChange stop(const std::string& name) override;
  OptionsChange set_options(const std::string& name, OptionsBody kind, const json::value& body,
                            bool may_reload) override;
  [[nodiscard]] std::size_t retired_libraries() const override { return plugins_.retired_libraries(); }

 private:
  /// A plugin's options, and their schema. Its checks are code of the library: dropped before a reload.
  struct Options;

  [[nodiscard]] Options options_of(const std::string& name) const;
  void report(std::string_view what, const std::string& name, const PluginChange& change);

  PluginManager& plugins_;
  const Reloader& config_;
  Taps taps_;
  Log& log_;
  InstalledPlugins installed_;
};

/// The report as the admin API answers with it. Throws Error{conflict} {problems} where nothing was changed.
[[nodiscard]] json::object reload_json(const ReloadReport& report);
/// `[{file, line, column, text}]`, as the admin API shows mistakes of the configuration.
[[nodiscard]] json::array problems_json(const std::vector<config::ConfigProblem>& problems);

}  // namespace sluice
