#include "core/plugins/load_order.h"

#include <algorithm>
#include <map>
#include <optional>

namespace sluice {

namespace {

class Orderer {
 public:
  Orderer(const std::vector<Manifest>& plugins, const std::vector<KnownProvider>& known)
      : plugins_{plugins}, known_{known}, marks_(plugins.size(), Mark::untouched) {}

  LoadOrder run() {
    find_providers();
    for (std::size_t i = 0; i < plugins_.size(); ++i) visit(i);
    std::ranges::sort(result_.problems, {}, &LoadOrder::Problem::plugin);
    return std::move(result_);
  }

 private:
  enum class Mark : std::uint8_t { untouched, on_path, ordered, failed };

  void find_providers() {
    for (std::size_t i = 0; i < plugins_.size(); ++i) {
      for (const std::string& service : plugins_[i].provides) {
        const auto [entry, fresh] = providers_.emplace(service, i);
        if (fresh) continue;
        fail(i, "provides the service '" + service + "', which plugin '" + plugins_[entry->second].name +
                    "' provides already: remove one of them from the configuration");
        break;
      }
    }
  }

  // Depth first: what a plugin needs is ordered before it.
  void visit(std::size_t plugin) {
    if (marks_[plugin] != Mark::untouched) return;
    marks_[plugin] = Mark::on_path;
    path_.push_back(plugin);
    for (const std::string& service : plugins_[plugin].requires_) need(plugin, service);
    for (const std::string& service : plugins_[plugin].uses) want(service);
    path_.pop_back();
    if (marks_[plugin] == Mark::failed) return;
    marks_[plugin] = Mark::ordered;
    result_.order.push_back(plugin);
  }

  void need(std::size_t plugin, const std::string& service) {
    const auto provider = providers_.find(service);
    if (provider == providers_.end()) return fail(plugin, missing(service));
    const std::size_t target = provider->second;
    if (marks_[target] == Mark::on_path) return fail_cycle(target);
    visit(target);
    if (marks_[target] == Mark::failed && marks_[plugin] != Mark::failed) {
      fail(plugin, provider_fails(service, plugins_[target].name));
    }
  }

  // A service that is only used comes first where that is possible.
  void want(const std::string& service) {
    const auto provider = providers_.find(service);
    if (provider != providers_.end() && marks_[provider->second] == Mark::untouched) visit(provider->second);
  }

  std::string missing(const std::string& service) const {
    const auto known = std::ranges::find(known_, service, &KnownProvider::service);
    if (known != known_.end() && known->configured) return provider_fails(service, known->plugin);
    const std::string text = "requires the service '" + service + "', which no configured plugin provides: ";
    if (known == known_.end()) return text + "install a plugin that does, and name it under 'plugins:'";
    return text + "add '" + known->plugin + ":' under 'plugins:'";
  }

  static std::string provider_fails(const std::string& service, const std::string& plugin) {
    return "requires the service '" + service + "' of plugin '" + plugin + "', which cannot start";
  }

  void fail_cycle(std::size_t first) {
    const auto start = std::ranges::find(path_, first);
    std::string names;
    for (auto it = start; it != path_.end(); ++it) names += plugins_[*it].name + " -> ";
    names += plugins_[first].name;
    for (auto it = start; it != path_.end(); ++it) {
      fail(*it, "is part of a cycle of required services (" + names + "): one of them must only use the other's");
    }
  }

  void fail(std::size_t plugin, std::string text) {
    if (marks_[plugin] == Mark::failed) return;
    marks_[plugin] = Mark::failed;
    result_.problems.push_back({plugin, std::move(text)});
  }

  const std::vector<Manifest>& plugins_;
  const std::vector<KnownProvider>& known_;
  std::vector<Mark> marks_;
  std::map<std::string, std::size_t> providers_;
  std::vector<std::size_t> path_;
  LoadOrder result_;
};

}  // namespace

LoadOrder load_order(const std::vector<Manifest>& plugins, const std::vector<KnownProvider>& known) {
  return Orderer{plugins, known}.run();
}

}  // namespace sluice
