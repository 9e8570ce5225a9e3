#include "core/api/openapi.h"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "sluice/rest.h"
#include "sluice/testing/fake_http.h"

namespace sluice {
namespace {

struct NewRoom {
  Text<64> name;
  std::optional<int> seats;
};
BOOST_DESCRIBE_STRUCT(NewRoom, (), (name, seats))

struct Page {
  int limit = 20;
  static constexpr std::array kMayBeMissing{"limit"};
};
BOOST_DESCRIBE_STRUCT(Page, (), (limit))

// What ControlRoutes::describe() would say of the routes of a plugin.
std::vector<ControlRoutes::Description> described(const testing::FakeHttp& http) {
  std::vector<ControlRoutes::Description> out;
  for (const auto& [name, operation] : http.operations) {
    const std::size_t blank = name.find(' ');
    out.push_back(ControlRoutes::Description{.method = name.substr(0, blank),
                                             .pattern = name.substr(blank + 1),
                                             .plugin = "rooms",
                                             .operation = json::object(operation)});
  }
  return out;
}

json::object document(const testing::FakeHttp& http) {
  return openapi_document(described(http), {.title = "API", .version = "1.2.3", .description = "About"});
}

const json::object& operation(const json::object& api, std::string_view path, std::string_view method) {
  return api.at("paths").at(path).at(method).as_object();
}

const auto nothing = [](const auto&, rest::Reply reply) { reply.ok(nullptr); };

}  // namespace

TEST_CASE("the document says what a route's types say, and what every route has") {
  testing::FakeHttp http;
  rest::route<NewRoom>(http, "POST", "/api/rooms/{id}",
                       {.summary = "Makes a room", .tag = "rooms", .errors = {ErrorCode::room_exists}, .status = 201},
                       nothing);
  const json::object api = document(http);
  CHECK(api.at("openapi") == "3.1.0");
  CHECK(api.at("info").at("version") == "1.2.3");
  CHECK(api.at("tags") == json::parse(R"([{"name":"rooms"}])"));
  CHECK(api.at("security") == json::parse(R"([{"bearer":[]}])"));

  const json::object& made = operation(api, "/api/rooms/{id}", "post");
  CHECK(made.at("operationId") == "postApiRoomsId");
  CHECK(made.at("summary") == "Makes a room");
  CHECK(made.at("parameters") ==
        json::parse(R"([{"name":"id","in":"path","required":true,"schema":{"type":"string"}}])"));
  CHECK(made.at("requestBody").at("required") == true);
  CHECK(made.at("requestBody").at("content").at("application/json").at("schema").at("properties").at("name") ==
        json::parse(R"({"type":"string","maxLength":64})"));
  const json::object& responses = made.at("responses").as_object();
  CHECK(responses.at("201").at("content").at("application/json").at("schema").at("type") == "object");
  CHECK(responses.at("400").at("description") == "INVALID_PAYLOAD");
  CHECK(responses.at("409").at("description") == "ROOM_EXISTS");
  for (const char* status : {"401", "429", "default"}) {
    CHECK(responses.at(status).at("$ref") == "#/components/responses/Error");
  }
}

TEST_CASE("the codes are the closed list") {
  const json::value api(document(testing::FakeHttp{}));
  const json::array& codes =
      api.at_pointer("/components/schemas/Error/properties/error/properties/code/enum").as_array();
  CHECK(codes.front() == "INVALID_PAYLOAD");
  CHECK(codes.back() == "INTERNAL");
  CHECK(codes.size() == 22);
}

TEST_CASE("what describes nothing is left out, and what guests may do is marked") {
  testing::FakeHttp http;
  http.route("GET", "/hidden", [](const HttpRequest&, HttpReply) {});
  rest::route<>(http, "GET", "/open", {.summary = "Open", .tag = "a", .guests = true}, nothing);
  const json::object api = document(http);
  CHECK(api.at("paths").as_object().size() == 1);
  const json::object& open = operation(api, "/open", "get");
  CHECK(open.at("security") == json::parse(R"([{},{"bearer":[]}])"));
  CHECK(!open.contains("x-guests"));
  CHECK(!open.contains("parameters"));
}

TEST_CASE("parameters of the query and of the path stand together, under one name for one path") {
  testing::FakeHttp http;
  rest::route<Nothing, Page>(http, "GET", "/rooms/{room}/files/{path...}", {.summary = "Lists", .tag = "a"}, nothing);
  rest::route<>(http, "PUT", "/rooms/{id}/files/{name...}", {.summary = "Changes", .tag = "a"}, nothing);
  const json::object api = document(http);
  REQUIRE(api.at("paths").as_object().size() == 1);
  const json::object& listed = operation(api, "/rooms/{room}/files/{path}", "get");
  REQUIRE(listed.at("parameters").as_array().size() == 3);
  CHECK(listed.at("parameters").at(0).at("name") == "room");
  CHECK(listed.at("parameters").at(2).at("name") == "limit");
  CHECK(listed.at("parameters").at(2).at("in") == "query");
  const json::object& changed = operation(api, "/rooms/{room}/files/{path}", "put");
  CHECK(changed.at("parameters").at(1).at("name") == "path");
}

TEST_CASE("every operation has a name of its own") {
  testing::FakeHttp http;
  for (const char* pattern : {"/a/b", "/a-b", "/a/{b}"}) {
    rest::route<>(http, "GET", pattern, {.summary = "x", .tag = "a"}, nothing);
  }
  const json::object api = document(http);
  std::map<std::string, int> names;
  for (const auto& [path, item] : api.at("paths").as_object()) {
    ++names[std::string{item.at("get").at("operationId").as_string()}];
  }
  CHECK(names.size() == 3);
}

TEST_CASE("bodies and answers that are no JSON are told by their type") {
  testing::FakeHttp http;
  rest::route<>(http, "POST", "/upload", {.summary = "x", .tag = "a", .body_type = "image/png", .body_bytes = 9},
                nothing);
  rest::route<>(http, "GET", "/download", {.summary = "x", .tag = "a", .answer_type = "image/png"}, nothing);
  CHECK(http.served.at("POST /upload").body_bytes == 9);
  const json::object api = document(http);
  CHECK(operation(api, "/upload", "post").at("requestBody").at("content").as_object().contains("image/png"));
  CHECK(operation(api, "/download", "get").at("responses").at("200").at("content").as_object().contains("image/png"));
}

}  // namespace sluice
