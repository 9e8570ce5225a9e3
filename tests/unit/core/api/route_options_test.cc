#include <doctest/doctest.h>

#include "core/api/control_routes.h"
#include "core/log/log.h"
#include "core/metrics/metric_registry.h"

namespace sluice {
namespace {

using namespace std::chrono_literals;

struct Fixture {
  net::HttpResponse get(const std::string& path) {
    net::HttpResponse answer{0};
    const auto match = router.match(net::HttpMethod::get, path);
    REQUIRE(match.handler != nullptr);
    net::HttpRequest request;
    request.remote = SocketAddress::parse("192.0.2.1", 5000).value();
    (*match.handler)(request, net::HttpResponder{[&](net::HttpResponse response) { answer = std::move(response); }});
    loop.run_ready();
    return answer;
  }
  void add(const std::string& pattern, RouteOptions options) {
    routes.add(
        scope, "GET", pattern,
        [this](const HttpRequest&, HttpReply reply) {
          ++calls;
          reply.json(json::object());
        },
        std::move(options));
  }

  int calls = 0;
  ManualClock clock;
  ControlLoop loop{clock};
  MetricRegistry registry;
  net::HttpRouter router;
  RequestLimiter limiter{{.per_second = 1, .burst = 2}, registry.component("http")};
  std::shared_ptr<CallbackScope> scope = std::make_shared<CallbackScope>(CallbackScope::Options{.name = "test"}, clock,
                                                                         null_log(), registry.component("plugins"));
  ControlRoutes routes{router, loop,
                       [](const net::HttpRequest&) -> Result<Identity, Error> { return Identity{.user_id = "ada"}; },
                       "", &limiter};
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "who asks too often is told when to come again, and reaches no handler") {
  add("/x", {});
  CHECK(get("/x").status == 200);
  CHECK(get("/x").status == 200);
  const auto refused = get("/x");
  CHECK(refused.status == 429);
  CHECK(refused.headers.get("Retry-After") == "1");
  CHECK(refused.body->find(R"("code":"RATE_LIMITED")") != std::string::npos);
  CHECK(refused.body->find(R"("retryAfterMs":1000)") != std::string::npos);
  CHECK(calls == 2);
  clock.advance(1s);
  CHECK(get("/x").status == 200);
}

TEST_CASE_FIXTURE(Fixture, "a route that is not counted may be asked without end") {
  add("/health", {.rate_limited = false});
  for (int i = 0; i < 10; ++i) CHECK(get("/health").status == 200);
}

TEST_CASE_FIXTURE(Fixture, "a route's own length of bodies is the listener's to know") {
  add("/upload", {.body_bytes = 1000});
  add("/x", {});
  CHECK(router.body_bytes(net::HttpMethod::get, "/upload") == 1000);
  CHECK(router.body_bytes(net::HttpMethod::post, "/upload") == 0);
  CHECK(router.body_bytes(net::HttpMethod::get, "/x") == 0);
}

TEST_CASE_FIXTURE(Fixture, "a file goes to the listener by its path") {
  routes.add(scope, "GET", "/file", [](const HttpRequest&, HttpReply reply) {
    reply.send({.content_type = "image/png", .body = {}, .headers = {{"ETag", "\"7\""}}, .file = "/tmp/a.png"});
  });
  const auto answer = get("/file");
  CHECK(answer.file == "/tmp/a.png");
  CHECK(answer.headers.get("Content-Type") == "image/png");
  CHECK(answer.headers.get("ETag") == "\"7\"");
}

TEST_CASE_FIXTURE(Fixture, "what a route says of itself is told, and goes with it") {
  add("/x", {.operation = {{"summary", "An x"}}});
  REQUIRE(routes.describe().size() == 1);
  CHECK(routes.describe().front().operation.at("summary") == "An x");
  CHECK(routes.describe().front().plugin == "test");
  routes.remove_all(*scope);
  CHECK(routes.describe().empty());
}

}  // namespace sluice
