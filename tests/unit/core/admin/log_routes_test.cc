#include "core/admin/log_routes.h"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <string>

namespace sluice {
namespace {

using namespace std::chrono_literals;

struct Fixture {
  Fixture() {
    for (const char* component : {"net", "plugin.chat", "plugin.chat"}) {
      logs.component(component).error("broken", {{"room", "lobby"}, {"n", ++said}, {"token", "abc"}});
    }
  }

  json::value ask(const net::HttpFields& query, int status = 200) {
    net::HttpRequest request;
    request.path = "/admin/v1/log/lines";
    request.query = query;
    net::HttpResponse answer{0};
    const auto match = router.match(net::HttpMethod::get, request.path);
    REQUIRE(match.handler != nullptr);
    (*match.handler)(request, net::HttpResponder{[&](net::HttpResponse response) { answer = std::move(response); }});
    loop.run_ready();
    CHECK(answer.status == status);
    return json::parse(*answer.body);
  }
  std::size_t count(const net::HttpFields& query) { return ask(query).at("lines").as_array().size(); }

  static LogOptions quiet() {
    LogOptions options;
    options.level = LogLevel::error;
    options.file = "/dev/null";
    return options;
  }

  ManualClock clock;
  ControlLoop loop{clock};
  MetricRegistry metrics;
  LogBook logs{quiet()};
  net::HttpRouter router;
  ControlRoutes routes{router, loop, [](const net::HttpRequest&) -> Result<Identity, Error> { return Identity{}; },
                       "/admin/v1"};
  AdminSite site{{.clock = clock, .routes = routes, .logs = logs, .metrics = metrics, .callback_warn = 50ms}};
  LogRoutes log_routes{site};
  int said = 0;
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "the latest lines are shown as they were logged, without their secrets") {
  const json::value page = ask({});
  CHECK(page.at("next") == 3);
  const json::array& lines = page.at("lines").as_array();
  REQUIRE(lines.size() == 3);
  const json::value& line = lines[1];
  CHECK(line.at("seq") == 2);
  CHECK(line.at("time").as_string().size() == std::string_view{"2026-01-01T00:00:00.000Z"}.size());
  CHECK(line.at("level") == "error");
  CHECK(line.at("component") == "plugin.chat");
  CHECK(line.at("message") == "broken");
  CHECK(line.at("fields") == json::value{{"room", "lobby"}, {"n", 2}, {"token", "***"}});
}

TEST_CASE_FIXTURE(Fixture, "a page goes on where the one before ended, and lines can be chosen") {
  const json::value page = ask({{"after", "1"}, {"limit", "1"}});
  CHECK(page.at("lines").as_array().front().at("seq") == 2);
  CHECK(page.at("next") == 2);
  CHECK(count({{"after", "3"}}) == 0);
  CHECK(count({{"component", "plugin."}}) == 2);
  CHECK(count({{"level", "error"}}) == 3);
  CHECK(count({{"text", "LOBBY"}}) == 3);
  CHECK(count({{"text", "abc"}}) == 0);  // is in no line
  CHECK(count({{"limit", "100000"}}) == 3);
}

TEST_CASE_FIXTURE(Fixture, "a question that makes no sense is refused with the name of what is wrong") {
  for (const auto& [name, value] :
       net::HttpFields{{"after", "-1"}, {"limit", "many"}, {"level", "loud"}, {"component", std::string(65, 'x')}}) {
    const json::value refusal = ask({{name, value}}, 400);
    CHECK(json::serialize(refusal).find(name) != std::string::npos);
  }
}

}  // namespace sluice
