#include "core/admin/client_routes.h"

#include <doctest/doctest.h>

#include <memory>
#include <string>

#include "tests/unit/core/admin/admin_routes_fixture.h"
#include "tests/unit/core/dispatch/fake_connection.h"

namespace sluice {
namespace {

using namespace std::chrono_literals;
using Method = net::HttpMethod;

struct Fixture : AdminRoutesFixture {
  std::shared_ptr<FakeConnection> connect(std::uint64_t id) {
    auto connection = std::make_shared<FakeConnection>(id);
    ConnectRequest request;
    request.door = DoorKind::web_socket;
    request.user_agent = "a browser";
    dispatcher.on_connect(connection, request);
    return connection;
  }

  Dispatcher dispatcher{[](const std::optional<std::string>&) -> Result<Identity, Error> {
                          Identity identity;
                          identity.user_id = "anna";
                          identity.tenant = "school";
                          return identity;
                        },
                        1000, clock, null_log(), metrics.component("signalling")};
  ClientRoutes clients{site, dispatcher};
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a client is shown with who it is, by which door and since when") {
  clock.advance(5s);
  const auto connection = connect(7);
  const json::value shown = get("/admin/v1/clients/7");
  CHECK(shown.at("id") == 7);
  CHECK(shown.at("door") == "websocket");
  CHECK(shown.at("userAgent") == "a browser");
  CHECK(shown.at("userId") == "anna");
  CHECK(shown.at("tenant") == "school");
  CHECK(shown.at("guest") == false);
  CHECK(shown.at("profile") == "");
  CHECK(shown.at("connectedAt") == 5000);
  CHECK(get("/admin/v1/clients").at("clients").at(0) == shown);
}

TEST_CASE_FIXTURE(Fixture, "clients come in pages") {
  std::vector<std::shared_ptr<FakeConnection>> all;
  for (std::uint64_t id = 1; id <= 60; ++id) all.push_back(connect(id));
  const json::value first = get("/admin/v1/clients");
  CHECK(first.at("total") == 60);
  CHECK(first.at("clients").as_array().size() == ClientRoutes::kDefaultPage);
  CHECK(first.at("clients").at(0).at("id") == 1);
  const json::value second = get("/admin/v1/clients", {{"offset", "50"}, {"limit", "5"}});
  REQUIRE(second.at("clients").as_array().size() == 5);
  CHECK(second.at("clients").at(0).at("id") == 51);
  CHECK(get("/admin/v1/clients", {{"offset", "9999"}}).at("clients").as_array().empty());
  for (const char* wrong : {"-1", "x", "", "18446744073709551616"}) {
    CAPTURE(wrong);
    CHECK(ask(Method::get, "/admin/v1/clients", {}, {{"offset", wrong}}).status == 400);
  }
}

TEST_CASE_FIXTURE(Fixture, "a client is disconnected with a reason") {
  const auto anna = connect(1);
  const auto ben = connect(2);
  CHECK(ask_json(Method::delete_, "/admin/v1/clients/1", {}, 200, {{"reason", "be\nnice"}}) ==
        json::value{{"id", 1}, {"disconnected", true}});
  CHECK(anna->sent.back().find("benice") != std::string::npos);
  ask(Method::delete_, "/admin/v1/clients/2");
  CHECK(ben->sent.back().find("disconnected by the operator") != std::string::npos);
  CHECK(ask(Method::delete_, "/admin/v1/clients/3").status == 404);
  CHECK(ask(Method::delete_, "/admin/v1/clients/x").status == 400);
}

}  // namespace sluice
