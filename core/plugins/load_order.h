#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "sluice/plugin.h"

namespace sluice {

/// In which order plugins start, and which cannot.
struct LoadOrder {
  struct Problem {
    std::size_t plugin;  ///< index into the input
    std::string text;    ///< why it cannot start and what to do, one line
  };
  std::vector<std::size_t> order;  ///< indices; providers stand before those who require or use their services
  std::vector<Problem> problems;
};

/// A service and the plugin that would provide it, though it takes no part in the order: for the advice in a problem.
struct KnownProvider {
  std::string service;
  std::string plugin;
  bool configured = false;  ///< it is named in the configuration, but cannot start; otherwise it is only installed
};

/// Orders by services; the input's order decides among equals. A plugin with a missing service, on a cycle, or with a
/// service that another one provides already gets a problem, and so does who depends on it.
[[nodiscard]] LoadOrder load_order(const std::vector<Manifest>& plugins, const std::vector<KnownProvider>& known);

}  // namespace sluice
