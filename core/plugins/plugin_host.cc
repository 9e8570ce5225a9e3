#include "core/plugins/plugin_host.h"

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <vector>

#include "core/jobs/plugin_jobs.h"
#include "sluice/background.h"
#include "sluice/services.h"
#include "sluice/timers.h"

namespace sluice {

namespace {

using ScopePtr = std::shared_ptr<CallbackScope>;

class HostEvents final : public Events {
 public:
  HostEvents(Dispatcher& dispatcher, LocalDoor& local_door, ScopePtr scope)
      : dispatcher_{dispatcher}, local_door_{local_door}, scope_{std::move(scope)} {}
  void on_raw(std::string_view name, RawHandler handler) override { dispatcher_.add(scope_, name, std::move(handler)); }
  void on_disconnect(DisconnectHandler handler) override { dispatcher_.add_disconnect(scope_, std::move(handler)); }
  [[nodiscard]] std::unique_ptr<LocalClient> connect(LocalClientOptions options) override {
    return local_door_.connect(scope_, std::move(options));
  }
  void broadcast(std::span<Client* const> clients, std::string_view event, json::value data) override {
    dispatcher_.broadcast(clients, event, std::move(data));
  }
  [[nodiscard]] std::vector<Client*> find_clients(Function<bool(const Identity&)> which) override {
    return dispatcher_.find_clients(std::move(which));
  }

 private:
  Dispatcher& dispatcher_;
  LocalDoor& local_door_;
  ScopePtr scope_;
};

class HostBus final : public Bus {
 public:
  HostBus(EventBus& bus, ScopePtr scope) : bus_{bus}, scope_{std::move(scope)} {}
  void subscribe(std::string_view topic, RawHandler handler) override {
    bus_.subscribe(scope_, topic, std::move(handler));
  }
  void publish_raw(std::string_view topic, const void* event) override { bus_.publish(topic, event); }

 private:
  EventBus& bus_;
  ScopePtr scope_;
};

class HostServices final : public Services {
 public:
  HostServices(ServiceTable& table, ScopePtr scope, const Manifest& manifest)
      : table_{table}, scope_{std::move(scope)}, provides_{manifest.provides}, requires_{manifest.requires_} {}

  void provide_raw(std::string_view service, void* implementation) override {
    demand(provides_, service, "provides<...>()");
    table_.provide(*scope_, service, implementation);
  }
  void* require_raw(std::string_view service) override {
    demand(requires_, service, "requires_service<...>()");
    void* found = take(service);
    if (found == nullptr) {
      throw std::logic_error{"the service '" + std::string{service} +
                             "' was declared by a plugin that does not offer it"};
    }
    return found;
  }
  void* find_raw(std::string_view service) noexcept override { return take(service); }
  [[nodiscard]] const std::set<std::string>& taken() const noexcept { return taken_; }

 private:
  void* take(std::string_view service) {
    void* const found = table_.find(service);
    if (found != nullptr) taken_.emplace(service);
    return found;
  }

  static void demand(const std::vector<std::string>& declared, std::string_view service, std::string_view part) {
    if (std::ranges::find(declared, service) != declared.end()) return;
    throw std::logic_error{"the service '" + std::string{service} + "' is not in the manifest: add " +
                           std::string{part} + " to SLUICE_PLUGIN"};
  }

  ServiceTable& table_;
  ScopePtr scope_;
  std::vector<std::string> provides_;
  std::vector<std::string> requires_;
  std::set<std::string> taken_;
};

class HostHttp final : public Http {
 public:
  HostHttp(ControlRoutes& routes, ScopePtr scope) : routes_{routes}, scope_{std::move(scope)} {}
  void serve(std::string_view method, std::string_view pattern, RouteOptions options, Handler handler) override {
    routes_.add(scope_, method, pattern, std::move(handler), std::move(options));
  }

 private:
  ControlRoutes& routes_;
  ScopePtr scope_;
};

class HostTimers final : public Timers {
 public:
  HostTimers(ControlLoop& loop, ScopePtr scope) : loop_{loop}, scope_{std::move(scope)} {}
  Instant now() const noexcept override { return loop_.now(); }
  WallTime wall_time() const noexcept override { return loop_.wall_time(); }
  Timer after(Duration delay, Function<void()> callback) override {
    return loop_.after(std::max(delay, Duration::zero()), bind(std::move(callback)));
  }
  Timer every(Duration interval, Function<void()> callback) override {
    if (interval <= Duration::zero()) throw std::logic_error{"a timer's interval must be longer than nothing"};
    return loop_.every(interval, bind(std::move(callback)));
  }

 private:
  Function<void()> bind(Function<void()> callback) {
    return [scope = scope_, callback = std::move(callback)]() mutable { scope->call("timer", callback); };
  }
  ControlLoop& loop_;
  ScopePtr scope_;
};

class HostBackground final : public Background {
 public:
  HostBackground(BackgroundPool& pool, ControlLoop& loop, ScopePtr scope)
      : pool_{pool}, loop_{loop}, scope_{std::move(scope)} {}
  void run_raw(Function<void()> job, Function<void()> done) override {
    const bool taken =
        pool_.submit([&loop = loop_, scope = scope_, job = std::move(job), done = std::move(done)]() mutable {
          job();
          job = nullptr;
          loop.post([scope = std::move(scope), done = std::move(done)]() mutable { scope->call("background", done); });
        });
    if (taken) return;
    throw Error{ErrorCode::limit_exceeded, "too much background work waits", {{"limit", BackgroundPool::kMaxWaiting}}};
  }

 private:
  BackgroundPool& pool_;
  ControlLoop& loop_;
  ScopePtr scope_;
};

std::vector<std::string> names(std::span<const JobEntry> jobs) {
  std::vector<std::string> names;
  for (const JobEntry& job : jobs) names.emplace_back(job.name);
  return names;
}

}  // namespace

struct PluginHost::Facades {
  HostEvents events;
  HostBus bus;
  HostServices services;
  HostHttp http;
  HostHttp admin;
  HostTimers timers;
  HostBackground background;
};

PluginHost::PluginHost(HostParts& parts, const PluginLibrary& library)
    : parts_{parts},
      name_{library.manifest().name},
      scope_{std::make_shared<CallbackScope>(CallbackScope::Options{.name = name_, .warn_after = parts.callback_warn},
                                             parts.clock, parts.logs.component("plugins"),
                                             parts.metrics.component("plugins"))},
      facades_{std::make_unique<Facades>(Facades{.events = {parts.dispatcher, parts.local_door, scope_},
                                                 .bus = {parts.bus, scope_},
                                                 .services = {parts.services, scope_, library.manifest()},
                                                 .http = {parts.public_routes, scope_},
                                                 .admin = {parts.admin_routes, scope_},
                                                 .timers = {parts.loop, scope_},
                                                 .background = {parts.pool, parts.loop, scope_}})},
      jobs_{std::make_unique<PluginJobs>(PluginJobs::Options{.library = library.file(), .names = names(library.jobs())},
                                         parts.loop, scope_, log())} {}

PluginHost::~PluginHost() { retire(); }

void PluginHost::retire() {
  scope_->close();
  parts_.dispatcher.remove_all(*scope_);
  parts_.local_door.remove_all(*scope_);
  parts_.public_routes.remove_all(*scope_);
  parts_.admin_routes.remove_all(*scope_);
  parts_.bus.remove_all(*scope_);
  parts_.services.remove_all(*scope_);
  jobs_->kill_all();
}

const std::set<std::string>& PluginHost::services_taken() const noexcept { return facades_->services.taken(); }
std::size_t PluginHost::running_jobs() const { return jobs_->running(); }

Events& PluginHost::events() { return facades_->events; }
Bus& PluginHost::bus() { return facades_->bus; }
Services& PluginHost::services() { return facades_->services; }
Http& PluginHost::http() { return facades_->http; }
Http& PluginHost::admin() { return facades_->admin; }
Media& PluginHost::media() { return parts_.media; }
Metrics& PluginHost::metrics() { return parts_.metrics.component(name_); }
Log& PluginHost::log() { return parts_.logs.component("plugin." + name_); }
Timers& PluginHost::timers() { return facades_->timers; }
Background& PluginHost::background() { return facades_->background; }
Jobs& PluginHost::jobs() { return *jobs_; }
Tokens& PluginHost::tokens() { return parts_.tokens; }
std::string_view PluginHost::plugin_name() const noexcept { return name_; }
std::string PluginHost::random_token(int bits) { return sluice::random_token(parts_.random, bits); }

Store& PluginHost::store() {
  if (store_ == nullptr) store_ = parts_.make_store(name_);
  return *store_;
}

}  // namespace sluice
