#include "core/net/cors.h"

#include <doctest/doctest.h>

#include "raw_client.h"

namespace sluice::net {

namespace {

HttpRequest request_from(std::string_view origin) {
  HttpRequest request;
  request.headers.set("Host", "gateway.test:8080");
  if (!origin.empty()) request.headers.set("Origin", origin);
  return request;
}

}  // namespace

TEST_CASE("an answer is readable by the pages of the list alone") {
  const CorsPolicy policy{{"https://app.test"}};
  HttpResponse response;
  policy.apply("https://app.test", response);
  CHECK(response.headers.get("Access-Control-Allow-Origin") == "https://app.test");
  CHECK(response.headers.get("Vary") == "Origin");

  for (const std::string_view other : {"", "https://app.test.evil", "http://app.test", "null"}) {
    HttpResponse refused;
    policy.apply(other, refused);
    CHECK(!refused.headers.contains("Access-Control-Allow-Origin"));
    CHECK(refused.headers.get("Vary") == "Origin");
  }
}

TEST_CASE("a star allows every page and makes the answer the same for all") {
  const CorsPolicy policy{{"*"}};
  HttpResponse response;
  policy.apply("https://any.test", response);
  CHECK(response.headers.get("Access-Control-Allow-Origin") == "*");
  CHECK(!response.headers.contains("Vary"));
}

TEST_CASE("a preflight names methods and headers, an ordinary OPTIONS the methods alone") {
  const CorsPolicy policy{{"https://app.test"}};
  HttpRequest request = request_from("https://app.test");
  request.method = HttpMethod::options;
  CHECK(policy.answer_options(request, "GET, OPTIONS").headers.size() == 1);
  request.headers.set("Access-Control-Request-Method", "GET");
  const HttpResponse preflight = policy.answer_options(request, "GET, OPTIONS");
  CHECK(preflight.status == 204);
  CHECK(preflight.headers.get("Access-Control-Allow-Methods") == "GET, OPTIONS");
  CHECK(preflight.headers.get("Access-Control-Allow-Headers").find("Authorization") != std::string_view::npos);
  request.headers.set("Origin", "https://evil.test");
  CHECK(!policy.answer_options(request, "GET").headers.contains("Access-Control-Allow-Methods"));
}

TEST_CASE("a page is foreign if it is neither of this host nor in the list") {
  const CorsPolicy policy{{"https://app.test"}};
  CHECK(!policy.is_foreign(request_from("")));
  CHECK(!policy.is_foreign(request_from("https://app.test")));
  CHECK(!policy.is_foreign(request_from("http://gateway.test:8080")));
  CHECK(!policy.is_foreign(request_from("https://gateway.test:8080")));
  CHECK(policy.is_foreign(request_from("http://gateway.test")));
  CHECK(policy.is_foreign(request_from("https://evil.test")));
  CHECK(policy.is_foreign(request_from("null")));
}

}  // namespace sluice::net

namespace sluice::net::test {

TEST_CASE("a preflight is answered before a route of OPTIONS, which a browser asks without its token") {
  ListenerOptions options = loopback();
  options.cors_origins = {"https://app.test"};
  TestServer server{options};
  server.answer(HttpMethod::options, "/whip/{room}", HttpResponse::text(200, "the route"));
  server.answer(HttpMethod::post, "/whip/{room}", HttpResponse{201});
  auto client = server.connect();
  client.send(
      "OPTIONS /whip/a HTTP/1.1\r\nHost: test\r\nOrigin: https://app.test\r\n"
      "Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: authorization,content-type\r\n\r\n");
  const RawResponse preflight = client.read_response();
  CHECK(preflight.status == 204);
  CHECK(preflight.headers.at("access-control-allow-methods") == "POST, OPTIONS");
  CHECK(preflight.headers.at("access-control-allow-headers").find("If-Match") != std::string::npos);
  client.send("OPTIONS /whip/a HTTP/1.1\r\nHost: test\r\nOrigin: https://app.test\r\n\r\n");
  const RawResponse asked = client.read_response();
  CHECK(asked.body == "the route");
  CHECK(asked.headers.at("access-control-expose-headers").find("Link") != std::string::npos);
}

}  // namespace sluice::net::test
