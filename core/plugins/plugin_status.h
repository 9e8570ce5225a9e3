#pragma once

#include <boost/describe/enum.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "core/control/callback_scope.h"

namespace sluice {

enum class PluginState : std::uint8_t { running, not_loaded, stopped };
BOOST_DESCRIBE_ENUM(PluginState, running, not_loaded, stopped)

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
};

}  // namespace sluice
