#pragma once

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <chrono>
#include <map>
#include <string>
#include <utility>

#include "core/admin/admin_site.h"
#include "core/api/control_routes.h"
#include "core/net/http_router.h"

namespace sluice {

/// A site for one group of admin routes, whose callers have been let in.
struct AdminRoutesFixture {
  AdminRoutesFixture() { logs.set_levels(LogLevel::off, {}); }

  net::HttpResponse ask(net::HttpMethod method, const std::string& path, const std::string& body = {},
                        const std::map<std::string, std::string>& query = {}) {
    net::HttpRequest request;
    request.method = method;
    request.path = path;
    request.body = body;
    for (const auto& [name, value] : query) request.query.emplace(name, value);
    net::HttpResponse answer{0};
    const auto match = router.match(method, path);
    if (match.handler == nullptr) return answer;
    for (const auto& [name, value] : match.params) request.params.emplace(name, value);
    (*match.handler)(request, net::HttpResponder{[&](net::HttpResponse response) { answer = std::move(response); }});
    loop.run_ready();
    return answer;
  }
  json::value ask_json(net::HttpMethod method, const std::string& path, const std::string& body = {}, int status = 200,
                       const std::map<std::string, std::string>& query = {}) {
    const auto answer = ask(method, path, body, query);
    CHECK(answer.status == status);
    return answer.body ? json::parse(*answer.body) : json::value{};
  }
  json::value get(const std::string& path, const std::map<std::string, std::string>& query = {}) {
    return ask_json(net::HttpMethod::get, path, {}, 200, query);
  }
  json::value post(const std::string& path, const std::string& body = {}, int status = 200) {
    return ask_json(net::HttpMethod::post, path, body, status);
  }
  static std::string code_of(const json::value& answer) {
    return std::string{answer.at("error").at("code").as_string()};
  }

  ManualClock clock;
  ControlLoop loop{clock};
  MetricRegistry metrics;
  LogBook logs{LogOptions{}};
  net::HttpRouter router;
  net::HttpRouter public_router;
  AuthorizeRequest everybody = [](const net::HttpRequest&) -> Result<Identity, Error> { return Identity{}; };
  ControlRoutes routes{router, loop, everybody, "/admin/v1"};
  ControlRoutes public_routes{public_router, loop, everybody, ""};
  AdminSite site{{.clock = clock,
                  .routes = routes,
                  .logs = logs,
                  .metrics = metrics,
                  .callback_warn = std::chrono::milliseconds{50}}};
};

}  // namespace sluice
