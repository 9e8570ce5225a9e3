#include <doctest/doctest.h>

#include "videoroom_fixture.h"

using namespace sluice;
using namespace sluice::testing;
using namespace std::chrono_literals;

namespace {

HttpRequest request_for(const std::string& room, const std::string& tenant = {}) {
  HttpRequest request;
  request.path_parameters["id"] = room;
  if (!tenant.empty()) request.query["tenant"] = tenant;
  return request;
}

}  // namespace

TEST_CASE("the admin API lists rooms by pages") {
  VideoRoomGateway gateway;
  for (const char* id : {"a", "b", "c"}) gateway.member(id, id);
  HttpRequest request;
  request.query = {{"offset", "1"}, {"limit", "1"}};
  const json::value body = gateway.host.admin().call("GET", "/rooms", request).body();
  CHECK(body.at("success") == json::value(true));
  CHECK(body.at("data").at("total").to_number<int>() == 3);
  CHECK(body.at("data").at("participants").to_number<int>() == 3);
  REQUIRE(body.at("data").at("rooms").as_array().size() == 1);
  CHECK(text(body.at("data").at("rooms").as_array()[0], "roomId") == "b");
  request.query["offset"] = "-1";
  CHECK(gateway.host.admin().call("GET", "/rooms", request).status() == 400);
}

TEST_CASE("a room's report holds its participants with the statistics of their media") {
  VideoRoomGateway gateway;
  FakeClient& anna = gateway.member("anna");
  FakeClient& ben = gateway.member("ben");
  const std::string producer_id = gateway.producer(anna);
  gateway.consume(ben, gateway.transport(ben, "recv"), producer_id);

  SUBCASE("once the workers have told them") {
    const HttpAnswer answer = gateway.host.admin().call("GET", "/rooms/{id}", request_for("lobby"));
    CHECK_FALSE(answer.done());
    gateway.host.run();
    const json::array participants = answer.body().at("data").at("participants").as_array();
    REQUIRE(participants.size() == 2);
    const json::value& first = participants[0];
    CHECK(text(first, "name") == "anna");
    CHECK(text(first.at("transports").as_array()[0].at("stats"), "state") == "created");
    CHECK(first.at("producers").as_array()[0].at("streams").as_array().size() == 1);
    CHECK(participants[1].at("consumers").as_array()[0].at("stats").is_object());
  }
  SUBCASE("without them where the workers do not answer in time") {
    gateway.host.media().silent_about_stats = true;
    const HttpAnswer answer = gateway.host.admin().call("GET", "/rooms/{id}", request_for("lobby"));
    gateway.host.advance(2s);
    REQUIRE(answer.done());
    CHECK_FALSE(answer.body()
                    .at("data")
                    .at("participants")
                    .as_array()[0]
                    .at("transports")
                    .as_array()[0]
                    .as_object()
                    .contains("stats"));
  }
  SUBCASE("only those of the page") {
    HttpRequest request = request_for("lobby");
    request.query["offset"] = "1";
    const HttpAnswer answer = gateway.host.admin().call("GET", "/rooms/{id}", request);
    gateway.host.run();
    CHECK(text(answer.body().at("data").at("participants").as_array().at(0), "name") == "ben");
  }
}

TEST_CASE("an empty room's report needs nobody's answer") {
  VideoRoomGateway gateway{{{"rooms", json::array{json::object{{"id", "lobby"}, {"tenant", "north"}}}}}};
  CHECK(gateway.host.admin().call("GET", "/rooms/{id}", request_for("lobby")).status() == 404);
  const HttpAnswer answer = gateway.host.admin().call("GET", "/rooms/{id}", request_for("lobby", "north"));
  REQUIRE(answer.done());
  CHECK(text(answer.body().at("data"), "tenant") == "north");
}

TEST_CASE("the admin API closes a room") {
  VideoRoomGateway gateway;
  FakeClient& anna = gateway.member("anna");
  CHECK(gateway.host.admin().call("DELETE", "/rooms/{id}", request_for("lobby")).status() == 200);
  CHECK(text(anna.last("room:closed"), "reason") == "closed_by_admin");
  CHECK(gateway.host.admin().call("DELETE", "/rooms/{id}", request_for("lobby")).status() == 404);
}
