#include "core/plugins/installed_plugins.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "core/plugins/plugin_library.h"

namespace sluice {

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> libraries_in(const std::string& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  fs::directory_iterator entry{folder, error};
  for (; !error && entry != fs::directory_iterator{}; entry.increment(error)) {
    if (entry->path().extension() == ".so") files.push_back(entry->path());
  }
  std::ranges::sort(files);
  return files;
}

PluginStatus read(const std::string& file) {
  PluginStatus status;
  status.name = fs::path{file}.stem().string();
  status.file = file;
  status.state = PluginState::not_configured;
  const auto library = PluginLibrary::open(file);
  if (!library) {
    status.why_not_loaded = library.error().text;
    return status;
  }
  const Manifest& manifest = library->manifest();
  status.name = manifest.name;
  status.version = manifest.version;
  status.provides = manifest.provides;
  status.requires_ = manifest.requires_;
  status.uses = manifest.uses;
  return status;
}

}  // namespace

std::vector<PluginStatus> InstalledPlugins::find(const std::vector<std::string>& folders,
                                                 const std::set<std::string>& configured) {
  std::map<std::string, Known> found;
  std::set<std::string> names = configured;  // of several files with one name the first is the one that would be taken
  std::vector<PluginStatus> out;
  for (const std::string& folder : folders) {
    for (const fs::path& path : libraries_in(folder)) {
      const std::string file = path.string();
      const auto stamp = stamp_of(file);
      if (!stamp || configured.contains(path.stem().string()) || found.size() >= kMostFiles) continue;
      auto known = known_.extract(file);
      const bool same = !known.empty() && known.mapped().stamp == *stamp;
      const auto at = found.emplace(file, same ? std::move(known.mapped()) : Known{*stamp, read(file)}).first;
      if (names.insert(at->second.status.name).second) out.push_back(at->second.status);
    }
  }
  known_ = std::move(found);
  return out;
}

}  // namespace sluice
