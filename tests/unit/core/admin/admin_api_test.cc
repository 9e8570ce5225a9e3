#include "core/admin/admin_api.h"

#include <doctest/doctest.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <map>
#include <optional>
#include <string>

#include "core/admin/admin_authorizer.h"
#include "core/admin/log_routes.h"
#include "core/admin/metrics_route.h"
#include "core/admin/plugin_routes.h"
#include "sluice/plugin.h"

namespace sluice {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kToken = "secret-token";

/// The changes that it refuses are plugin_routes_test.cc's.
class ShownPlugins final : public PluginOperations {
 public:
  explicit ShownPlugins(const std::vector<PluginStatus>& all) : all_{all} {}
  [[nodiscard]] std::vector<PluginStatus> plugins() override { return all_; }
  PluginChange reload(const std::string&) override { return refuse<PluginChange>(); }
  PluginChange start(const std::string&) override { return refuse<PluginChange>(); }
  PluginChange stop(const std::string&) override { return refuse<PluginChange>(); }
  OptionsChange set_options(const std::string&, OptionsBody, const json::value&, bool) override {
    return refuse<OptionsChange>();
  }
  [[nodiscard]] std::size_t retired_libraries() const override { return 0; }

 private:
  template <class T>
  [[noreturn]] static T refuse() {
    throw Error{ErrorCode::unsupported, "only shown"};
  }
  const std::vector<PluginStatus>& all_;
};

struct Fixture {
  Fixture() {
    logs.set_levels(LogLevel::error, {});
    PluginStatus chat;
    chat.name = "chat";
    chat.version = "1.2.0";
    chat.file = "/plugins/chat.so";
    chat.state = PluginState::running;
    chat.provides = {"sluice.chat/1"};
    chat.requires_ = {"sluice.rooms/1"};
    chat.events = {"chat:send"};
    chat.usage = {.calls = 4, .slow_calls = 1, .exceptions = 2, .total = 10ms, .worst = 7ms};
    plugins.push_back(chat);
    api.emplace(*this);
  }

  // What the listener would answer; 0 where no route is.
  net::HttpResponse ask(net::HttpMethod method, const std::string& path, const std::string& body = {}) {
    net::HttpRequest request;
    request.method = method;
    request.path = path;
    request.body = body;
    if (!token.empty()) request.headers.set("Authorization", "Bearer " + token);
    net::HttpResponse answer{0};
    const auto match = admin_router.match(method, path);
    if (match.handler == nullptr) return answer;
    (*match.handler)(request, net::HttpResponder{[&](net::HttpResponse response) { answer = std::move(response); }});
    loop.run_ready();
    return answer;
  }
  net::HttpResponse get(const std::string& path) { return ask(net::HttpMethod::get, path); }
  json::value get_json(const std::string& path, int status = 200) {
    const auto answer = get(path);
    CHECK(answer.status == status);
    CHECK(answer.headers.get("Content-Type") == "application/json");
    return json::parse(*answer.body);
  }

  ManualClock clock;
  ControlLoop loop{clock};
  MetricRegistry metrics;
  LogBook logs{LogOptions{}};
  net::HttpRouter public_router;
  net::HttpRouter admin_router;
  ControlRoutes public_routes{public_router, loop, admin_authorizer(Secret{}), ""};
  ControlRoutes admin_routes{admin_router, loop, admin_authorizer(Secret{std::string{kToken}}), "/admin/v1"};
  std::vector<PluginStatus> plugins;
  bool draining = false;
  std::string token{kToken};

  // As the gateway puts them together.
  struct Api {
    explicit Api(Fixture& of)
        : site{{.clock = of.clock,
                .routes = of.admin_routes,
                .logs = of.logs,
                .metrics = of.metrics,
                .callback_warn = 50ms}},
          basics{site,
                 {.name = "gate-1",
                  .version = "0.1.0",
                  .workers = 2,
                  .plugins = [&of] { return of.plugins; },
                  .config =
                      [] {
                        return json::value{{"http", {{"admin", {{"token", "***"}}}}}};
                      },
                  .draining = [&of] { return of.draining; }}},
          shown{of.plugins},
          plugins{site, {.public_routes = of.public_routes, .plugins = shown}},
          logs{site},
          metrics{of.admin_router, admin_authorizer(Secret{std::string{kToken}}), of.metrics} {}

    AdminSite site;
    AdminApi basics;
    ShownPlugins shown;
    PluginRoutes plugins;
    LogRoutes logs;
    MetricsRoute metrics;
  };
  std::optional<Api> api;
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "info says what runs, since when, and what it speaks") {
  clock.advance(1500ms);
  const auto info = get_json("/admin/v1/info");
  CHECK(info.at("name") == "gate-1");
  CHECK(info.at("version") == "0.1.0");
  CHECK(info.at("abi") == SLUICE_ABI_STAMP);
  CHECK(info.at("uptimeMs") == 1500);
  CHECK(info.at("workers") == 2);
  CHECK(info.at("protocols") == json::value{{"engineIo", 4}, {"socketIo", 5}, {"sdkAbi", kSdkAbi}});
}

TEST_CASE_FIXTURE(Fixture, "the gateway is live while the control thread answers") {
  CHECK(get_json("/admin/v1/health/live") == json::value{{"live", true}});
}

TEST_CASE_FIXTURE(Fixture, "the gateway is ready while it does not drain and every plugin that must run runs") {
  CHECK(get_json("/admin/v1/health/ready") == json::value{{"ready", true}, {"reasons", json::array{}}});

  PluginStatus recording;
  recording.name = "recording";
  recording.optional = true;
  recording.why_not_loaded = "no such file";
  plugins.push_back(recording);
  CHECK(get("/admin/v1/health/ready").status == 200);

  plugins.back().optional = false;
  plugins.front().state = PluginState::stopped;
  draining = true;
  const json::array reasons{"the gateway is draining", "plugin 'chat' is not running",
                            "plugin 'recording' is not running: no such file"};
  CHECK(get_json("/admin/v1/health/ready", 503) == json::value{{"ready", false}, {"reasons", reasons}});
}

TEST_CASE_FIXTURE(Fixture, "a plugin is shown with what it offers and what its callbacks cost") {
  const auto scope = std::make_shared<CallbackScope>(CallbackScope::Options{.name = "chat"}, clock, null_log(),
                                                     metrics.component("plugins"));
  const auto answer = [](const HttpRequest&, HttpReply reply) { reply.json(json::object{}); };
  public_routes.add(scope, "GET", "/api/chat", answer);
  admin_routes.add(scope, "POST", "/chat/purge", answer);

  PluginStatus absent;
  absent.name = "recording";
  absent.file = "recording.so";
  absent.why_not_loaded = "no such file";
  plugins.push_back(absent);

  const auto shown = get_json("/admin/v1/plugins").at("plugins").as_array();
  REQUIRE(shown.size() == 2);
  const auto& chat = shown[0];
  CHECK(chat.at("name") == "chat");
  CHECK(chat.at("state") == "running");
  CHECK(chat.at("version") == "1.2.0");
  CHECK(chat.at("file") == "/plugins/chat.so");
  CHECK(chat.as_object().if_contains("whyNotLoaded") == nullptr);
  CHECK(chat.at("provides") == json::array{"sluice.chat/1"});
  CHECK(chat.at("requires") == json::array{"sluice.rooms/1"});
  CHECK(chat.at("uses") == json::array{});
  CHECK(chat.at("events") == json::array{"chat:send"});
  CHECK(chat.at("routes") ==
        json::array{{{"listener", "public"}, {"method", "GET"}, {"pattern", "/api/chat"}},
                    {{"listener", "admin"}, {"method", "POST"}, {"pattern", "/admin/v1/chat/purge"}}});
  CHECK(chat.at("callbacks") == json::value{{"calls", 4},
                                            {"slow", 1},
                                            {"exceptions", 2},
                                            {"meanMs", 2.5},
                                            {"p50Ms", 0.0},
                                            {"p99Ms", 0.0},
                                            {"worstMs", 7.0}});

  CHECK(shown[1].at("state") == "not_loaded");
  CHECK(shown[1].at("whyNotLoaded") == "no such file");
  CHECK(shown[1].at("callbacks").at("meanMs") == 0.0);  // no calls: not a division by zero
}

TEST_CASE_FIXTURE(Fixture, "the configuration is shown as it was masked") {
  CHECK(get_json("/admin/v1/config").at("http").at("admin").at("token") == "***");
}

TEST_CASE_FIXTURE(Fixture, "metrics stand at the listener's root in Prometheus' text form") {
  metrics.component("chat").counter("messages_total", "Messages.", {}).add(3);
  const auto answer = get("/metrics");
  CHECK(answer.status == 200);
  CHECK(answer.headers.get("Content-Type") == "text/plain; version=0.0.4");
  CHECK(answer.body->find("sluice_chat_messages_total 3") != std::string::npos);
}

TEST_CASE_FIXTURE(Fixture, "metrics are answered while the control thread is busy") {
  net::HttpRequest request;
  request.headers.set("Authorization", "Bearer " + token);
  int status = 0;
  const auto match = admin_router.match(net::HttpMethod::get, "/metrics");
  REQUIRE(match.handler != nullptr);
  (*match.handler)(request, net::HttpResponder{[&](const net::HttpResponse& response) { status = response.status; }});
  CHECK(status == 200);  // and the loop has not run
}

TEST_CASE_FIXTURE(Fixture, "without the token nothing is shown or changed") {
  token = "wrong";
  for (const char* path : {"/admin/v1/info", "/admin/v1/health/live", "/admin/v1/health/ready", "/admin/v1/plugins",
                           "/admin/v1/config", "/admin/v1/log", "/metrics"}) {
    CAPTURE(path);
    CHECK(get(path).status == 401);
  }
  CHECK(get("/metrics").headers.get("WWW-Authenticate") == "Bearer");
  CHECK(ask(net::HttpMethod::put, "/admin/v1/log", R"({"level":"trace"})").status == 401);
  CHECK(logs.levels().level == LogLevel::error);
}

TEST_CASE_FIXTURE(Fixture, "PUT replaces the log levels") {
  logs.set_levels(LogLevel::error, {{"ice", LogLevel::trace}});
  const auto answer = ask(net::HttpMethod::put, "/admin/v1/log", R"({"level":"warning","levels":{"dtls":"debug"}})");
  CHECK(answer.status == 200);
  const json::value shown = json::parse(*answer.body);
  CHECK(shown.at("level") == "warning");
  CHECK(shown.at("levels") == json::value{{"dtls", "debug"}});
  CHECK(shown.at("components") == json::array{"admin", "plugins"});
  CHECK(!logs.component("ice").enabled(LogLevel::info));
  CHECK(logs.component("ice").enabled(LogLevel::warning));
  CHECK(logs.component("dtls").enabled(LogLevel::debug));
  const auto now = get_json("/admin/v1/log");
  CHECK(now.at("level") == shown.at("level"));
  CHECK(now.at("levels") == shown.at("levels"));
  CHECK(now.at("components") == json::array{"admin", "dtls", "ice", "plugins"});  // those that were asked for since

  CHECK(ask(net::HttpMethod::put, "/admin/v1/log", R"({"level":"error"})").status == 200);
  CHECK(logs.levels().levels.empty());
}

TEST_CASE_FIXTURE(Fixture, "PATCH changes what it names") {
  logs.set_levels(LogLevel::error, {{"ice", LogLevel::trace}, {"dtls", LogLevel::debug}});
  const std::string body = R"({"levels":{"ice":null,"srtp":"info"}})";
  CHECK(ask(net::HttpMethod::patch, "/admin/v1/log", body).status == 200);
  CHECK(logs.levels().level == LogLevel::error);
  CHECK(logs.levels().levels ==
        std::map<std::string, LogLevel, std::less<>>{{"dtls", LogLevel::debug}, {"srtp", LogLevel::info}});

  CHECK(ask(net::HttpMethod::patch, "/admin/v1/log", R"({"level":"warning"})").status == 200);
  CHECK(logs.levels().level == LogLevel::warning);
  CHECK(logs.levels().levels.size() == 2);
}

TEST_CASE_FIXTURE(Fixture, "a wrong body changes nothing, and is told where it is wrong") {
  const auto put = [&](const std::string& body) { return ask(net::HttpMethod::put, "/admin/v1/log", body); };
  CHECK(put("{").status == 400);
  CHECK(put("[]").status == 400);
  CHECK(put(R"({"levels":{}})").status == 400);
  const auto answer = put(R"({"level":"info","levels":{"ice":"loud"}})");
  CHECK(answer.status == 400);
  CHECK(answer.body->find("levels.ice") != std::string::npos);
  CHECK(put(R"({"level":"info","levels":{"":"info"}})").status == 400);
  CHECK(put(R"({"level":"info","levels":{")" + std::string(65, 'x') + R"(":"info"}})").status == 400);

  json::object many;
  for (std::size_t i = 0; i <= LogRoutes::kMaxNamedLevels; ++i) many["c" + std::to_string(i)] = "info";
  const auto refused = put(json::serialize(json::value{{"level", "info"}, {"levels", many}}));
  CHECK(refused.body->find("LIMIT_EXCEEDED") != std::string::npos);
  CHECK(logs.levels().level == LogLevel::error);
  CHECK(logs.levels().levels.empty());
}

TEST_CASE_FIXTURE(Fixture, "the routes go with the API") {
  api.reset();
  CHECK(get("/admin/v1/info").status == 0);
  CHECK(get("/metrics").status == 0);
}

TEST_CASE_FIXTURE(Fixture, "the admin API describes itself") {
  const auto answer = ask(net::HttpMethod::get, "/admin/v1/openapi.json");
  REQUIRE(answer.status == 200);
  const json::value document = json::parse(*answer.body);
  CHECK(document.at("openapi") == "3.1.0");
  CHECK(document.at("info").at("version") == "0.1.0");
  const json::object& paths = document.at("paths").as_object();
  for (const char* path : {"/admin/v1/info", "/admin/v1/health/ready", "/admin/v1/plugins", "/admin/v1/openapi.json"}) {
    CHECK(paths.contains(path));
  }
  CHECK(paths.at("/admin/v1/log").as_object().size() == 3);
}

}  // namespace sluice
