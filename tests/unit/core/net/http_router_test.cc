#include "core/net/http_router.h"

#include <doctest/doctest.h>

#include <thread>

namespace sluice::net {

namespace {

HttpHandler named(std::string name, std::string& called) {
  return [name = std::move(name), &called](HttpRequest, const HttpResponder& responder) {
    called = name;
    responder.send(HttpResponse{204});
  };
}

}  // namespace

TEST_CASE("the most specific pattern answers") {
  HttpRouter router;
  std::string called;
  for (const std::string_view pattern : {"/files/{path...}", "/api/rooms/{id}", "/api/rooms/all", "/api/{kind}/all",
                                         "/", "/api/rooms/{id}/recordings/{recording}"}) {
    router.add(HttpMethod::get, pattern, named(std::string{pattern}, called));
  }
  struct Case {
    std::string_view path;
    std::string_view pattern;
    HttpFields params;
  };
  const Case cases[] = {
      {"/", "/", {}},
      {"/api/rooms/7", "/api/rooms/{id}", {{"id", "7"}}},
      {"/api/rooms/7/", "/api/rooms/{id}", {{"id", "7"}}},
      {"/api/rooms/all", "/api/rooms/all", {}},
      {"/api/users/all", "/api/{kind}/all", {{"kind", "users"}}},
      {"/api/rooms/a b/recordings/x", "/api/rooms/{id}/recordings/{recording}", {{"id", "a b"}, {"recording", "x"}}},
      {"/files/a", "/files/{path...}", {{"path", "a"}}},
      {"/files/a/b/c.txt", "/files/{path...}", {{"path", "a/b/c.txt"}}},
  };
  for (const Case& expected : cases) {
    CAPTURE(expected.path);
    const auto match = router.match(HttpMethod::get, expected.path);
    REQUIRE(match.handler);
    (*match.handler)({}, HttpResponder{[](const HttpResponse&) {}});
    CHECK(called == expected.pattern);
    CHECK(match.params == expected.params);
  }
  for (const std::string_view path : {"/api", "/api/rooms", "/files", "/files/", "/api/rooms/7/recordings", "/x"}) {
    CAPTURE(path);
    const auto match = router.match(HttpMethod::get, path);
    CHECK(!match.handler);
    CHECK(match.allow.empty());
  }
}

TEST_CASE("a path without the method names the methods that it has") {
  HttpRouter router;
  std::string called;
  router.add(HttpMethod::get, "/api/rooms/{id}", named("get", called));
  router.add(HttpMethod::delete_, "/api/rooms/{room}", named("delete", called));
  const auto match = router.match(HttpMethod::post, "/api/rooms/7");
  CHECK(!match.handler);
  CHECK(match.allow == "GET, HEAD, DELETE, OPTIONS");
  CHECK(router.match(HttpMethod::head, "/api/rooms/7").handler);
}

TEST_CASE("a second route of one shape and a malformed pattern are refused") {
  HttpRouter router;
  std::string called;
  router.add(HttpMethod::get, "/a/{x}", named("", called));
  CHECK_THROWS_AS(router.add(HttpMethod::get, "/a/{y}", named("", called)), RouteError);
  CHECK_THROWS_AS(router.add(HttpMethod::get, "/a/{y}/", named("", called)), RouteError);
  CHECK_NOTHROW(router.add(HttpMethod::post, "/a/{y}", named("", called)));
  for (const std::string_view bad : {"", "a", "/a//b", "/{", "/}", "/{}", "/{...}", "/a{b}", "/{a}b", "/{a...}/b"}) {
    CAPTURE(bad);
    CHECK_THROWS_AS(router.add(HttpMethod::get, bad, named("", called)), RouteError);
  }
}

TEST_CASE("a removed route is gone, but for a request that is in it") {
  HttpRouter router;
  std::string called;
  const RouteId id = router.add(HttpMethod::get, "/a", named("a", called));
  router.add(HttpMethod::get, "/b", named("b", called));
  const auto held = router.match(HttpMethod::get, "/a");
  router.remove(id);
  router.remove(id);
  CHECK(!router.match(HttpMethod::get, "/a").handler);
  CHECK(router.match(HttpMethod::get, "/b").handler);
  (*held.handler)({}, HttpResponder{[](const HttpResponse&) {}});
  CHECK(called == "a");
  CHECK_NOTHROW(router.add(HttpMethod::get, "/a", named("again", called)));
}

TEST_CASE("a WebSocket and a route share a path") {
  HttpRouter router;
  std::string called;
  router.add(HttpMethod::get, "/socket.io/", named("polling", called));
  const RouteId id =
      router.add_web_socket("/socket.io/", [](const HttpRequest&) -> AcceptDecision { return HttpResponse{403}; });
  CHECK(router.match_web_socket("/socket.io").acceptor);
  CHECK(router.match(HttpMethod::get, "/socket.io/").handler);
  CHECK(router.routes().size() == 1);
  router.remove(id);
  CHECK(!router.match_web_socket("/socket.io/").acceptor);
}

TEST_CASE("routes come and go while requests are matched") {
  HttpRouter router;
  std::string called;
  router.add(HttpMethod::get, "/stays", named("", called));
  std::thread writer{[&] {
    for (int i = 0; i < 200; ++i) router.remove(router.add(HttpMethod::get, "/goes", named("", called)));
  }};
  int found = 0;
  for (int i = 0; i < 200; ++i) found += router.match(HttpMethod::get, "/stays").handler ? 1 : 0;
  writer.join();
  CHECK(found == 200);
  CHECK(router.routes().size() == 1);
}

}  // namespace sluice::net
