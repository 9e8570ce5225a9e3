#include "sluice/rest.h"

#include <doctest/doctest.h>

#include "sluice/testing/fake_http.h"

namespace sluice {
namespace {

HttpRequest with(const std::string& name, const std::string& value) {
  HttpRequest request;
  request.headers[name] = value;
  return request;
}

}  // namespace

TEST_CASE("If-Match holds for the tag that is there, RFC 9110 section 13.1.1") {
  using rest::Precondition;
  CHECK(rest::if_match(HttpRequest{}, "\"7\"") == Precondition::missing);
  for (const char* header : {"\"7\"", "*", "\"6\", \"7\"", " \"7\" "}) {
    CAPTURE(header);
    CHECK(rest::if_match(with("if-match", header), "\"7\"") == Precondition::holds);
  }
  for (const char* header : {"\"8\"", "W/\"7\"", "7", "", ",", "\"77\""}) {
    CAPTURE(header);
    CHECK(rest::if_match(with("if-match", header), "\"7\"") == Precondition::failed);
  }
}

TEST_CASE("a change of what is not there any more is 412, one that names no version 428") {
  testing::FakeHttp http;
  rest::route<>(http, "PUT", "/thing", {.summary = "x", .tag = "a"}, [](const auto& call, rest::Reply reply) {
    const auto state = rest::if_match(call.http, "\"7\"");
    if (state != rest::Precondition::holds) return reply.precondition_failed(state, "\"7\"");
    reply.header("ETag", "\"8\"");
    reply.ok(nullptr);
  });
  const auto missing = http.call("PUT", "/thing");
  CHECK(missing.status() == 428);
  CHECK(missing.body().at("error").at("code") == "CONFLICT");
  const auto stale = http.call("PUT", "/thing", with("if-match", "\"6\""));
  CHECK(stale.status() == 412);
  CHECK(stale.body().at("error").at("details").at("etag") == "\"7\"");
  const auto done = http.call("PUT", "/thing", with("if-match", "\"7\""));
  CHECK(done.status() == 200);
  CHECK(done.response().headers.at("ETag") == "\"8\"");
}

}  // namespace sluice
