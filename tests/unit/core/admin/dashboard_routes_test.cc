#include "core/admin/dashboard_routes.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <regex>
#include <string>
#include <vector>

namespace sluice {
namespace {

constexpr std::array kFiles{DashboardFile{"app.mjs", "\"a1\"", "export {};"},
                            DashboardFile{"index.html", "\"b2\"", "<!doctype html>"}};

net::HttpResponse ask(const net::HttpRouter& router, const std::string& path, const std::string& if_none_match = {}) {
  net::HttpRequest request;
  request.path = path;
  if (!if_none_match.empty()) request.headers.set("If-None-Match", if_none_match);
  net::HttpResponse answer{404};
  const auto match = router.match(request.method, path);
  if (match.handler == nullptr) return answer;
  (*match.handler)(request, net::HttpResponder{[&](net::HttpResponse response) { answer = std::move(response); }});
  return answer;
}

TEST_CASE("the dashboard is served with its types, to be asked for again each time") {
  net::HttpRouter router;
  const DashboardRoutes routes{router, kFiles};

  const auto page = ask(router, "/admin/");
  CHECK(page.status == 200);
  CHECK(*page.body == "<!doctype html>");
  CHECK(page.headers.get("Content-Type") == "text/html; charset=utf-8");
  CHECK(page.headers.get("ETag") == "\"b2\"");
  CHECK(page.headers.get("Cache-Control") == "no-cache");

  const auto module = ask(router, "/admin/app.mjs");
  CHECK(module.headers.get("Content-Type") == "text/javascript; charset=utf-8");
  CHECK(*module.body == "export {};");
}

TEST_CASE("a file that the browser has already is not sent again") {
  net::HttpRouter router;
  const DashboardRoutes routes{router, kFiles};
  const auto same = ask(router, "/admin/app.mjs", "\"a1\"");
  CHECK(same.status == 304);
  CHECK(same.body == nullptr);
  CHECK(same.headers.get("ETag") == "\"a1\"");
  CHECK(ask(router, "/admin/app.mjs", "\"a0\"").status == 200);
}

TEST_CASE("the listener's root and the path without its slash lead to the dashboard") {
  net::HttpRouter router;
  const DashboardRoutes routes{router, kFiles};
  for (const std::string path : {"/", "/admin"}) {
    const auto answer = ask(router, path);
    CHECK(answer.status == 307);
    CHECK(answer.headers.get("Location") == "admin/");
  }
}

TEST_CASE("what is not the dashboard's is not found there") {
  net::HttpRouter router;
  const DashboardRoutes routes{router, kFiles};
  CHECK(ask(router, "/admin/v1/info").status == 404);
  CHECK(ask(router, "/admin/index.html").status == 404);
  CHECK(ask(router, "/admin/app.mjs/more").status == 404);
}

TEST_CASE("the dashboard's policy lets nothing from elsewhere, nothing inline and no frame through") {
  net::HttpRouter router;
  const DashboardRoutes routes{router, kFiles};
  for (const std::string path : {"/admin/", "/admin/app.mjs"}) {
    const auto answer = ask(router, path);
    const std::string policy{answer.headers.get("Content-Security-Policy")};
    CHECK(policy.starts_with("default-src 'none';"));
    CHECK(policy.find("frame-ancestors 'none'") != std::string::npos);
    CHECK(policy.find("require-trusted-types-for 'script'") != std::string::npos);
    CHECK(policy.find("unsafe") == std::string::npos);
    CHECK(policy.find('*') == std::string::npos);
    CHECK(answer.headers.get("X-Frame-Options") == "DENY");
  }
}

TEST_CASE("the routes go with their object") {
  net::HttpRouter router;
  { const DashboardRoutes routes{router, kFiles}; }
  CHECK(router.routes().empty());
}

// The names of what a file refers to: `from '../lib/api.mjs'`, `href="./css/parts.css"`.
std::vector<std::string> references(const DashboardFile& file) {
  static const std::regex kReference{R"re(['"](\.{1,2}/[\w./]+\.(?:mjs|css|svg))['"])re"};
  const std::string text{file.content};
  const std::filesystem::path folder = std::filesystem::path{file.name}.parent_path();
  std::vector<std::string> names;
  for (std::sregex_iterator at{text.begin(), text.end(), kReference}; at != std::sregex_iterator{}; ++at) {
    names.push_back((folder / (*at)[1].str()).lexically_normal().generic_string());
  }
  return names;
}

TEST_CASE("the binary holds the page and all that it refers to") {
  const auto files = dashboard_files();
  const auto holds = [&](std::string_view name) { return std::ranges::count(files, name, &DashboardFile::name) == 1; };
  CHECK(holds("index.html"));
  std::size_t referred = 0;
  for (const DashboardFile& file : files) {
    CHECK(!file.content.empty());
    CHECK(file.etag.size() > 10);
    for (const std::string& name : references(file)) {
      CAPTURE(file.name);
      CAPTURE(name);
      CHECK(holds(name));
      ++referred;
    }
  }
  CHECK(referred > files.size());
}

}  // namespace
}  // namespace sluice
