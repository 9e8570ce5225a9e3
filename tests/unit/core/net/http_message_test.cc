#include "core/net/http_message.h"

#include <doctest/doctest.h>

namespace sluice::net {

TEST_CASE("header names compare without regard to case, and set replaces every field of the name") {
  HttpHeaders headers;
  headers.add("Link", "<a>");
  headers.add("link", "<b>");
  CHECK(headers.get("LINK") == "<a>");
  headers.set("lInK", "<c>");
  CHECK(headers.size() == 1);
  CHECK(headers.get("Link") == "<c>");
  CHECK(!headers.contains("Lin"));
}

TEST_CASE("a header that would write headers of its own is refused where it is set") {
  HttpHeaders headers;
  for (const std::string& value : {std::string{"a\r\nSet-Cookie: b"}, std::string{"a\nb"}, std::string{"a\rb"},
                                   std::string{"a\0b", 3}, std::string{"a\x7f"}}) {
    CHECK_THROWS_AS(headers.set("Location", value), InvalidHeader);
    CHECK_THROWS_AS(headers.add("Location", value), InvalidHeader);
  }
  for (const std::string_view name : {"", "a b", "a:b", "a\r\nb", "\xc3\xa9"}) {
    CHECK_THROWS_AS(headers.set(name, "value"), InvalidHeader);
  }
  CHECK(headers.size() == 0);
  headers.set("Location", "/caf\xc3\xa9\twith tab");
  CHECK(headers.size() == 1);
}

TEST_CASE("a bearer token is what follows the scheme, whatever its case") {
  const auto token_of = [](std::string_view value) {
    HttpRequest request;
    request.headers.set("Authorization", value);
    return std::string{request.bearer_token()};
  };
  CHECK(token_of("Bearer abc.def") == "abc.def");
  CHECK(token_of("bearer   abc") == "abc");
  CHECK(token_of("Basic abc").empty());
  CHECK(token_of("Bearer").empty());
  CHECK(token_of("Bearer ").empty());
  CHECK(HttpRequest{}.bearer_token().empty());
}

TEST_CASE("the error envelope escapes what a message may hold") {
  const HttpResponse response = HttpResponse::error(404, "NOT_FOUND", "no \"room\"\n\\");
  CHECK(response.status == 404);
  CHECK(response.headers.get("content-type") == "application/json");
  CHECK(*response.body == R"({"success":false,"error":{"code":"NOT_FOUND","message":"no \"room\"\u000a\\"}})");
}

TEST_CASE("methods are read as they are written, and in capitals alone") {
  CHECK(parse_http_method("PATCH") == HttpMethod::patch);
  CHECK(parse_http_method("DELETE") == HttpMethod::delete_);
  CHECK(!parse_http_method("get").has_value());
  CHECK(!parse_http_method("TRACE").has_value());
  CHECK(to_string(HttpMethod::options) == "OPTIONS");
}

}  // namespace sluice::net
