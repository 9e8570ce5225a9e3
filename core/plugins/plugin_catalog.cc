#include "core/plugins/plugin_catalog.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <map>
#include <utility>

namespace sluice {

namespace {

namespace fs = std::filesystem;

std::string find_file(const PluginRequest& request, const std::vector<std::string>& folders) {
  if (!request.file.empty()) return request.file;
  std::error_code error;
  for (const std::string& folder : folders) {
    const fs::path candidate = fs::path{folder} / (request.name + ".so");
    if (fs::exists(candidate, error)) return candidate.string();
  }
  return {};
}

std::string not_found(const PluginRequest& request, const std::vector<std::string>& folders) {
  std::string text = "there is no " + request.name + ".so in ";
  for (const std::string& folder : folders) text += folder + (&folder == &folders.back() ? "" : ", ");
  if (folders.empty()) text += "any folder: 'plugin_dirs:' names none";
  return text + "; install it, or set its 'file:'";
}

void open(CatalogEntry& entry, const std::vector<std::string>& folders, const PluginLibrary* loaded = nullptr,
          std::uint32_t generation = 0) {
  const std::string file = find_file(entry.request, folders);
  if (file.empty()) {
    entry.problem = not_found(entry.request, folders);
    return;
  }
  Result<PluginLibrary, LibraryProblem> library =
      loaded == nullptr ? PluginLibrary::open(file) : PluginLibrary::open_beside(*loaded, file, generation);
  if (!library) {
    entry.problem = library.error().text;
    return;
  }
  entry.library.emplace(std::move(library).value());
}

void check_name(CatalogEntry& entry, std::map<std::string, std::string>& seen) {
  const std::string& name = entry.library->manifest().name;
  const auto [other, fresh] = seen.emplace(name, entry.request.name);
  if (!fresh) {
    entry.problem = entry.library->file() + " calls itself '" + name + "' like the plugin under '" + other->second +
                    "': two plugins cannot have one name, remove one of them";
  } else if (name != entry.request.name) {
    entry.problem = entry.library->file() + " holds the plugin '" + name + "': write '" + name + ":' instead of '" +
                    entry.request.name + ":'";
  }
}

void read_options(CatalogEntry& entry) {
  const Result<json::value, std::string> options = entry.request.read_options(entry.library->manifest().options.node());
  if (options) {
    entry.config = Config{*options};
    entry.sound = true;
  } else {
    entry.problem = "its options are wrong:\n" + options.error();
  }
}

// What lies in the plugin folders without being configured: only asked for when a service is missing.
std::vector<KnownProvider> installed_providers(const std::vector<std::string>& folders) {
  std::vector<KnownProvider> known;
  for (const std::string& folder : folders) {
    std::error_code error;
    for (const fs::directory_entry& file : fs::directory_iterator{folder, error}) {
      if (file.path().extension() != ".so") continue;
      const auto library = PluginLibrary::open(file.path().string());
      if (!library) continue;
      for (const std::string& service : library->manifest().provides) {
        known.push_back({.service = service, .plugin = library->manifest().name});
      }
    }
  }
  return known;
}

// Providers that are configured and cannot start, so that nobody is told to add them.
std::vector<KnownProvider> failed_providers(const std::vector<CatalogEntry>& entries) {
  std::vector<KnownProvider> known;
  for (const CatalogEntry& entry : entries) {
    if (entry.problem.empty() || !entry.library) continue;
    for (const std::string& service : entry.library->manifest().provides) {
      known.push_back({.service = service, .plugin = entry.request.name, .configured = true});
    }
  }
  return known;
}

bool lacks_provider(const std::vector<Manifest>& manifests) {
  return std::ranges::any_of(manifests, [&](const Manifest& needy) {
    return std::ranges::any_of(needy.requires_, [&](const std::string& service) {
      return std::ranges::none_of(manifests, [&](const Manifest& other) {
        return std::ranges::find(other.provides, service) != other.provides.end();
      });
    });
  });
}

}  // namespace

std::string plugin_problem_line(const PluginRequest& request, const std::string& problem) {
  return (request.position.empty() ? "" : request.position + ": ") + "plugin '" + request.name +
         "' was not loaded: " + problem;
}

std::string PluginCatalog::fatal_problems() const {
  std::string text;
  for (const CatalogEntry& entry : entries) {
    if (entry.problem.empty() || entry.request.optional) continue;
    text += (text.empty() ? "" : "\n") + plugin_problem_line(entry.request, entry.problem);
  }
  return text;
}

PluginCatalog open_plugins(std::vector<PluginRequest> requests, const std::vector<std::string>& folders) {
  std::vector<CatalogEntry> entries;
  std::map<std::string, std::string> seen;
  for (PluginRequest& request : requests) {
    CatalogEntry& entry = entries.emplace_back();
    entry.request = std::move(request);
    open(entry, folders);
    if (entry.library) check_name(entry, seen);
    if (entry.problem.empty()) read_options(entry);
  }

  // Only those that are sound so far take part in the order; a provider that is not leaves its service missing.
  std::vector<Manifest> manifests;
  std::vector<std::size_t> sound;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (!entries[i].problem.empty()) continue;
    manifests.push_back(entries[i].library->manifest());
    sound.push_back(i);
  }
  std::vector<KnownProvider> known = failed_providers(entries);
  if (lacks_provider(manifests)) std::ranges::move(installed_providers(folders), std::back_inserter(known));
  const LoadOrder order = load_order(manifests, known);
  for (const LoadOrder::Problem& problem : order.problems) entries[sound[problem.plugin]].problem = problem.text;

  // Whoever holds the configuration need not keep it for this.
  for (CatalogEntry& entry : entries) entry.request.read_options = nullptr;
  PluginCatalog catalog;
  catalog.folders = folders;
  for (const std::size_t index : order.order) catalog.entries.push_back(std::move(entries[sound[index]]));
  for (CatalogEntry& entry : entries) {
    if (!entry.problem.empty()) catalog.entries.push_back(std::move(entry));
  }
  return catalog;
}

CatalogEntry open_plugin(PluginRequest request, const std::vector<std::string>& folders, const PluginLibrary* loaded,
                         std::uint32_t generation) {
  CatalogEntry entry;
  entry.request = std::move(request);
  open(entry, folders, loaded, generation);
  std::map<std::string, std::string> seen;
  if (entry.library) check_name(entry, seen);
  if (entry.problem.empty()) read_options(entry);
  entry.request.read_options = nullptr;
  return entry;
}

}  // namespace sluice
