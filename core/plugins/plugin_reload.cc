// Changes of single plugins at run time: the part of PluginManager that works while all others run.
#include <algorithm>
#include <iterator>
#include <ranges>
#include <utility>

#include "core/plugins/load_order.h"
#include "core/plugins/plugin_manager.h"
#include "core/plugins/running_plugin.h"

namespace sluice {

namespace {

constexpr const char* kStoppedByOperator = "it was stopped by the operator";

Error refusal(const std::string& plugin, const std::string& problem) {
  return Error{ErrorCode::conflict,
               "plugin '" + plugin + "' was left as it is: " + problem,
               {{"plugin", plugin}, {"problem", problem}}};
}

bool any_of_them(const std::vector<std::string>& offered, const std::set<std::string>& needed) {
  return std::ranges::any_of(offered, [&](const std::string& service) { return needed.contains(service); });
}

}  // namespace

PluginChange PluginManager::reload(PluginRequest request, bool from_file) {
  const Instant begin = begin_change();
  CatalogEntry next = open_again(std::move(request));
  next.changed_at_run_time = !from_file;
  const std::vector<std::string> order = new_order(next);

  const std::string name = next.request.name;
  std::vector<std::string> services = next.library->manifest().provides;
  Names lenders;
  Names affected;
  if (const CatalogEntry* before = find(name); before != nullptr && before->library) {
    std::ranges::copy(before->library->manifest().provides, std::back_inserter(services));
    affected = dependents_of(name, services);
    lenders = lenders_of(*before, affected);
  } else {
    affected = dependents_of(name, services);
  }
  stop_all(affected);
  const bool new_code = replace(std::move(next), std::move(lenders));
  sort_entries(order);
  PluginChange change = start_all(affected, begin);
  change.new_code = new_code;
  return change;
}

PluginChange PluginManager::stop_plugin(std::string_view name) {
  const Instant begin = begin_change();
  CatalogEntry* const entry = find(name);
  if (entry == nullptr) throw Error{ErrorCode::not_found, "no plugin of this name is configured"};
  if (running(name) == nullptr) throw refusal(entry->request.name, "it does not run");
  const Names affected = dependents_of(entry->request.name, entry->library->manifest().provides);
  stop_all(affected);
  entry->stopped = true;
  entry->problem = kStoppedByOperator;
  return start_all(affected, begin);
}

Instant PluginManager::begin_change() const {
  if (draining_) throw Error{ErrorCode::draining, "the gateway is about to stop: plugins stay as they are"};
  return parts_.clock.now();
}

CatalogEntry PluginManager::open_again(PluginRequest request) {
  const CatalogEntry* const before = find(request.name);
  const PluginLibrary* const loaded = before != nullptr && before->library ? &*before->library : nullptr;
  CatalogEntry next = open_plugin(std::move(request), catalog_.folders, loaded, ++generation_);
  if (!next.problem.empty()) throw refusal(next.request.name, next.problem);
  if (loaded != nullptr && retired_.full() && !next.library->same_code(*loaded)) {
    throw Error{ErrorCode::limit_exceeded,
                "too many replaced libraries are still mapped: restart the gateway",
                {{"limit", RetiredLibraries::kMost}}};
  }
  return next;
}

// The names in the order in which they start, with `next` in the place of its predecessor. Throws where that one, or
// one that runs, could not start any more.
std::vector<std::string> PluginManager::new_order(const CatalogEntry& next) const {
  std::vector<Manifest> manifests;
  bool placed = false;
  for (const CatalogEntry& entry : catalog_.entries) {
    const bool same = entry.request.name == next.request.name;
    placed = placed || same;
    if (same) {
      manifests.push_back(next.library->manifest());
    } else if (entry.sound && !entry.stopped) {
      manifests.push_back(entry.library->manifest());
    }
  }
  if (!placed) manifests.push_back(next.library->manifest());
  const LoadOrder order = load_order(manifests, {});
  for (const LoadOrder::Problem& problem : order.problems) {
    const std::string& name = manifests[problem.plugin].name;
    if (name == next.request.name) throw refusal(name, problem.text);
    if (running(name) != nullptr) throw refusal(next.request.name, "plugin '" + name + "' " + problem.text);
  }
  std::vector<std::string> names;
  for (const std::size_t index : order.order) names.push_back(manifests[index].name);
  return names;
}

PluginManager::Names PluginManager::services_needed(const CatalogEntry& entry) const {
  const Manifest& manifest = entry.library->manifest();
  Names needed{manifest.requires_.begin(), manifest.requires_.end()};
  needed.insert(manifest.uses.begin(), manifest.uses.end());
  if (const Running* plugin = running(entry.request.name)) {
    const auto& taken = plugin->host.services_taken();
    needed.insert(taken.begin(), taken.end());
  }
  return needed;
}

// The plugin and, transitively, all that could hold one of its services, or would once it is there.
PluginManager::Names PluginManager::dependents_of(const std::string& name,
                                                  const std::vector<std::string>& services) const {
  Names names{name};
  std::vector<std::string> offered = services;
  while (!offered.empty()) {
    std::vector<std::string> further;
    for (const CatalogEntry& entry : catalog_.entries) {
      if (!entry.sound || entry.stopped || names.contains(entry.request.name)) continue;
      if (!any_of_them(offered, services_needed(entry))) continue;
      names.insert(entry.request.name);
      std::ranges::copy(entry.library->manifest().provides, std::back_inserter(further));
    }
    offered = std::move(further);
  }
  return names;
}

// Those whose services the plugin may have handed its callbacks to, and that live on.
PluginManager::Names PluginManager::lenders_of(const CatalogEntry& entry, const Names& stopping) const {
  const Names needed = services_needed(entry);
  Names lenders;
  for (const CatalogEntry& other : catalog_.entries) {
    const std::string& name = other.request.name;
    if (running(name) == nullptr || stopping.contains(name)) continue;
    if (any_of_them(other.library->manifest().provides, needed)) lenders.insert(name);
  }
  return lenders;
}

void PluginManager::stop_all(const Names& names) {
  for (auto& plugin : std::views::reverse(running_)) {
    const std::string name{plugin->host.plugin_name()};
    if (!names.contains(name)) continue;
    plugin->stop();
    plugin.reset();
    log_.info("plugin stopped", {{"plugin", name}});
    retired_.lender_gone(name);
  }
  std::erase(running_, nullptr);
}

PluginChange PluginManager::start_all(const Names& names, Instant begin) {
  PluginChange change;
  for (CatalogEntry& entry : catalog_.entries) {
    if (!names.contains(entry.request.name)) continue;
    if (!entry.stopped) {
      entry.problem.clear();
      start_one(entry);
      if (!entry.problem.empty()) log_.error(plugin_problem_line(entry.request, entry.problem));
    }
    const PluginState state = entry.stopped           ? PluginState::stopped
                              : entry.problem.empty() ? PluginState::running
                                                      : PluginState::not_loaded;
    change.plugins.push_back({entry.request.name, state, entry.problem});
  }
  // The order of the starts, in which those that were left running have kept their place.
  std::ranges::sort(running_, {}, [this](const auto& plugin) { return find(plugin->host.plugin_name()); });
  change.held = parts_.clock.now() - begin;
  return change;
}

// @return whether it is another code.
bool PluginManager::replace(CatalogEntry next, std::set<std::string> lenders) {
  CatalogEntry* const before = find(next.request.name);
  if (before == nullptr) {
    catalog_.entries.push_back(std::move(next));
    return true;
  }
  std::swap(*before, next);
  if (!next.library || before->library->same_code(*next.library)) return !next.library;
  retired_.add(std::move(*next.library), std::move(lenders));
  return true;
}

// Those that cannot start, and are not in `order`, come last.
void PluginManager::sort_entries(const std::vector<std::string>& order) {
  std::ranges::stable_sort(catalog_.entries, {}, [&](const CatalogEntry& entry) {
    return std::ranges::find(order, entry.request.name) - order.begin();
  });
}

}  // namespace sluice
