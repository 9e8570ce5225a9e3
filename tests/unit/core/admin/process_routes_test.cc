#include "core/admin/process_routes.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/unit/core/admin/admin_routes_fixture.h"

namespace sluice {
namespace {

using namespace std::chrono_literals;
using Method = net::HttpMethod;

struct Fixture : AdminRoutesFixture {
  ProcessRoutes::Drain state;
  std::vector<std::optional<std::chrono::milliseconds>> drains;
  ProcessRoutes process{site,
                        {.drain_state = [this] { return state; },
                         .drain =
                             [this](std::optional<std::chrono::milliseconds> timeout) {
                               drains.push_back(timeout);
                               state = {.draining = true, .left = timeout.value_or(30s), .waiting_for = {"videoroom"}};
                             },
                         .reload =
                             [] {
                               return json::object{{"applied", json::array{"log.level"}}};
                             }}};
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a drain must be confirmed") {
  for (const char* body : {"{}", R"({"confirm":false})", R"({"timeoutMs":5})"}) {
    CAPTURE(body);
    CHECK(code_of(post("/admin/v1/drain", body, 400)) == "INVALID_PAYLOAD");
  }
  CHECK(drains.empty());
  CHECK(get("/admin/v1/drain") == json::value{{"draining", false}, {"leftMs", 0}, {"waitingFor", json::array{}}});
}

TEST_CASE_FIXTURE(Fixture, "a drain takes the configured time, or the one that is asked for") {
  SUBCASE("the configured one") {
    post("/admin/v1/drain", R"({"confirm":true})");
    REQUIRE(drains.size() == 1);
    CHECK(drains[0] == std::nullopt);
  }
  SUBCASE("another one") {
    const auto answer = post("/admin/v1/drain", R"({"confirm":true,"timeoutMs":90000})");
    REQUIRE(drains.size() == 1);
    CHECK(drains[0] == 90s);
    CHECK(answer == json::value{{"draining", true}, {"leftMs", 90000}, {"waitingFor", {"videoroom"}}});
  }
}

TEST_CASE_FIXTURE(Fixture, "a time that is none is refused") {
  for (const char* time : {"-1", "86400001", "\"soon\"", "1.5"}) {
    CAPTURE(time);
    CHECK(post("/admin/v1/drain", R"({"confirm":true,"timeoutMs":)" + std::string{time} + "}", 400)
              .at("error")
              .at("details")
              .at("path") == "timeoutMs");
  }
  CHECK(drains.empty());
}

TEST_CASE_FIXTURE(Fixture, "who drains twice is told how far it is") {
  post("/admin/v1/drain", R"({"confirm":true})");
  CHECK(post("/admin/v1/drain", R"({"confirm":true})").at("draining") == true);
  CHECK(drains.size() == 1);
}

TEST_CASE_FIXTURE(Fixture, "a reload answers with what it did") {
  CHECK(post("/admin/v1/reload") == json::value{{"applied", {"log.level"}}});
}

}  // namespace sluice
