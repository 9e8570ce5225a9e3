#include <doctest/doctest.h>

#include "core/net/body_budget.h"
#include "raw_client.h"
#include "temporary_file.h"

namespace sluice::net::test {
namespace {

constexpr std::size_t kUsual = 100;
constexpr std::size_t kLarge = 5000;

ListenerOptions small_bodies() {
  ListenerOptions options = loopback();
  options.body_bytes = kUsual;
  options.large_bodies_bytes = 2 * kLarge;
  return options;
}

// `/upload` takes large bodies, `/tiny` tiny ones, `/usual` those that all take.
struct Uploads {
  Uploads() {
    const auto count = [](const HttpRequest& request, const HttpResponder& responder) {
      responder.send(HttpResponse::text(200, std::to_string(request.body.size())));
    };
    server.listener.router().add(HttpMethod::post, "/upload/{name}", count, kLarge);
    server.listener.router().add(HttpMethod::post, "/tiny", count, 10);
    server.listener.router().add(HttpMethod::post, "/usual", count);
  }
  TestServer server{small_bodies()};
};

std::string head(std::string_view path, std::size_t length, std::string_view more = "") {
  return "POST " + std::string{path} + " HTTP/1.1\r\nHost: t\r\n" + std::string{more} +
         "Content-Length: " + std::to_string(length) + "\r\n\r\n";
}

std::string chunked(std::string_view path, std::size_t length) {
  constexpr std::size_t kChunk = 16;
  std::string text = "POST " + std::string{path} + " HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (; length >= kChunk; length -= kChunk) text += "10\r\n" + std::string(kChunk, 'a') + "\r\n";
  return text + "0\r\n\r\n";
}

}  // namespace

TEST_CASE_FIXTURE(Uploads, "each route takes bodies up to its own length") {
  struct Case {
    const char* path;
    std::size_t length;
    int status;
  };
  for (const Case& expected :
       {Case{"/upload/a", kLarge, 200}, Case{"/upload/a", kLarge + 1, 413}, Case{"/upload/a/", kLarge, 200},
        Case{"/usual", kUsual, 200}, Case{"/usual", kUsual + 1, 413}, Case{"/tiny", 10, 200}, Case{"/tiny", 11, 413},
        Case{"/nothing", kUsual + 1, 413}}) {
    CAPTURE(expected.path);
    CAPTURE(expected.length);
    auto client = server.connect();
    client.send(head(expected.path, expected.length) + std::string(expected.length, 'a'));
    const RawResponse response = client.read_response();
    CHECK(response.status == expected.status);
    if (expected.status == 200) CHECK(response.body == std::to_string(expected.length));
    if (expected.status == 413) CHECK(response.body.find("LIMIT_EXCEEDED") != std::string::npos);
  }
}

TEST_CASE_FIXTURE(Uploads, "a sum of chunks is bounded, too") {
  for (const auto& [path, length, status] :
       {std::tuple{"/upload/a", kLarge / 16 * 16, 200}, std::tuple{"/upload/a", kLarge + 16, 413},
        std::tuple{"/usual", kUsual / 16 * 16, 200}, std::tuple{"/usual", kUsual + 16, 413}}) {
    CAPTURE(path);
    CAPTURE(length);
    auto client = server.connect();
    client.send(chunked(path, length));
    CHECK(client.read_response().status == status);
  }
}

TEST_CASE_FIXTURE(Uploads, "who waits for 100 is refused before it sends a body that is too large") {
  auto client = server.connect();
  client.send(head("/upload/a", kLarge + 1, "Expect: 100-continue\r\n"));
  CHECK(client.read_response().status == 413);
}

TEST_CASE_FIXTURE(Uploads, "large bodies share their memory, and give it back") {
  auto first = server.connect();
  auto second = server.connect();
  first.send(head("/upload/a", kLarge, "Expect: 100-continue\r\n"));
  second.send(head("/upload/a", kLarge, "Expect: 100-continue\r\n"));
  CHECK(first.read(25) == "HTTP/1.1 100 Continue\r\n\r\n");
  CHECK(second.read(25) == "HTTP/1.1 100 Continue\r\n\r\n");

  auto third = server.connect();
  third.send(head("/upload/a", kUsual + 1));
  const RawResponse refused = third.read_response();
  CHECK(refused.status == 503);
  CHECK(refused.headers.at("retry-after") == "1");
  auto usual = server.connect();
  usual.send(head("/usual", kUsual) + std::string(kUsual, 'a'));
  CHECK(usual.read_response().status == 200);  // the usual ones need none of it

  first.send(std::string(kLarge, 'a'));
  CHECK(first.read_response().status == 200);
  second.close();
  first.send(head("/upload/a", kLarge) + std::string(kLarge, 'a'));
  CHECK(first.read_response().status == 200);
}

TEST_CASE("a budget is what was taken and not given back") {
  BodyBudget budget{10};
  {
    auto seven = budget.take(7);
    REQUIRE(seven.has_value());
    CHECK(!budget.take(4).has_value());
    const auto three = budget.take(3);
    CHECK(three.has_value());
    CHECK(budget.left() == 0);
    const auto moved = std::move(seven);
    CHECK(budget.left() == 0);
  }
  CHECK(budget.left() == 10);
}

TEST_CASE("a handler's file is streamed, whole and in parts") {
  std::string content(200'000, ' ');
  for (std::size_t i = 0; i < content.size(); ++i) content[i] = static_cast<char>('a' + i % 23);
  const TemporaryFile file{content};
  TestServer server;
  HttpResponse response{200};
  response.headers.set("Content-Type", "video/webm");
  response.file = file.path();
  server.answer(HttpMethod::get, "/file", response);

  auto client = server.connect();
  client.get("/file");
  const RawResponse whole = client.read_response();
  CHECK(whole.status == 200);
  CHECK(whole.body == content);
  CHECK(whole.headers.at("accept-ranges") == "bytes");

  client.get("/file", "Range: bytes=100000-149999\r\n");
  const RawResponse part = client.read_response();
  CHECK(part.status == 206);
  CHECK(part.body == content.substr(100'000, 50'000));
  CHECK(part.headers.at("content-range") == "bytes 100000-149999/200000");

  client.get("/file", "If-None-Match: " + whole.headers.at("etag") + "\r\n");
  CHECK(client.read_response().status == 304);
  client.get("/file", "Range: bytes=200000-\r\n");
  CHECK(client.read_response().status == 416);
  client.send("HEAD /file HTTP/1.1\r\nHost: t\r\nRange: bytes=0-1\r\n\r\n");
  const RawResponse head_only = client.read_response(RawClient::BodyOf::head);
  CHECK(head_only.status == 200);
  CHECK(head_only.headers.at("content-length") == "200000");
  client.get("/file", "Range: bytes=-3\r\n");
  CHECK(client.read_response().body == content.substr(content.size() - 3));
}

}  // namespace sluice::net::test
