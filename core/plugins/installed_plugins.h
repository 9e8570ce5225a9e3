#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/plugins/file_stamp.h"
#include "core/plugins/plugin_status.h"

namespace sluice {

/// What lies in the plugin folders without being configured. To read a manifest its library has to be opened, which
/// runs its static initialisers (and may load the libraries that it is linked to: tens of milliseconds); so each file
/// is opened once for as long as it stays the same.
/// @note Control thread only.
class InstalledPlugins {
 public:
  /// Files beyond this are not looked at.
  static constexpr std::size_t kMostFiles = 256;

  /// @param configured  Names that are left out, and whose files `<name>.so` are not opened.
  [[nodiscard]] std::vector<PluginStatus> find(const std::vector<std::string>& folders,
                                               const std::set<std::string>& configured);

 private:
  struct Known {
    FileStamp stamp;
    PluginStatus status;
  };
  std::map<std::string, Known> known_;  // by file
};

}  // namespace sluice
