#include "core/admin/admin_access.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "core/admin/admin_authorizer.h"
#include "core/store/sqlite_database.h"
#include "tests/unit/core/store/temporary_folder.h"

namespace sluice {
namespace {

using namespace std::chrono_literals;
using net::HttpMethod;

struct Answer {
  int status = 0;
  json::value body;
  std::string file;
};

/// Remembers what it was asked for.
class AskedTokens final : public Tokens {
 public:
  std::string issue(const TokenRequest& request) override {
    asked = request;
    return "client-token";
  }
  [[nodiscard]] Result<Identity, Error> verify(const std::string&) const override {
    return Error{ErrorCode::unauthorized, "no"};
  }
  TokenRequest asked;
};

struct Fixture {
  Fixture() {
    admin::AccessRules rules;
    rules.tokens = {
        {.digest = admin::digest_of("root"), .name = "admin", .role = admin::Role::write, .id = {}, .expires_at = {}}};
    gate.emplace(rules, 10, admin::AdminGate::Parts{clock, null_log(), metrics.component("admin")});
    routes.emplace(router, loop, admin_authorizer(*gate), "/admin/v1");
    logs.set_levels(LogLevel::off, {});
    open();
  }
  void open(const std::string& backup_folder = {}) {
    access.reset();
    site.reset();
    site.emplace(AdminSite::Parts{clock, *routes, logs, metrics, 1h});
    access.emplace(*site, AdminAccess::Parts{.loop = loop,
                                             .pool = pool,
                                             .engine = engine,
                                             .routes = *routes,
                                             .gate = *gate,
                                             .tokens = tokens,
                                             .logs = logs,
                                             .metrics = metrics,
                                             .random = [this](MutableBytes out) { std::ranges::fill(out, ++seed); },
                                             .audit_kept = std::chrono::days{90},
                                             .backups = {.database = file, .folder = backup_folder, .kept = 2}});
  }

  Answer ask(HttpMethod method, const std::string& path, const json::value& body = nullptr,
             const std::string& token = "root", const net::HttpFields& query = {}) {
    net::HttpRequest request;
    request.method = method;
    request.path = "/admin/v1" + path;
    request.query = query;
    if (!body.is_null()) request.body = json::serialize(body);
    if (!token.empty()) request.headers.set("Authorization", "Bearer " + token);
    auto match = router.match(method, request.path);
    REQUIRE(match.handler != nullptr);
    request.params = match.params;
    Answer answer;
    (*match.handler)(request, net::HttpResponder{[&](const net::HttpResponse& response) {
                       answer.status = response.status;
                       answer.file = response.file;
                       if (response.body && !response.body->empty()) answer.body = json::parse(*response.body);
                       loop.stop();
                     }});
    loop.run();
    return answer;
  }
  Answer get(const std::string& path, const std::string& token = "root") {
    return ask(HttpMethod::get, path, nullptr, token);
  }
  Answer post(const std::string& path, const json::value& body = nullptr, const std::string& token = "root") {
    return ask(HttpMethod::post, path, body, token);
  }
  std::string token_of(const std::string& name, const std::string& role) {
    CHECK(post("/operators", json::value{{"name", name}, {"role", role}}).status == 201);
    const Answer made = post("/operators/" + name + "/tokens", json::value{{"note", "laptop"}});
    CHECK(made.status == 201);
    return std::string{made.body.at("token").as_string()};
  }

  ManualClock clock;
  ControlLoop loop{clock};
  BackgroundPool pool{1};
  MetricRegistry metrics;
  LogBook logs{LogOptions{}};
  test::TemporaryFolder folder;
  std::string file = folder.file("sluice.db");
  StoreEngine engine{sqlite_opener(file)};
  AskedTokens tokens;
  std::uint8_t seed = 0;
  std::optional<admin::AdminGate> gate;
  net::HttpRouter router;
  std::optional<ControlRoutes> routes;
  std::optional<AdminSite> site;
  std::optional<AdminAccess> access;
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "an operator's token holds from the answer on, with the operator's role") {
  const std::string token = token_of("ann", "read");
  CHECK(token.starts_with("sluice_admin_"));
  CHECK(get("/me", token).body == json::value{{"name", "ann"}, {"role", "read"}, {"by", "token"}});

  const Answer refused = post("/operators", json::value{{"name", "eve"}, {"role", "write"}}, token);
  CHECK(refused.status == 403);
  CHECK(refused.body.at("error").at("code") == "PERMISSION_DENIED");
  CHECK(refused.body.at("error").at("details") == json::value{{"requiredRole", "write"}, {"currentRole", "read"}});

  const json::value all = get("/operators", token).body.at("operators");
  REQUIRE(all.as_array().size() == 1);
  CHECK(all.at(0).at("name") == "ann");
  CHECK(all.at(0).at("role") == "read");
  CHECK(all.at(0).at("tokens") == 1);
}

TEST_CASE_FIXTURE(Fixture, "a token is shown once, and can be taken back by its id") {
  const std::string token = token_of("ann", "write");
  const Answer listed = get("/operators/ann/tokens");
  CHECK(json::serialize(listed.body).find(token) == std::string::npos);
  CHECK(listed.body.at("tokens").at(0).at("note") == "laptop");
  const std::string id{listed.body.at("tokens").at(0).at("id").as_string()};
  CHECK(ask(HttpMethod::delete_, "/operators/ann/tokens/" + id).status == 204);
  CHECK(get("/me", token).status == 401);
  CHECK(ask(HttpMethod::delete_, "/operators/ann/tokens/" + id).status == 404);
}

TEST_CASE_FIXTURE(Fixture, "who removes an operator takes all its tokens back") {
  const std::string token = token_of("ann", "write");
  CHECK(ask(HttpMethod::delete_, "/operators/ann").status == 204);
  CHECK(get("/me", token).status == 401);
  CHECK(get("/operators/ann/tokens").status == 404);
  CHECK(ask(HttpMethod::delete_, "/operators/ann").status == 404);
}

TEST_CASE_FIXTURE(Fixture, "tokens hold over a restart, until their time is over") {
  CHECK(post("/operators", json::value{{"name", "ann"}, {"role", "read"}}).status == 201);
  const Answer made = post("/operators/ann/tokens", json::value{{"expiresInSeconds", 60}});
  const std::string token{made.body.at("token").as_string()};
  gate->keep_tokens({});
  CHECK(get("/me", token).status == 401);
  open();
  CHECK(get("/me", token).status == 200);
  clock.advance(60s);
  CHECK(get("/me", token).body.at("error").at("code") == "TOKEN_EXPIRED");
}

TEST_CASE_FIXTURE(Fixture, "wrong wishes are told where they are wrong") {
  CHECK(post("/operators", json::value{{"name", "a b"}, {"role", "read"}}).status == 400);
  CHECK(post("/operators", json::value{{"name", ""}, {"role", "read"}}).status == 400);
  CHECK(post("/operators", json::value{{"name", std::string(65, 'a')}, {"role", "read"}}).status == 400);
  CHECK(post("/operators", json::value{{"name", "ann"}, {"role", "root"}}).status == 400);
  CHECK(post("/operators", json::value{{"name", "admin"}, {"role", "read"}}).status == 409);  // of the configuration
  CHECK(post("/operators/ann/tokens").status == 404);
  CHECK(post("/operators", json::value{{"name", "ann"}, {"role", "read"}}).status == 201);
  CHECK(post("/operators", json::value{{"name", "ann"}, {"role", "write"}}).status == 409);
  CHECK(post("/operators/ann/tokens", json::value{{"expiresInSeconds", 0}}).status == 400);
}

TEST_CASE_FIXTURE(Fixture, "before anything is kept there is nothing to list, and no database is made") {
  CHECK(get("/operators").body == json::value{{"operators", json::array{}}});
  CHECK(get("/audit").body == json::value{{"records", json::array{}}});
  CHECK(!std::filesystem::exists(file));
}

TEST_CASE_FIXTURE(Fixture, "the audit trail is answered newest first") {
  static_cast<void>(token_of("ann", "read"));
  const auto page = [&](const net::HttpFields& query) {
    return ask(HttpMethod::get, "/audit", nullptr, "root", query).body;
  };
  const json::value newest = page({{"limit", "1"}});
  CHECK(newest.at("records").at(0).at("path") == "/admin/v1/operators/ann/tokens");
  CHECK(newest.at("records").at(0).at("who") == "admin");
  const std::string before = json::serialize(newest.at("before"));
  CHECK(page({{"limit", "1"}, {"before", before}}).at("records").at(0).at("path") == "/admin/v1/operators");
  CHECK(page({{"who", "nobody"}}).at("records").as_array().empty());
  CHECK(ask(HttpMethod::get, "/audit", nullptr, "root", {{"limit", "501"}}).status == 400);
}

TEST_CASE_FIXTURE(Fixture, "the store is copied into the configured folder, and the copy taken away by who may write") {
  CHECK(post("/store/backup").status == 409);  // where to?
  open(folder.file("copies"));
  const std::string token = token_of("ann", "read");
  const Answer made = post("/store/backup");
  REQUIRE(made.status == 201);
  const std::string name{made.body.at("name").as_string()};
  CHECK(get("/store/backups", token).body.at("backups").at(0).at("name") == json::value(std::string_view{name}));
  CHECK(get("/store/backups/" + name, token).status == 403);
  CHECK(get("/store/backups/" + name).file == folder.file("copies/" + name));
  CHECK(get("/store/backups/sluice.db").status == 404);

  const auto copy = open_sqlite(folder.file("copies/" + name));
  CHECK(copy->query("SELECT name FROM admin_operators") == std::vector<StoreRow>{{std::string{"ann"}}});
}

TEST_CASE_FIXTURE(Fixture, "a token of a client is made for a while, for somebody") {
  const Answer made = post("/client-tokens", json::value{{"userId", "u1"}, {"name", "Ann"}, {"lifetimeSeconds", 60}});
  REQUIRE(made.status == 201);
  CHECK(made.body == json::value{{"token", "client-token"}, {"expiresAt", "1970-01-01T00:01:00.000Z"}});
  CHECK(tokens.asked.identity.user_id == "u1");
  CHECK(tokens.asked.identity.name == "Ann");
  CHECK(tokens.asked.lifetime == 60s);
  for (const json::value& wrong : {json::value{{"userId", ""}, {"lifetimeSeconds", 60}}, json::value{{"userId", "u1"}},
                                   json::value{{"userId", "u1"}, {"lifetimeSeconds", 0}},
                                   json::value{{"userId", "u1"}, {"lifetimeSeconds", 86'401}}}) {
    CHECK(post("/client-tokens", wrong).status == 400);
  }
}

}  // namespace sluice
