#pragma once

#include <memory>
#include <string>

#include "core/control/control_loop.h"
#include "core/store/store_engine.h"
#include "sluice/store.h"

namespace sluice {

/// The Store of one plugin. What completes runs in the plugin's scope on the control thread; engine and loop must
/// outlive it.
[[nodiscard]] std::unique_ptr<Store> make_plugin_store(StoreEngine& engine, ControlLoop& loop, std::string plugin);

}  // namespace sluice
