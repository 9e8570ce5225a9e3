#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/plugins/load_order.h"
#include "core/plugins/plugin_library.h"
#include "sluice/config.h"
#include "sluice/result.h"

namespace sluice {

/// A plugin that the configuration names.
struct PluginRequest {
  /// Checks the plugin's section against the schema of its manifest: canonical options, or what is wrong with them.
  using ReadOptions = std::function<Result<json::value, std::string>(const SchemaNode&)>;

  std::string name;
  std::string file;  ///< empty: `<name>.so` in the plugin folders
  bool optional = false;
  std::string position;  ///< `sluice.yaml:12:3`
  ReadOptions read_options;
};

/// One configured plugin, before it is started: its library and options, or why there are none.
struct CatalogEntry {
  PluginRequest request;
  std::optional<PluginLibrary> library;
  Config config;
  std::string problem;   ///< empty: it can start
  bool sound = false;    ///< library and options are there: what keeps it from starting, if anything, is others
  bool stopped = false;  ///< by the operator
  bool changed_at_run_time = false;  ///< its options are not those of the file
};

/// The configured plugins in the order in which they start; those that cannot start stand at the end.
struct PluginCatalog {
  std::vector<CatalogEntry> entries;
  std::vector<std::string> folders;  ///< where plugins were looked for

  /// What is wrong with the plugins that are not optional, one line each; empty if nothing is.
  [[nodiscard]] std::string fatal_problems() const;
};

/// Finds, opens, checks and orders the configured plugins, without starting any. Blocks on files.
[[nodiscard]] PluginCatalog open_plugins(std::vector<PluginRequest> requests, const std::vector<std::string>& folders);

/// Finds, opens and checks one plugin while others run: `loaded` is its library as it is now, or null. Blocks on files.
/// @param generation  Another number for each call; see PluginLibrary::open_beside.
[[nodiscard]] CatalogEntry open_plugin(PluginRequest request, const std::vector<std::string>& folders,
                                       const PluginLibrary* loaded, std::uint32_t generation);

/// `sluice.yaml:12:3: plugin 'chat' was not loaded: ...`
[[nodiscard]] std::string plugin_problem_line(const PluginRequest& request, const std::string& problem);

}  // namespace sluice
