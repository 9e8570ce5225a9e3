#include "core/plugins/plugin_manager.h"

#include <algorithm>
#include <ranges>
#include <utility>

#include "core/plugins/running_plugin.h"

namespace sluice {

namespace {

std::string text_of(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& error) {
    return error.what();
  } catch (...) {
    return "it threw something that is no std::exception";
  }
}

}  // namespace

PluginManager::PluginManager(HostParts& parts, Log& log)
    : parts_{parts}, log_{log}, retired_{parts.loop, parts.pool, parts.after_store} {}
PluginManager::~PluginManager() { stop(); }

void PluginManager::start(PluginCatalog catalog) {
  catalog_ = std::move(catalog);
  for (CatalogEntry& entry : catalog_.entries) {
    if (entry.problem.empty()) start_one(entry);
    if (entry.problem.empty()) continue;
    const std::string line = plugin_problem_line(entry.request, entry.problem);
    if (entry.request.optional) log_.warning(line + " (it is optional: the gateway goes on without it)");
  }
  if (const std::string fatal = catalog_.fatal_problems(); !fatal.empty()) throw PluginError{fatal};
}

void PluginManager::start_one(CatalogEntry& entry) {
  const Manifest& manifest = entry.library->manifest();
  if (std::string missing = missing_service(manifest); !missing.empty()) {
    entry.problem = std::move(missing);
    return;
  }
  auto running = std::make_unique<Running>(parts_, *entry.library);
  const std::exception_ptr thrown = running->host.scope().run("start", [&] {
    running->plugin = entry.library->create();
    running->plugin->start(running->host, entry.config);
  });
  if (thrown) {
    entry.problem = "its start failed: " + text_of(thrown);
    running->destroy();
    return;
  }
  log_.info("plugin started", {{"plugin", manifest.name}, {"version", manifest.version}});
  running_.push_back(std::move(running));
}

// The order is right, but a provider's start may have failed.
std::string PluginManager::missing_service(const Manifest& manifest) const {
  for (const std::string& service : manifest.requires_) {
    if (parts_.services.find(service) != nullptr) continue;
    for (const CatalogEntry& other : catalog_.entries) {
      if (!other.library || std::ranges::count(other.library->manifest().provides, service) == 0) continue;
      const char* why = other.stopped           ? "was stopped"
                        : other.problem.empty() ? "declares it but does not offer it"
                                                : "did not start";
      return "requires the service '" + service + "' of plugin '" + other.request.name + "', which " + why;
    }
    return "requires the service '" + service + "', which no plugin offers";
  }
  return {};
}

CatalogEntry* PluginManager::find(std::string_view name) noexcept {
  const auto found =
      std::ranges::find(catalog_.entries, name, [](const CatalogEntry& entry) { return entry.request.name; });
  return found == catalog_.entries.end() ? nullptr : &*found;
}

PluginManager::Running* PluginManager::running(std::string_view name) const noexcept {
  const auto found = std::ranges::find(running_, name, [](const auto& running) { return running->host.plugin_name(); });
  return found == running_.end() ? nullptr : found->get();
}

bool PluginManager::reconfigure(std::string_view name, const Config& config, bool from_file) {
  Running* const plugin = running(name);
  CatalogEntry* const entry = find(name);
  if (plugin == nullptr || entry == nullptr) return false;
  plugin->host.scope().call("reconfigure", [&] { plugin->plugin->reconfigure(config); });
  entry->config = config;
  entry->changed_at_run_time = !from_file;
  return true;
}

void PluginManager::for_each_options(const VisitOptions& visit) const {
  for (const CatalogEntry& entry : catalog_.entries) {
    if (!entry.sound) continue;
    visit(entry.request.name, entry.library->manifest().options.node(), entry.config);
  }
}

void PluginManager::set_callback_warn(Duration limit) {
  parts_.callback_warn = limit;
  for (const auto& running : running_) running->host.scope().warn_after(limit);
}

void PluginManager::drain() {
  draining_ = true;
  for (const auto& running : running_) running->host.scope().call("drain", [&] { running->plugin->drain(); });
}

std::vector<std::string> PluginManager::not_drained() {
  std::vector<std::string> names;
  for (const auto& running : running_) {
    running->host.scope().call("drained", [&] {
      if (!running->plugin->drained()) names.emplace_back(running->host.plugin_name());
    });
  }
  return names;
}

void PluginManager::stop() {
  if (std::exchange(stopped_, true)) return;
  for (const auto& running : std::views::reverse(running_)) running->stop();
}

std::optional<PluginRequest> PluginManager::request_of(std::string_view name) const {
  for (const CatalogEntry& entry : catalog_.entries) {
    if (entry.request.name == name) return entry.request;
  }
  return std::nullopt;
}

std::vector<PluginStatus> PluginManager::status() const {
  std::vector<PluginStatus> all;
  for (const CatalogEntry& entry : catalog_.entries) {
    PluginStatus& status = all.emplace_back();
    status.name = entry.request.name;
    status.optional = entry.request.optional;
    status.why_not_loaded = entry.problem;
    status.file = entry.library ? entry.library->file() : entry.request.file;
    status.options_changed = entry.changed_at_run_time;
    if (entry.stopped) status.state = PluginState::stopped;
    if (!entry.library) continue;
    const Manifest& manifest = entry.library->manifest();
    status.version = manifest.version;
    status.provides = manifest.provides;
    status.requires_ = manifest.requires_;
    status.uses = manifest.uses;
    Running* const plugin = running(status.name);
    if (plugin == nullptr) continue;
    status.state = stopped_ ? PluginState::stopped : PluginState::running;
    status.events = parts_.dispatcher.events_of(plugin->host.scope());
    status.usage = plugin->host.scope().usage();
    status.jobs = plugin->host.running_jobs();
  }
  return all;
}

}  // namespace sluice
