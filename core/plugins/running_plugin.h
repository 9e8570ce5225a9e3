#pragma once

#include <memory>

#include "core/plugins/plugin_host.h"
#include "core/plugins/plugin_manager.h"

namespace sluice {

/// A plugin that was created, and what it has of the gateway.
struct PluginManager::Running {
  Running(HostParts& parts, const PluginLibrary& library) : host{parts, library} {}

  // Destroys the plugin in its own scope: its destructor may still use the host.
  void destroy() {
    host.scope().call("destructor", [this] { plugin.reset(); });
    plugin.reset();
    host.retire();
  }
  void stop() {
    host.scope().call("stop", [this] { plugin->stop(); });
    destroy();
  }

  PluginHost host;
  std::unique_ptr<Plugin> plugin;
};

}  // namespace sluice
