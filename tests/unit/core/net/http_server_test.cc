#include "core/net/http_server.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <vector>

#include "raw_client.h"

namespace sluice::net::test {

using namespace std::chrono_literals;

TEST_CASE("a request reaches its handler decoded, and the answer comes back") {
  TestServer server;
  server.listener.router().add(
      HttpMethod::post, "/api/rooms/{id}", [](const HttpRequest& request, const HttpResponder& responder) {
        responder.send(HttpResponse::text(201, std::string{request.param("id")} + "|" + request.query.at("n") + "|" +
                                                   request.body + "|" + request.remote.ip() + "|" +
                                                   std::string{request.headers.get("x-token")}));
      });
  auto client = server.connect();
  client.send("POST /api/rooms/a%20b?n=1+2 HTTP/1.1\r\nHost: test\r\nX-Token: t\r\nContent-Length: 4\r\n\r\nbody");
  const RawResponse response = client.read_response();
  CHECK(response.status == 201);
  CHECK(response.body == "a b|1 2|body|127.0.0.1|t");
  CHECK(response.headers.at("x-content-type-options") == "nosniff");
  CHECK(response.headers.at("cache-control") == "no-store");
  CHECK(response.headers.contains("date"));
}

TEST_CASE("what no route answers is 404, 405 with the methods, or the answer to OPTIONS") {
  ListenerOptions options = loopback();
  options.cors_origins = {"https://app.test"};
  TestServer server{options};
  server.answer(HttpMethod::get, "/x", HttpResponse::text(200, "x"));
  auto client = server.connect();  // one connection: every answer keeps it open
  client.get("/y");
  CHECK(client.read_response().status == 404);
  client.send("DELETE /x HTTP/1.1\r\nHost: test\r\n\r\n");
  const RawResponse wrong_method = client.read_response();
  CHECK(wrong_method.status == 405);
  CHECK(wrong_method.headers.at("allow") == "GET, HEAD, OPTIONS");
  client.send(
      "OPTIONS /x HTTP/1.1\r\nHost: test\r\nOrigin: https://app.test\r\nAccess-Control-Request-Method: GET\r\n\r\n");
  const RawResponse preflight = client.read_response();
  CHECK(preflight.status == 204);
  CHECK(preflight.headers.at("access-control-allow-origin") == "https://app.test");
  CHECK(preflight.headers.at("access-control-allow-methods") == "GET, HEAD, OPTIONS");
  client.get("/x", "Origin: https://app.test\r\n");
  CHECK(client.read_response().headers.at("access-control-allow-origin") == "https://app.test");
  client.send("HEAD /x HTTP/1.1\r\nHost: test\r\n\r\n");
  const RawResponse head = client.read_response(RawClient::BodyOf::head);
  CHECK(head.status == 200);
  CHECK(head.headers.at("content-length") == "1");
  client.get("/x");
  CHECK(client.read_response().body == "x");
}

TEST_CASE("what is no request gets the status that says why, and the connection ends") {
  ListenerOptions options = loopback();
  options.body_bytes = 100;
  options.header_bytes = 1000;
  TestServer server{options};
  server.answer(HttpMethod::post, "/", HttpResponse{204});
  struct Case {
    std::string request;
    int status;
  };
  const std::string host = "Host: test\r\n";
  const Case cases[] = {
      {"nonsense\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\n\r\n", 400},  // no Host
      {"GET / HTTP/1.1\r\n" + host + host + "\r\n", 400},
      {"GET /%00 HTTP/1.1\r\n" + host + "\r\n", 400},
      {"GET /../x HTTP/1.1\r\n" + host + "\r\n", 400},
      {"GET /%zz HTTP/1.1\r\n" + host + "\r\n", 400},
      {"GET / HTTP/1.1\r\n" + host + "A: b\rc\r\n\r\n", 400},
      {"BREW / HTTP/1.1\r\n" + host + "\r\n", 501},
      {"GET / HTTP/1.1\r\n" + host + "A: " + std::string(2000, 'a') + "\r\n\r\n", 431},
      {"POST / HTTP/1.1\r\n" + host + "Content-Length: 101\r\n\r\n" + std::string(101, 'a'), 413},
      {"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n80\r\n" + std::string(128, 'a') +
           "\r\n0\r\n\r\n",
       413},
      {"POST / HTTP/1.1\r\n" + host + "Content-Length: x\r\n\r\n", 400},
  };
  for (const Case& expected : cases) {
    CAPTURE(expected.request);
    auto client = server.connect();
    client.send(expected.request);
    CHECK(client.read_response().status == expected.status);
    CHECK(client.closed_by_server());
  }
  CHECK(server.counters().bad_requests == std::size(cases));
}

TEST_CASE("requests sent ahead are answered in their order") {
  TestServer server;
  for (const char* name : {"/a", "/b", "/c"}) server.answer(HttpMethod::get, name, HttpResponse::text(200, name));
  auto client = server.connect();
  client.send(
      "GET /a HTTP/1.1\r\nHost: t\r\n\r\nGET /b HTTP/1.1\r\nHost: t\r\n\r\n"
      "GET /c HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n");
  for (const char* name : {"/a", "/b", "/c"}) CHECK(client.read_response().body == name);
  CHECK(client.closed_by_server());
}

TEST_CASE("many more requests than the read-ahead holds are answered") {
  TestServer server;
  server.answer(HttpMethod::get, "/a", HttpResponse::text(200, "a"));
  auto client = server.connect();
  std::string requests;
  for (int i = 0; i < 500; ++i) requests += "GET /a HTTP/1.1\r\nHost: t\r\n\r\n";
  client.send(requests);
  for (int i = 0; i < 500; ++i) REQUIRE(client.read_response().body == "a");
}

TEST_CASE("a held request with another one behind it is answered, and so is the other") {
  TestServer server;
  std::promise<HttpResponder> held;
  server.listener.router().add(HttpMethod::get, "/poll",
                               [&](HttpRequest, HttpResponder responder) { held.set_value(std::move(responder)); });
  server.answer(HttpMethod::get, "/next", HttpResponse::text(200, "next"));
  auto client = server.connect();
  client.send("GET /poll HTTP/1.1\r\nHost: t\r\n\r\nGET /next HTTP/1.1\r\nHost: t\r\n\r\n");
  const HttpResponder responder = held.get_future().get();
  auto other = server.connect();  // the server goes on meanwhile
  other.get("/next");
  CHECK(other.read_response().body == "next");
  CHECK(responder.send(HttpResponse::text(200, "late")));
  CHECK(client.read_response().body == "late");
  CHECK(client.read_response().body == "next");
}

TEST_CASE("a client that waits for 100 is told to go on") {
  TestServer server;
  server.answer(HttpMethod::post, "/", HttpResponse::text(200, "got it"));
  auto client = server.connect();
  client.send("POST / HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  CHECK(client.read_response().status == 100);
  client.send("ab");
  CHECK(client.read_response().body == "got it");
}

TEST_CASE("an answer may come later and from another thread") {
  TestServer server;
  std::promise<HttpResponder> held;
  server.listener.router().add(HttpMethod::get, "/poll",
                               [&](HttpRequest, HttpResponder responder) { held.set_value(std::move(responder)); });
  auto client = server.connect();
  client.get("/poll");
  std::thread other{[&] { held.get_future().get().send(HttpResponse::text(200, "late")); }};
  CHECK(client.read_response().body == "late");
  other.join();
}

TEST_CASE("a held request learns that its client went away") {
  TestServer server;
  std::promise<void> entered;
  std::promise<void> abandoned;
  std::optional<HttpResponder> held;
  server.listener.router().add(HttpMethod::get, "/poll", [&](HttpRequest, const HttpResponder& responder) {
    held = responder;
    responder.on_abandoned([&] { abandoned.set_value(); });
    entered.set_value();
  });
  auto client = server.connect();
  client.get("/poll");
  entered.get_future().wait();
  client.close();
  CHECK(abandoned.get_future().wait_for(kPatience) == std::future_status::ready);
  CHECK(!held->send(HttpResponse{200}));
  CHECK(eventually([&] { return server.counters().abandoned_requests == 1; }));
}

TEST_CASE("a handler that throws, drops its request or injects a header costs that request a 500") {
  TestServer server;
  auto& router = server.listener.router();
  router.add(HttpMethod::get, "/throws",
             [](const HttpRequest&, const HttpResponder&) { throw std::runtime_error{"secret"}; });
  router.add(HttpMethod::get, "/drops", [](const HttpRequest&, const HttpResponder&) {});
  router.add(HttpMethod::get, "/injects", [](const HttpRequest&, const HttpResponder& responder) {
    HttpResponse response{302};
    response.headers.set("Location", "/x\r\nSet-Cookie: a=b");
    responder.send(response);
  });
  server.answer(HttpMethod::get, "/status", HttpResponse{7});
  auto client = server.connect();
  for (const char* path : {"/throws", "/drops", "/injects", "/status"}) {
    CAPTURE(path);
    client.get(path);
    const RawResponse response = client.read_response();
    CHECK(response.status == 500);
    CHECK(response.body.find("secret") == std::string::npos);
    CHECK(!response.headers.contains("set-cookie"));
  }
  CHECK(server.counters().handler_failures == 2);
}

TEST_CASE("a half-sent request is answered with 408, and an idle connection ends") {
  ListenerOptions options = loopback();
  options.request_timeout = 50ms;
  options.idle_timeout = 50ms;
  TestServer server{options};
  SUBCASE("within the head") {
    auto client = server.connect();
    client.send("GET / HTTP/1.1\r\nHost:");
    CHECK(client.read_response().status == 408);
    CHECK(client.closed_by_server());
    CHECK(server.counters().request_timeouts == 1);
  }
  SUBCASE("within the body") {
    auto client = server.connect();
    client.send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 9\r\n\r\nabc");
    CHECK(client.read_response().status == 408);
    CHECK(client.closed_by_server());
  }
  SUBCASE("before the first byte") {
    auto client = server.connect();
    CHECK(client.closed_by_server());
    CHECK(server.counters().request_timeouts == 0);
  }
}

TEST_CASE("an answer that the client does not take ends the connection") {
  ListenerOptions options = loopback();
  options.request_timeout = 50ms;
  TestServer server{options};
  server.answer(HttpMethod::get, "/", HttpResponse::text(200, std::string(32 << 20, 'a')));
  RawClient client{server.listener.port(), RawClient::ReceiveBuffer::tiny};
  client.get("/");
  CHECK(eventually([&] { return server.counters().request_timeouts == 1; }));
  CHECK(eventually([&] { return server.counters().open_connections == 0; }));
}

TEST_CASE("connections over a limit are closed, and a place is free again once one leaves") {
  ListenerOptions options = loopback();
  SUBCASE("in all") { options.max_connections = 2; }
  SUBCASE("per address") { options.max_connections_per_address = 2; }
  TestServer server{options};
  server.answer(HttpMethod::get, "/", HttpResponse{204});
  auto one = server.connect();
  auto two = server.connect();
  for (auto* client : {&one, &two}) {
    client->get("/");
    CHECK(client->read_response().status == 204);
  }
  auto three = server.connect();
  CHECK(three.closed_by_server());
  CHECK(server.counters().refused_limit == 1);
  one.close();
  REQUIRE(eventually([&] { return server.counters().open_connections == 1; }));
  auto four = server.connect();
  four.get("/");
  CHECK(four.read_response().status == 204);
}

TEST_CASE("an address that connects too often is refused for a while") {
  ListenerOptions options = loopback();
  options.connections_per_second = 0.001;
  options.connection_burst = 2;
  TestServer server{options};
  auto one = server.connect();
  auto two = server.connect();
  auto three = server.connect();
  CHECK(three.closed_by_server());
  CHECK(server.counters().refused_rate == 1);
}

TEST_CASE("a foreign page may not write where the listener refuses it") {
  ListenerOptions options = loopback();
  options.foreign_origins = ForeignOrigins::refuse;
  TestServer server{options};
  server.answer(HttpMethod::post, "/", HttpResponse{204});
  auto client = server.connect();
  const auto post_from = [&](const std::string& origin) {
    client.send("POST / HTTP/1.1\r\nHost: me\r\nContent-Length: 0\r\n" + origin + "\r\n");
    return client.read_response().status;
  };
  CHECK(post_from("Origin: http://evil.test\r\n") == 403);
  CHECK(post_from("Origin: http://me\r\n") == 204);
  CHECK(post_from("") == 204);
  CHECK(server.counters().refused_origin == 1);
}

TEST_CASE("a taken port is an error that names listener, address and port") {
  TestServer server;
  ListenerOptions options = loopback();
  options.name = "admin";
  options.port = server.listener.port();
  HttpServer other;
  try {
    other.listen(options);
    FAIL("the port is taken");
  } catch (const ListenError& error) {
    const std::string text = error.what();
    CHECK(text ==
          "listener 'admin': cannot listen on 127.0.0.1:" + std::to_string(options.port) + ": Address already in use");
  }
  options.address = "not-an-address";
  CHECK_THROWS_AS(other.listen(options), ListenError);
}

TEST_CASE("a hundred clients keep their connections and get their own answers") {
  TestServer server;
  server.listener.router().add(HttpMethod::get, "/{n}", [](const HttpRequest& request, const HttpResponder& responder) {
    responder.send(HttpResponse::text(200, std::string{request.param("n")}));
  });
  std::vector<RawClient> clients;
  for (int i = 0; i < 100; ++i) clients.push_back(server.connect());
  for (int round = 0; round < 5; ++round) {
    for (std::size_t i = 0; i < clients.size(); ++i) clients[i].get("/" + std::to_string(i));
    for (std::size_t i = 0; i < clients.size(); ++i) REQUIRE(clients[i].read_response().body == std::to_string(i));
  }
  CHECK(server.counters().connections == 100);
  CHECK(server.counters().requests == 500);
}

TEST_CASE("files are streamed, and a route comes before a file of its path") {
  std::string name = (std::filesystem::temp_directory_path() / "sluice-web-XXXXXX").string();
  const std::filesystem::path directory = ::mkdtemp(name.data());
  const std::string large(3 << 20, 'x');
  std::ofstream{directory / "large.bin"} << large;
  std::ofstream{directory / "index.html"} << "<html>";
  ListenerOptions options = loopback();
  options.static_files.directory = directory.string();
  {
    TestServer server{options};
    server.answer(HttpMethod::get, "/api", HttpResponse::text(200, "route"));
    auto client = server.connect();
    client.get("/large.bin");
    CHECK(client.read_response().body == large);
    client.get("/");
    const RawResponse page = client.read_response();
    CHECK(page.body == "<html>");
    CHECK(page.headers.at("content-type") == "text/html; charset=utf-8");
    client.get("/", "If-None-Match: " + page.headers.at("etag") + "\r\n");
    CHECK(client.read_response().status == 304);
    client.send("HEAD /large.bin HTTP/1.1\r\nHost: t\r\n\r\n");
    CHECK(client.read_response(RawClient::BodyOf::head).headers.at("content-length") == std::to_string(large.size()));
    client.get("/api");
    CHECK(client.read_response().body == "route");
    client.get("/../etc/passwd");
    CHECK(client.read_response().status == 400);
  }
  std::filesystem::remove_all(directory);
}

TEST_CASE("stopping ends idle connections, lets a request finish, and breaks one that does not") {
  auto server = std::make_unique<TestServer>();
  std::promise<HttpResponder> finishing;
  std::promise<void> stuck_entered;
  std::optional<HttpResponder> stuck;
  server->listener.router().add(HttpMethod::get, "/finishes", [&](HttpRequest, HttpResponder responder) {
    finishing.set_value(std::move(responder));
  });
  server->listener.router().add(HttpMethod::get, "/stuck", [&](HttpRequest, HttpResponder responder) {
    stuck = std::move(responder);
    stuck_entered.set_value();
  });
  auto idle = server->connect();
  auto finishes = server->connect();
  auto breaks = server->connect();
  finishes.get("/finishes");
  breaks.get("/stuck");
  const HttpResponder responder = finishing.get_future().get();
  stuck_entered.get_future().wait();

  std::thread stopping{[&] { server->server.stop(1s); }};
  CHECK(idle.closed_by_server());
  responder.send(HttpResponse::text(200, "done"));
  const RawResponse last = finishes.read_response();
  CHECK(last.body == "done");
  CHECK(last.headers.at("connection") == "close");
  finishes.close();
  idle.close();
  CHECK(breaks.closed_by_server());
  stopping.join();
  CHECK_THROWS(server->connect());
  server.reset();
  CHECK(!stuck->send(HttpResponse{200}));  // nobody to answer, nothing to break
}

}  // namespace sluice::net::test
