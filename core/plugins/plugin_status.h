#pragma once

#include <boost/describe/enum.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/tap_usage.h"
#include "core/control/callback_scope.h"
#include "sluice/json.h"

namespace sluice {

enum class PluginState : std::uint8_t { running, not_loaded, stopped, not_configured };
BOOST_DESCRIBE_ENUM(PluginState, running, not_loaded, stopped, not_configured)

/// What the admin API shows of one plugin.
struct PluginStatus {
  std::string name;
  std::string version;  ///< empty where the library could not be read
  std::string file;
  bool optional = false;  ///< the gateway goes on without it
  PluginState state = PluginState::not_loaded;
  std::string why_not_loaded;
  std::vector<std::string> provides;
  std::vector<std::string> requires_;
  std::vector<std::string> uses;
  std::vector<std::string> events;
  CallbackScope::Usage usage;
  std::optional<json::value> options;  ///< in force, masked; none where they are not known
  bool options_changed = false;        ///< at run time: they are not those of the file
  TapUsage taps;
  std::size_t jobs = 0;  ///< processes of its that run
};

/// What became of one plugin in a change at run time.
struct PluginOutcome {
  std::string name;
  PluginState state = PluginState::not_loaded;
  std::string problem;  ///< why it does not run
};

/// A reload, stop or start at run time.
struct PluginChange {
  std::vector<PluginOutcome> plugins;  ///< those that were stopped or started, in the order of their starts
  Duration held{};                     ///< how long the control thread did nothing else
  bool new_code = false;               ///< another library than before was loaded
};

}  // namespace sluice
