#include "core/plugins/plugin_manager.h"

#include <algorithm>
#include <ranges>
#include <utility>

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

struct PluginManager::Running {
  Running(HostParts& parts, const PluginLibrary& library) : host{parts, library} {}

  // Destroys the plugin in its own scope: its destructor may still use the host.
  void destroy() {
    host.scope().call("destructor", [this] { plugin.reset(); });
    plugin.reset();
    host.retire();
  }

  PluginHost host;
  std::unique_ptr<Plugin> plugin;
};

PluginManager::PluginManager(HostParts& parts, Log& log) : parts_{parts}, log_{log} {}
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
      return "requires the service '" + service + "' of plugin '" + other.request.name + "', which " +
             (other.problem.empty() ? "declares it but does not offer it" : "did not start");
    }
    return "requires the service '" + service + "', which no plugin offers";
  }
  return {};
}

bool PluginManager::reconfigure(std::string_view name, const Config& config) {
  for (const auto& running : running_) {
    if (running->host.plugin_name() != name) continue;
    running->host.scope().call("reconfigure", [&] { running->plugin->reconfigure(config); });
    return true;
  }
  return false;
}

void PluginManager::for_each_schema(
    const std::function<void(const std::string& name, const SchemaNode& schema)>& visit) const {
  for (const CatalogEntry& entry : catalog_.entries) {
    if (!entry.problem.empty() || !entry.library) continue;
    visit(entry.request.name, entry.library->manifest().options.node());
  }
}

void PluginManager::set_callback_warn(Duration limit) {
  parts_.callback_warn = limit;
  for (const auto& running : running_) running->host.scope().warn_after(limit);
}

void PluginManager::drain() {
  for (const auto& running : running_) running->host.scope().call("drain", [&] { running->plugin->drain(); });
}

bool PluginManager::drained() {
  bool all = true;
  for (const auto& running : running_) {
    running->host.scope().call("drained", [&] { all = running->plugin->drained() && all; });
  }
  return all;
}

void PluginManager::stop() {
  if (std::exchange(stopped_, true)) return;
  for (const auto& running : std::views::reverse(running_)) {
    running->host.scope().call("stop", [&] { running->plugin->stop(); });
    running->destroy();
  }
}

std::vector<PluginStatus> PluginManager::status() const {
  std::vector<PluginStatus> all;
  for (const CatalogEntry& entry : catalog_.entries) {
    PluginStatus& status = all.emplace_back();
    status.name = entry.request.name;
    status.optional = entry.request.optional;
    status.why_not_loaded = entry.problem;
    status.file = entry.library ? entry.library->file() : entry.request.file;
    if (!entry.library) continue;
    const Manifest& manifest = entry.library->manifest();
    status.version = manifest.version;
    status.provides = manifest.provides;
    status.requires_ = manifest.requires_;
    status.uses = manifest.uses;
    for (const auto& running : running_) {
      if (running->host.plugin_name() != status.name) continue;
      status.state = stopped_ ? PluginState::stopped : PluginState::running;
      status.events = parts_.dispatcher.events_of(running->host.scope());
      status.usage = running->host.scope().usage();
    }
  }
  return all;
}

}  // namespace sluice
