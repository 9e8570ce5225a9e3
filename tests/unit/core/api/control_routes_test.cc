#include "core/api/control_routes.h"

#include <doctest/doctest.h>

#include <stdexcept>

#include "core/log/log.h"
#include "core/metrics/metric_registry.h"

namespace sluice {
namespace {

struct Fixture {
  // What a listener would answer to `request`.
  net::HttpResponse get(const std::string& path, const std::string& token = {}) {
    net::HttpRequest request;
    request.path = path;
    if (!token.empty()) request.headers.set("Authorization", "Bearer " + token);
    auto match = router.match(net::HttpMethod::get, path);
    net::HttpResponse answer{0};
    if (match.handler == nullptr) return answer;
    request.params = match.params;
    (*match.handler)(request, net::HttpResponder{[&](net::HttpResponse response) { answer = std::move(response); }});
    loop.run_ready();
    return answer;
  }

  ManualClock clock;
  ControlLoop loop{clock};
  MetricRegistry registry;
  net::HttpRouter router;
  std::shared_ptr<CallbackScope> scope = std::make_shared<CallbackScope>(CallbackScope::Options{.name = "test"}, clock,
                                                                         null_log(), registry.component("plugins"));
  ControlRoutes routes{router, loop,
                       [](const net::HttpRequest& request) -> Result<Identity, Error> {
                         if (request.bearer_token() == "bad") return Error{ErrorCode::unauthorized, "no"};
                         Identity identity;
                         identity.user_id = std::string{request.bearer_token()};
                         return identity;
                       },
                       "/v1"};
};

}  // namespace

TEST_CASE_FIXTURE(Fixture,
                  "a route answers on the control thread with the caller's identity and the path's parameters") {
  routes.add(scope, "GET", "/rooms/{id}", [](const HttpRequest& request, HttpReply reply) {
    reply.json(json::value{{"room", request.path_parameters.at("id")}, {"user", request.identity.user_id}}, 201);
  });
  const auto answer = get("/v1/rooms/a", "ann");
  CHECK(answer.status == 201);
  CHECK(*answer.body == R"({"room":"a","user":"ann"})");
  CHECK(routes.describe().at(0).pattern == "/v1/rooms/{id}");
}

TEST_CASE_FIXTURE(Fixture, "who may not enter does not reach the handler") {
  int calls = 0;
  routes.add(scope, "GET", "/x", [&](const HttpRequest&, HttpReply) { ++calls; });
  const auto refused = get("/v1/x", "bad");
  CHECK(refused.status == 401);
  CHECK(refused.headers.get("WWW-Authenticate") == "Bearer");
  CHECK(calls == 0);
}

TEST_CASE_FIXTURE(Fixture, "errors thrown, answers forgotten and headers forged become answers") {
  routes.add(scope, "GET", "/refused", [](const HttpRequest&, HttpReply) {
    throw Error{ErrorCode::room_full, "full"};
  });
  routes.add(scope, "GET", "/broken", [](const HttpRequest&, HttpReply) { throw std::runtime_error{"secret"}; });
  routes.add(scope, "GET", "/silent", [](const HttpRequest&, HttpReply) {});
  routes.add(scope, "GET", "/forged", [](const HttpRequest&, HttpReply reply) {
    reply.send({.status = 200, .content_type = "text/plain", .body = "", .headers = {{"X", "a\r\nSet-Cookie: b"}}});
  });
  CHECK(get("/v1/refused").status == 409);
  CHECK(get("/v1/broken").status == 500);
  CHECK(get("/v1/broken").body->find("secret") == std::string::npos);
  CHECK(get("/v1/silent").status == 500);
  CHECK(get("/v1/forged").status == 500);
}

TEST_CASE_FIXTURE(Fixture, "an answer without content has no type") {
  routes.add(scope, "GET", "/empty", [](const HttpRequest&, HttpReply reply) {
    reply.send({.status = 204, .content_type = {}, .body = {}, .headers = {}});
  });
  CHECK(get("/v1/empty").status == 204);
  CHECK(!get("/v1/empty").headers.contains("Content-Type"));
}

TEST_CASE_FIXTURE(Fixture, "an answer may come later") {
  std::optional<HttpReply> later;
  routes.add(scope, "GET", "/later", [&](const HttpRequest&, HttpReply reply) { later.emplace(std::move(reply)); });
  net::HttpResponse answer{0};
  auto match = router.match(net::HttpMethod::get, "/v1/later");
  REQUIRE(match.handler != nullptr);
  (*match.handler)(net::HttpRequest{},
                   net::HttpResponder{[&](net::HttpResponse response) { answer = std::move(response); }});
  loop.run_ready();
  CHECK(answer.status == 0);
  later->json(json::value{{"a", 1}});
  CHECK(answer.status == 200);
}

TEST_CASE_FIXTURE(Fixture, "a plugin's routes go with it, and a second owner is refused") {
  routes.add(scope, "GET", "/x", [](const HttpRequest&, HttpReply reply) { reply.json(json::object{}); });
  CHECK_THROWS_AS(routes.add(scope, "GET", "/x", [](const HttpRequest&, HttpReply) {}), std::logic_error);
  CHECK(get("/v1/x").status == 200);
  routes.remove_all(*scope);
  CHECK(get("/v1/x").status == 0);
}

}  // namespace sluice
