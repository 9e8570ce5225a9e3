#include "core/admin/access/audit_trail.h"

#include <doctest/doctest.h>

#include <chrono>
#include <exception>
#include <filesystem>
#include <future>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/log/log.h"
#include "core/metrics/metric_registry.h"
#include "core/store/sqlite_database.h"
#include "tests/unit/core/store/temporary_folder.h"

namespace sluice::admin {
namespace {

using namespace std::chrono_literals;
using net::HttpMethod;

/// The lines of the log, as `GET /x 200 ann`.
class Lines final : public Log {
 public:
  [[nodiscard]] bool enabled(LogLevel) const noexcept override { return true; }
  void write(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) override {
    if (message != "request") {
      if (level == LogLevel::error) ++errors;
      return;
    }
    std::string line;
    for (const char* wanted : {"method", "path", "status", "who"}) {
      for (const LogField& field : fields) {
        if (field.name != wanted) continue;
        line += line.empty() ? "" : " ";
        line += field.value.is_string() ? std::string{field.value.as_string()} : std::to_string(field.value.as_int64());
      }
    }
    lines.push_back(line);
  }
  std::vector<std::string> lines;
  int errors = 0;
};

struct Fixture {
  explicit Fixture(std::chrono::days kept = std::chrono::days{90}) {
    AccessRules rules;
    rules.tokens = {{.digest = digest_of("write"), .name = "ann", .role = Role::write, .id = {}, .expires_at = {}},
                    {.digest = digest_of("read"), .name = "ben", .role = Role::read, .id = {}, .expires_at = {}}};
    gate.emplace(rules, 1'000,
                 AdminGate::Parts{.clock = clock, .log = null_log(), .metrics = metrics.component("admin")});
    trail.emplace(AuditTrail::Parts{
        .loop = loop, .store = store, .gate = *gate, .log = log, .metrics = metrics.component("admin"), .kept = kept});
    routes.watch(&*trail);
    for (const char* method : {"GET", "POST"}) {
      routes.add(scope, method, "/things/{id}",
                 [](const HttpRequest&, HttpReply reply) { reply.json(json::object()); });
    }
    routes.add(scope, "DELETE", "/things/{id}", [](const HttpRequest&, HttpReply) {
      throw Error{ErrorCode::not_found, "no"};
    });
  }
  ~Fixture() { routes.watch(nullptr); }

  /// The status of the answer; the loop runs on this thread until it is there.
  int ask(HttpMethod method, const std::string& path, const std::string& token) {
    net::HttpRequest request;
    request.method = method;
    request.path = path;
    request.query = {{"secret", "hush"}};
    request.remote = SocketAddress::parse("198.51.100.7", 50'000).value();
    if (!token.empty()) request.headers.set("Authorization", "Bearer " + token);
    const auto match = router.match(method, path);
    REQUIRE(match.handler != nullptr);
    int status = 0;
    (*match.handler)(request, net::HttpResponder{[&](const net::HttpResponse& response) {
                       status = response.status;
                       loop.stop();
                     }});
    loop.run();
    return status;
  }
  std::vector<AuditRecord> kept() {
    std::vector<AuditRecord> out;
    engine.run([&](Database&) {});  // what was handed over before is on disk
    store.transact([](StoreTransaction& from) { return records(from, {}); },
                   [&](JobResult<std::vector<AuditRecord>> found) {
                     out = std::move(found.value());
                     loop.stop();
                   });
    loop.run();
    return out;
  }

  ManualClock clock;
  ControlLoop loop{clock};
  MetricRegistry metrics;
  Lines log;
  test::TemporaryFolder folder;
  std::string file = folder.file("sluice.db");
  bool broken = false;
  StoreEngine engine{[this] {
    if (broken) throw std::runtime_error{"no disk"};
    return open_sqlite(file);
  }};
  AdminStore store{{.engine = engine, .loop = loop, .file = file, .log = null_log()}};
  std::optional<AdminGate> gate;
  net::HttpRouter router;
  ControlRoutes routes{router, loop, [this](const net::HttpRequest& request) { return gate->authorize(request); },
                       "/admin/v1"};
  std::shared_ptr<CallbackScope> scope = std::make_shared<CallbackScope>(CallbackScope::Options{.name = "test"}, clock,
                                                                         null_log(), metrics.component("plugins"));
  std::optional<AuditTrail> trail;
};

}  // namespace

TEST_CASE_FIXTURE(Fixture,
                  "a change stands in the log and in the store: who, how, from where, what, and what became of it") {
  clock.advance(1500ms);
  CHECK(ask(HttpMethod::post, "/admin/v1/things/7", "write") == 200);
  CHECK(ask(HttpMethod::delete_, "/admin/v1/things/7", "write") == 404);
  const auto found = kept();
  REQUIRE(found.size() == 2);
  CHECK(found[0].method == "DELETE");
  CHECK(found[0].status == 404);
  CHECK(found[1].time == "1970-01-01T00:00:01.500Z");
  CHECK(found[1].who == "ann");
  CHECK(found[1].shown_by == "token");
  CHECK(found[1].address == "198.51.100.7");
  CHECK(found[1].method == "POST");
  CHECK(found[1].path == "/admin/v1/things/7");  // and not its query
  CHECK(found[1].status == 200);
  CHECK(log.lines == std::vector<std::string>{"POST /admin/v1/things/7 200 ann", "DELETE /admin/v1/things/7 404 ann"});
}

TEST_CASE_FIXTURE(Fixture, "who only looks leaves no trace, who is refused does") {
  CHECK(ask(HttpMethod::get, "/admin/v1/things/7", "read") == 200);
  CHECK(ask(HttpMethod::post, "/admin/v1/things/7", "read") == 403);
  CHECK(ask(HttpMethod::get, "/admin/v1/things/7", "wrong") == 401);
  CHECK(ask(HttpMethod::get, "/admin/v1/things/7", "") == 401);
  const auto found = kept();
  REQUIRE(found.size() == 3);
  CHECK(found[2].status == 403);
  CHECK(found[2].who == "ben");  // known, but may not
  CHECK(found[1].status == 401);
  CHECK(found[1].who == "");
  CHECK(found[1].shown_by == "");
}

TEST_CASE_FIXTURE(Fixture, "a change is answered once its record is on disk") {
  net::HttpRequest request;
  request.method = HttpMethod::post;
  request.path = "/admin/v1/things/7";
  request.headers.set("Authorization", "Bearer write");
  bool answered = false;
  // While this unit is held, none that comes after it reaches the disk.
  std::promise<void> release;
  auto released = release.get_future();
  engine.submit([&](Database&) { released.wait(); }, [](std::exception_ptr) {});
  const auto match = router.match(request.method, request.path);
  (*match.handler)(request, net::HttpResponder{[&](const net::HttpResponse&) {
                     answered = true;
                     loop.stop();
                   }});
  loop.run_ready();
  CHECK(!answered);
  release.set_value();
  loop.run();
  CHECK(answered);
  CHECK(kept().size() == 1);
}

TEST_CASE_FIXTURE(Fixture, "where the store fails a change is answered, and the log says that its record is missing") {
  broken = true;
  CHECK(ask(HttpMethod::post, "/admin/v1/things/7", "write") == 200);
  CHECK(log.lines.size() == 1);
  CHECK(log.errors == 1);
  broken = false;
  CHECK(ask(HttpMethod::post, "/admin/v1/things/8", "write") == 200);
  CHECK(kept().size() == 1);
}

TEST_CASE_FIXTURE(Fixture, "refusals are recorded so many times a minute at most, changes always") {
  for (int i = 0; i < AuditTrail::kRefusedPerMinute + 20; ++i) {
    CHECK(ask(HttpMethod::get, "/admin/v1/things/7", "") == 401);
  }
  CHECK(ask(HttpMethod::post, "/admin/v1/things/7", "write") == 200);
  const auto found = kept();
  CHECK(found.size() == AuditTrail::kRefusedPerMinute + 1);
  CHECK(found.front().status == 200);
  CHECK(metrics.expose().find("sluice_admin_audit_unrecorded_total 20") != std::string::npos);
}

TEST_CASE("without a time to keep them, records stand in the log alone, and no database is made") {
  Fixture fixture{std::chrono::days{0}};
  CHECK(fixture.ask(HttpMethod::post, "/admin/v1/things/7", "write") == 200);
  CHECK(fixture.log.lines.size() == 1);
  CHECK(!std::filesystem::exists(fixture.file));
}

TEST_CASE_FIXTURE(Fixture, "an answer that comes when the trail is gone goes out as it is") {
  std::optional<HttpReply> held;
  routes.add(scope, "POST", "/slow", [&](const HttpRequest&, HttpReply reply) { held = std::move(reply); });
  net::HttpRequest request;
  request.method = HttpMethod::post;
  request.path = "/admin/v1/slow";
  request.headers.set("Authorization", "Bearer write");
  int status = 0;
  const auto match = router.match(request.method, request.path);
  (*match.handler)(request, net::HttpResponder{[&](const net::HttpResponse& response) { status = response.status; }});
  loop.run_ready();
  routes.watch(nullptr);
  trail.reset();
  held->json(json::object());
  CHECK(status == 200);
}

}  // namespace sluice::admin
