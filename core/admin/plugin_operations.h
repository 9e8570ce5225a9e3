#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/plugins/plugin_status.h"
#include "sluice/json.h"

namespace sluice {

/// How the body of a change of options is to be read.
enum class OptionsBody : std::uint8_t {
  whole,  ///< what it does not name has its default
  patch   ///< a JSON merge patch of what is in force (RFC 7396)
};

/// What became of a change of options.
struct OptionsChange {
  bool reloaded = false;  ///< by starting the plugin anew; otherwise it was told while it ran
  PluginChange change{};  ///< of the reload
};

/// What the admin API does to plugins. Everything throws Error where it cannot be done: `not_found`, `conflict`,
/// `invalid_payload`, `limit_exceeded`, `draining`.
/// @note Control thread only.
class PluginOperations {
 public:
  virtual ~PluginOperations() = default;

  /// Those that are configured, in the order of their starts, then what else is installed. The first call opens the
  /// libraries that are installed and not configured, and so each call after one of them has changed.
  [[nodiscard]] virtual std::vector<PluginStatus> plugins() = 0;
  /// Reads the plugin's section of the configuration again, opens its library anew, and starts it and its dependents.
  virtual PluginChange reload(const std::string& name) = 0;
  /// The same for one that does not run.
  virtual PluginChange start(const std::string& name) = 0;
  virtual PluginChange stop(const std::string& name) = 0;
  /// @param may_reload  Options that are not reloadable start the plugin anew; otherwise they are a conflict.
  virtual OptionsChange set_options(const std::string& name, OptionsBody kind, const json::value& body,
                                    bool may_reload) = 0;
  /// Libraries that were replaced and are still mapped.
  [[nodiscard]] virtual std::size_t retired_libraries() const = 0;
};

}  // namespace sluice
