#include "core/app/gateway.h"

#include <algorithm>
#include <csignal>
#include <iostream>
#include <optional>
#include <utility>

#include "core/admin/admin_access.h"
#include "core/admin/admin_api.h"
#include "core/admin/admin_authorizer.h"
#include "core/admin/client_routes.h"
#include "core/admin/dashboard_routes.h"
#include "core/admin/live_routes.h"
#include "core/admin/log_routes.h"
#include "core/admin/media_routes.h"
#include "core/admin/metrics_route.h"
#include "core/admin/overview_routes.h"
#include "core/admin/plugin_routes.h"
#include "core/admin/process_routes.h"
#include "core/api/api_description.h"
#include "core/api/control_routes.h"
#include "core/app/admin_mapping.h"
#include "core/app/gateway_metrics.h"
#include "core/app/log_metrics.h"
#include "core/app/option_mapping.h"
#include "core/app/plugin_admin.h"
#include "core/app/profile_mapping.h"
#include "core/app/program_paths.h"
#include "core/app/reload.h"
#include "core/app/system_clock.h"
#include "core/app/system_random.h"
#include "core/base/available_cores.h"
#include "core/config/masked_json.h"
#include "core/control/background_pool.h"
#include "core/control/control_loop.h"
#include "core/dispatch/dispatcher.h"
#include "core/dispatch/local_door.h"
#include "core/media/engine/media_engine.h"
#include "core/metrics/metric_registry.h"
#include "core/net/http_server.h"
#include "core/plugins/plugin_manager.h"
#include "core/signalling/control_bridge.h"
#include "core/signalling/identity/gateway_tokens.h"
#include "core/signalling/identity/identity_provider.h"
#include "core/signalling/socket_io_door.h"
#include "core/signalling/web_socket_door.h"
#include "core/store/plugin_store.h"
#include "core/store/sqlite_database.h"
#include "core/store/store_engine.h"

namespace sluice {

namespace {

ApiInfo public_api() {
  return {.title = "Sluice",
          .version = SLUICE_VERSION,
          .description =
              "What the plugins of this gateway answer over HTTP. Success is {success, data, message}, failure "
              "{success, error: {code, message, details}}."};
}

// Of a family of metrics: by worker and state, by event and result.
constexpr std::size_t kManyLabelSets = 2048;
constexpr Duration kDrainPoll = std::chrono::milliseconds{50};

std::string url(const net::HttpListener& listener) {
  const net::ListenerOptions& options = listener.options();
  const bool any = options.address == "0.0.0.0" || options.address == "::";
  const bool ipv6 = options.address.find(':') != std::string::npos;
  const std::string host = any ? "localhost" : ipv6 ? "[" + options.address + "]" : options.address;
  return (options.tls.mode == net::TlsMode::off ? "http://" : "https://") + host + ":" +
         std::to_string(listener.port()) + "/";
}

// Says which section asked for the listener: "Address already in use" alone does not tell whom to ask.
net::HttpListener& listen(net::HttpServer& server, net::ListenerOptions options, const std::string& section) {
  try {
    return server.listen(std::move(options));
  } catch (const net::ListenError& error) {
    throw net::ListenError{error.what() + (" (" + section + ")")};
  }
}

void check_listeners(const config::GatewayOptions& options) {
  const auto check = [](const net::TlsOptions& tls, const char* section) {
    try {
      net::check_tls(tls);
    } catch (const net::ListenError& error) {
      throw net::ListenError{error.what() + (" (" + std::string{section} + ")")};
    }
  };
  check(public_listener(options, {}).tls, "http.public.tls");
  check(admin_listener(options).tls, "http.admin.tls");
}

}  // namespace

class Gateway::Impl {
 public:
  Impl(std::string file, config::GatewayConfig config)
      : options_{config.options},
        logs_{log_options(options_.log)},
        log_{logs_.component("gateway")},
        pool_{options_.gateway.background_threads},
        store_{[path = options_.store.path] { return open_sqlite(path); },
               GatewayMetrics::watch_store(metrics_, clock_)},
        dtls_{dtls_certificate(options_.media.dtls, clock_.wall_time()),
              {.handshake_timeout = options_.media.dtls.handshake_timeout_ms}},
        engine_{
            engine_options(options_.media, available_cores()), dtls_, loop_, clock_, random_, logs_.component("media"),
            metrics_.component("media", kManyLabelSets)},
        tokens_{options_.auth.gateway_tokens.secret.reveal(), clock_, random_},
        identities_{identity_options(options_.auth), clock_, random_, &tokens_},
        dispatcher_{[this](const std::optional<std::string>& token) { return identities_.identify(token); },
                    options_.limits.max_clients,
                    clock_,
                    logs_.component("signalling"),
                    metrics_.component("signalling", kManyLabelSets),
                    profile_table(options_.signalling)},
        bridge_{dispatcher_, [this](std::function<void()> work) { loop_.post(std::move(work)); }},
        local_door_{dispatcher_, loop_},
        socket_io_{socket_io_options(options_), bridge_, clock_, random_},
        web_socket_{event_limits(options_.limits), bridge_, clock_},
        server_{options_.http.threads},
        public_{listen(server_, public_listener(options_, paths_), "http.public")},
        admin_{listen(server_, admin_listener(options_), "http.admin")},
        request_limiter_{{.per_second = options_.http.public_.requests_per_second,
                          .burst = static_cast<double>(options_.http.public_.requests_burst)},
                         metrics_.component("http")},
        public_routes_{public_.router(), loop_, [this](const net::HttpRequest& request) { return caller(request); }, "",
                       &request_limiter_},
        admin_gate_{access_rules(options_.http.admin),
                    options_.http.admin.wrong_tokens_per_minute,
                    {.clock = clock_, .log = logs_.component("admin"), .metrics = metrics_.component("admin")}},
        admin_routes_{admin_.router(), loop_, admin_authorizer(admin_gate_), "/admin/v1"},
        parts_{.clock = clock_,
               .loop = loop_,
               .pool = pool_,
               .dispatcher = dispatcher_,
               .local_door = local_door_,
               .public_routes = public_routes_,
               .admin_routes = admin_routes_,
               .media = engine_,
               .logs = logs_,
               .metrics = metrics_,
               .bus = bus_,
               .services = services_,
               .tokens = tokens_,
               .random = random_,
               .make_store = [this](const std::string& plugin) { return make_plugin_store(store_, loop_, plugin); },
               .after_store = [this](Function<void()> done) { store_.after_waiting(std::move(done)); },
               .callback_warn = options_.gateway.callback_warn_ms},
        plugins_{parts_, logs_.component("plugins")},
        reloader_{std::move(file), std::move(config), logs_, plugins_, log_},
        admin_site_{{.clock = clock_,
                     .routes = admin_routes_,
                     .logs = logs_,
                     .metrics = metrics_,
                     .callback_warn = options_.gateway.callback_warn_ms}},
        admin_access_{admin_site_,
                      {.loop = loop_,
                       .pool = pool_,
                       .engine = store_,
                       .routes = admin_routes_,
                       .gate = admin_gate_,
                       .tokens = tokens_,
                       .logs = logs_,
                       .metrics = metrics_,
                       .random = random_,
                       .audit_kept = std::chrono::days{options_.http.admin.audit_days},
                       .backups = backup_options(options_.store)}},
        admin_api_{admin_site_,
                   {.name = options_.gateway.name,
                    .version = SLUICE_VERSION,
                    .workers = static_cast<unsigned>(engine_.worker_count()),
                    .plugins = [this] { return plugins_.status(); },
                    .config =
                        [this] {
                          return config::masked(config::GatewayOptions::schema().node(), reloader_.current().canonical);
                        },
                    .draining = [this] { return draining_; }}},
        plugin_admin_{plugins_, reloader_, [this] { return engine_.inspector().taps(); }, logs_.component("admin")},
        plugin_routes_{admin_site_, {.public_routes = public_routes_, .plugins = plugin_admin_}},
        overview_routes_{admin_site_,
                         {.name = options_.gateway.name,
                          .version = SLUICE_VERSION,
                          .cores = available_cores(),
                          .process = [] { return read_process_usage(); },
                          .clients = [this] { return dispatcher_.client_count(); },
                          .workers = [this] { return engine_.workers(); },
                          .plugins = [this] { return plugins_.status(); },
                          .not_ready_for = [this] { return admin_api_.why_not_ready(); }}},
        client_routes_{admin_site_, dispatcher_},
        process_routes_{admin_site_,
                        {.drain_state = [this] { return drain_state(); },
                         .drain = [this](std::optional<std::chrono::milliseconds> timeout) { drain(timeout); },
                         .reload = [this] { return reload_json(reloader_.reload()); }}},
        log_admin_{admin_site_},
        media_admin_{admin_site_, engine_.inspector()},
        live_routes_{admin_site_, loop_},
        gateway_metrics_{metrics_,
                         {.version = SLUICE_VERSION,
                          .store_path = options_.store.path,
                          .public_listener = public_,
                          .admin_listener = admin_,
                          .pool = pool_,
                          .store = store_,
                          .socket_io = socket_io_,
                          .bridge = bridge_}},
        metrics_route_{admin_.router(), admin_access_.net_authorizer(), metrics_} {
    socket_io_.add_routes(public_.router());
    web_socket_.add_routes(public_.router());
    if (options_.http.public_.api_description) {
      api_description_.emplace(public_.router(), loop_, public_routes_, public_api());
    }
    engine_.start();
    try {
      plugins_.start(open_plugins(plugin_requests(reloader_.current()), plugin_folders(options_, paths_)));
      dispatcher_.log_unanswered_aliases();
    } catch (...) {
      stop();
      throw;
    }
  }

  ~Impl() { stop(); }

  void run() {
    for (const int number : {SIGTERM, SIGINT}) loop_.on_signal(number, [this] { drain_or_stop(); });
    loop_.on_signal(SIGHUP, [this] {
      logs_.reopen();  // logrotate has moved the file away
      reloader_.reload();
    });
    const Timer ticks = loop_.every(kDoorTickInterval, [this] { socket_io_.tick(); });
    server_.start();
    say_ready();
    loop_.run();
    stop();
  }

 private:
  // A route decides by itself what a guest may do.
  Result<Identity, Error> caller(const net::HttpRequest& request) const {
    const std::string_view token = request.bearer_token();
    return identities_.identify(token.empty() ? std::nullopt : std::optional<std::string>{token});
  }

  void say_ready() {
    if (options_.plugins.empty()) {
      log_.warning("no plugin is configured: clients can connect, and nothing else (plugins)");
    }
    if (options_.auth.admits_guests()) {
      log_.warning("guests are admitted: anybody who reaches this gateway may join without a token (auth.guests)");
    }
    log_.info("ready", {{"public", url(public_)},
                        {"admin", url(admin_)},
                        {"media_ports", to_json(engine_.ports())},
                        {"workers", engine_.worker_count()}});
    std::cout << "Sluice is ready.\n  page and clients: " << url(public_) << "\n  dashboard:        " << url(admin_)
              << "admin/\n  admin API:        " << url(admin_) << "admin/v1/info" << std::endl;
  }

  // The first signal lets people finish; a second one does not wait for them.
  void drain_or_stop() {
    if (draining_) return loop_.stop();
    drain(std::nullopt);
  }

  void drain(std::optional<std::chrono::milliseconds> at_most) {
    if (std::exchange(draining_, true)) return;
    const auto timeout = at_most.value_or(reloader_.current().options.gateway.drain_timeout_ms);
    log_.info("draining", {{"timeout_ms", timeout.count()}});
    local_door_.drain();
    plugins_.drain();
    drain_deadline_ = clock_.now() + timeout;
    drain_poll_ = loop_.every(kDrainPoll, [this] {
      if (plugins_.not_drained().empty() || clock_.now() >= drain_deadline_) loop_.stop();
    });
  }

  ProcessRoutes::Drain drain_state() {
    if (!draining_) return {};
    const auto left = std::max(drain_deadline_ - clock_.now(), Duration::zero());
    return {.draining = true,
            .left = std::chrono::duration_cast<std::chrono::milliseconds>(left),
            .waiting_for = plugins_.not_drained()};
  }

  // Outside in, on the control thread: no new work, then the plugins, then what carries their work, and last the
  // queue of what was on its way. Their libraries leave with plugins_, after all that.
  void stop() {
    if (std::exchange(stopped_, true)) return;
    drain_poll_.cancel();
    plugins_.stop();
    dispatcher_.close_all("the gateway stops");
    socket_io_.close_all();
    server_.stop();
    engine_.stop();
    store_.stop();
    admin_access_.stop();
    pool_.stop();
    loop_.run_ready();
    log_.info("stopped");
    logs_.flush();
  }

  config::GatewayOptions options_;
  ProgramPaths paths_ = program_paths();
  SystemClock clock_;
  FillRandom random_ = system_random();
  LogBook logs_;
  Log& log_;
  MetricRegistry metrics_;
  ControlLoop loop_{clock_, GatewayMetrics::watch_control(metrics_)};
  BackgroundPool pool_;
  StoreEngine store_;
  DtlsContext dtls_;
  MediaEngine engine_;
  GatewayTokens tokens_;
  IdentityProvider identities_;
  Dispatcher dispatcher_;
  ControlBridge bridge_;
  LocalDoor local_door_;
  SocketIoDoor socket_io_;
  WebSocketDoor web_socket_;
  net::HttpServer server_;
  net::HttpListener& public_;
  net::HttpListener& admin_;
  RequestLimiter request_limiter_;
  ControlRoutes public_routes_;
  admin::AdminGate admin_gate_;
  ControlRoutes admin_routes_;
  EventBus bus_;
  ServiceTable services_;
  HostParts parts_;
  PluginManager plugins_;
  Reloader reloader_;
  AdminSite admin_site_;  // the groups of routes below hang on it
  AdminAccess admin_access_;
  AdminApi admin_api_;
  PluginAdmin plugin_admin_;
  PluginRoutes plugin_routes_;
  OverviewRoutes overview_routes_;
  ClientRoutes client_routes_;
  ProcessRoutes process_routes_;
  LogRoutes log_admin_;
  MediaRoutes media_admin_;
  LiveRoutes live_routes_;
  LogMetrics log_metrics_{metrics_, logs_};
  GatewayMetrics gateway_metrics_;
  MetricsRoute metrics_route_;
  DashboardRoutes dashboard_{admin_.router()};
  std::optional<ApiDescription> api_description_;
  Timer drain_poll_;
  Instant drain_deadline_{};
  bool draining_ = false;
  bool stopped_ = false;
};

Gateway::Gateway(std::string file, config::GatewayConfig config)
    : impl_{std::make_unique<Impl>(std::move(file), std::move(config))} {}
Gateway::~Gateway() = default;
void Gateway::run() { impl_->run(); }

std::string check_parts(const config::GatewayConfig& config) {
  const SystemClock clock;
  try {
    const IdentityProvider identities{identity_options(config.options.auth), clock, system_random()};
    static_cast<void>(engine_options(config.options.media, 1));
    static_cast<void>(dtls_certificate(config.options.media.dtls, clock.wall_time()));
    check_listeners(config.options);
  } catch (const std::exception& error) {
    return error.what();
  }
  return open_plugins(plugin_requests(config), plugin_folders(config.options, program_paths())).fatal_problems();
}

}  // namespace sluice
