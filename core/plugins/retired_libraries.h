#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>

#include "core/control/background_pool.h"
#include "core/control/control_loop.h"
#include "core/plugins/plugin_library.h"

namespace sluice {

/// Libraries of plugins that have been destroyed, kept until none of their code can be on its way any more: jobs and
/// their results (pool, then control loop), units of the store and their results, what was posted to the loop. A
/// marker goes through each of these queues behind the plugin's own work; when all have come back, the library is
/// unloaded. The media workers need none: their tasks carry numbers, never a plugin's callbacks.
///
/// Other plugins are no queue. One whose service the plugin has called may hold a callback for as long as it likes, so
/// the library waits until these lenders have been destroyed as well. What cannot be unloaded at all (it was not built
/// by `sluice_add_plugin`, or a thread has variables of it) stays mapped, and is counted.
///
/// @note Control thread only. When it is destroyed all queues must have run dry.
class RetiredLibraries {
 public:
  /// More are not taken: a gateway whose plugins are replaced again and again wants a restart.
  static constexpr std::size_t kMost = 32;
  /// See StoreEngine::after_waiting.
  using AfterStore = std::function<void(Function<void()> done)>;

  RetiredLibraries(ControlLoop& loop, BackgroundPool& pool, AfterStore after_store);
  ~RetiredLibraries();
  RetiredLibraries(const RetiredLibraries&) = delete;
  RetiredLibraries& operator=(const RetiredLibraries&) = delete;

  /// @param lenders  Names of the plugins whose services it had.
  void add(PluginLibrary library, std::set<std::string> lenders);
  /// That plugin has been destroyed.
  void lender_gone(const std::string& name);

  /// Libraries that are still mapped, for whatever reason.
  [[nodiscard]] std::size_t mapped() const noexcept;
  [[nodiscard]] bool full() const noexcept { return mapped() >= kMost; }

 private:
  struct State;
  void send_markers(std::uint64_t number);

  ControlLoop& loop_;
  BackgroundPool& pool_;
  AfterStore after_store_;
  // Owners: this, and weakly each marker on its way.
  std::shared_ptr<State> state_;
};

}  // namespace sluice
