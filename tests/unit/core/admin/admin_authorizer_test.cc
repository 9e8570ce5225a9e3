#include "core/admin/admin_authorizer.h"

#include <doctest/doctest.h>

#include <string>

namespace sluice {
namespace {

net::HttpRequest request_with(const std::string& header, const std::string& value) {
  net::HttpRequest request;
  request.headers.set(header, value);
  return request;
}

}  // namespace

TEST_CASE("with a token, who shows it is admitted, and nobody else") {
  const AuthorizeRequest authorize = admin_authorizer(Secret{"correct horse"});
  const auto granted = authorize(request_with("Authorization", "Bearer correct horse"));
  REQUIRE(granted.has_value());
  CHECK(granted.value().user_id == "admin");

  for (const char* credentials : {"Bearer", "Bearer ", "Bearer correct hors", "Bearer correct horsex",
                                  "Bearer Correct horse", "Basic correct horse", "correct horse"}) {
    CAPTURE(credentials);
    const auto refused = authorize(request_with("Authorization", credentials));
    REQUIRE(!refused.has_value());
    CHECK(refused.error().code() == ErrorCode::unauthorized);
    CHECK(std::string{refused.error().what()}.find("correct") == std::string::npos);
  }
  CHECK(!authorize(net::HttpRequest{}).has_value());
  CHECK(!authorize(request_with("Host", "localhost")).has_value());
}

TEST_CASE("without a token, whoever reaches the loopback address is admitted") {
  const AuthorizeRequest authorize = admin_authorizer(Secret{});
  CHECK(authorize(net::HttpRequest{}).has_value());
  for (const char* host : {"localhost", "localhost:8081", "127.0.0.1", "127.0.0.1:8081", "[::1]", "[::1]:8081"}) {
    CAPTURE(host);
    CHECK(authorize(request_with("Host", host)).has_value());
  }
}

TEST_CASE("without a token, a web page whose name was made to point here is refused") {
  const AuthorizeRequest authorize = admin_authorizer(Secret{});
  for (const char* host : {"evil.example", "evil.example:8081", "localhost.evil.example", "127.0.0.1.evil.example",
                           "evil-localhost", "[::1", ":8081"}) {
    CAPTURE(host);
    const auto refused = authorize(request_with("Host", host));
    REQUIRE(!refused.has_value());
    CHECK(refused.error().code() == ErrorCode::permission_denied);
  }
}

}  // namespace sluice
