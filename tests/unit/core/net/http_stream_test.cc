#include "core/net/http_stream.h"

#include <doctest/doctest.h>

#include <future>

#include "core/net/streamed_answer.h"
#include "raw_client.h"

namespace sluice::net::test {

using namespace std::chrono_literals;

namespace {

using Next = StreamedAnswer::Next;

/// A server whose `/live` gives the handler's end of the stream to the test.
struct StreamingServer {
  explicit StreamingServer(ListenerOptions options = loopback(), std::size_t queue_bytes = 1 << 20)
      : server{std::move(options)} {
    server.listener.router().add(HttpMethod::get, "/live", [this, queue_bytes](HttpRequest, HttpResponder responder) {
      HttpStreamEnds ends = make_http_stream(queue_bytes);
      HttpResponse response{200};
      response.headers.set("Content-Type", "text/event-stream");
      response.stream = std::move(ends.reader);
      ends.writer.on_closed([this] { closed.set_value(); });
      responder.send(std::move(response));
      opened.set_value(std::move(ends.writer));
    });
    server.answer(HttpMethod::get, "/next", HttpResponse::text(200, "next"));
  }

  // Before the server: its handler's callbacks end with it.
  std::promise<void> closed;
  std::promise<HttpStream> opened;
  TestServer server;
};

bool is_ready(std::future<void> future) { return future.wait_for(kPatience) == std::future_status::ready; }

}  // namespace

TEST_CASE("pieces leave as chunks in their order, and the last chunk completes the answer") {
  StreamingServer streaming;
  auto client = streaming.server.connect();
  client.get("/live");
  const HttpStream stream = streaming.opened.get_future().get();
  const RawResponse head = client.read_response();
  CHECK(head.status == 200);
  CHECK(head.headers.at("transfer-encoding") == "chunked");
  CHECK(head.headers.at("cache-control") == "no-store");
  CHECK(head.headers.at("x-accel-buffering") == "no");
  CHECK(!head.headers.contains("content-length"));
  CHECK(stream.write("one"));
  CHECK(client.read(8) == "3\r\none\r\n");
  std::thread other{[&] { CHECK(stream.write(std::string(26, 'x'))); }};
  CHECK(client.read(32) == "1a\r\n" + std::string(26, 'x') + "\r\n");
  other.join();
  stream.end();
  CHECK(client.read(5) == "0\r\n\r\n");
  CHECK(!stream.write("late"));

  client.get("/next");  // on the same connection
  CHECK(client.read_response().body == "next");
  CHECK(!stream.open());
}

TEST_CASE("a stream outlives the times of idle connections and of requests") {
  ListenerOptions options = loopback();
  options.idle_timeout = 1s;
  options.request_timeout = 30ms;
  StreamingServer streaming{options};
  auto client = streaming.server.connect();
  client.get("/live");
  const HttpStream stream = streaming.opened.get_future().get();
  client.read_response();
  auto idle = streaming.server.connect();  // is closed for its idleness, later than a stream would be
  CHECK(idle.closed_by_server());
  CHECK(stream.write("still here"));
  CHECK(client.read(15) == "a\r\nstill here\r\n");
}

TEST_CASE("the handler learns that the peer went away") {
  StreamingServer streaming;
  auto client = streaming.server.connect();
  client.get("/live");
  const HttpStream stream = streaming.opened.get_future().get();
  client.read_response();
  client.close();
  CHECK(is_ready(streaming.closed.get_future()));
  CHECK(!stream.open());
  CHECK(!stream.write("to nobody"));
  CHECK(eventually([&] { return streaming.server.counters().open_connections == 0; }));
  CHECK(streaming.server.counters().slow_clients == 0);
}

TEST_CASE("a peer that never reads is dropped once its queue is full") {
  StreamingServer streaming{loopback(), 256 << 10};
  RawClient client{streaming.server.listener.port(), RawClient::ReceiveBuffer::tiny};
  client.get("/live");
  const HttpStream stream = streaming.opened.get_future().get();
  const std::string piece(64 << 10, 'x');
  CHECK(eventually([&] { return !stream.write(piece); }));
  CHECK(is_ready(streaming.closed.get_future()));
  CHECK(eventually([&] { return streaming.server.counters().slow_clients == 1; }));
  CHECK(eventually([&] { return streaming.server.counters().open_connections == 0; }));
}

TEST_CASE("a peer that never reads what fits into its queue is dropped in time") {
  ListenerOptions options = loopback();
  options.request_timeout = 50ms;
  StreamingServer streaming{options, 64 << 20};
  RawClient client{streaming.server.listener.port(), RawClient::ReceiveBuffer::tiny};
  client.get("/live");
  const HttpStream stream = streaming.opened.get_future().get();
  CHECK(stream.write(std::string(32 << 20, 'x')));  // more than the sockets take
  CHECK(is_ready(streaming.closed.get_future()));
  CHECK(eventually([&] { return streaming.server.counters().slow_clients == 1; }));
}

TEST_CASE("a handler that drops its stream breaks the connection off") {
  StreamingServer streaming;
  auto client = streaming.server.connect();
  client.get("/live");
  {
    const HttpStream stream = streaming.opened.get_future().get();
    client.read_response();
    stream.write("half");
    CHECK(client.read(9) == "4\r\nhalf\r\n");
  }
  CHECK(client.closed_by_server());  // without the last chunk
}

TEST_CASE("HEAD shows the head of a stream, and ends it") {
  StreamingServer streaming;
  auto client = streaming.server.connect();
  client.send("HEAD /live HTTP/1.1\r\nHost: test\r\n\r\n");
  const HttpStream stream = streaming.opened.get_future().get();
  CHECK(client.read_response(RawClient::BodyOf::head).headers.at("content-type") == "text/event-stream");
  CHECK(is_ready(streaming.closed.get_future()));
  CHECK(!stream.write("x"));
  client.get("/next");
  CHECK(client.read_response().body == "next");
}

TEST_CASE("a peer of HTTP/1.0 reads a stream until the connection ends") {
  StreamingServer streaming;
  auto client = streaming.server.connect();
  client.send("GET /live HTTP/1.0\r\n\r\n");
  const HttpStream stream = streaming.opened.get_future().get();
  stream.write("plain");
  stream.end();
  CHECK(!client.read_response().headers.contains("transfer-encoding"));
  CHECK(client.read_until_closed() == "plain");
}

TEST_CASE("stopping the server completes the streams of those who read and breaks those of others") {
  StreamingServer reading;
  auto client = reading.server.connect();
  client.get("/live");
  const HttpStream stream = reading.opened.get_future().get();
  client.read_response();
  std::thread stopping{[&] { reading.server.server.stop(1s); }};
  CHECK(client.read(5) == "0\r\n\r\n");
  client.close();
  stopping.join();
  CHECK(is_ready(reading.closed.get_future()));
  CHECK(!stream.write("late"));

  StreamingServer stuck{loopback(), 64 << 20};
  RawClient deaf{stuck.server.listener.port(), RawClient::ReceiveBuffer::tiny};
  deaf.get("/live");
  const HttpStream unread = stuck.opened.get_future().get();
  CHECK(unread.write(std::string(32 << 20, 'x')));
  stuck.server.server.stop(10ms);
  CHECK(is_ready(stuck.closed.get_future()));
}

TEST_CASE("a stream that begins when the server stops already is completed, too") {
  std::promise<HttpResponder> asked;
  TestServer server;
  server.listener.router().add(HttpMethod::get, "/live",
                               [&](HttpRequest, HttpResponder responder) { asked.set_value(std::move(responder)); });
  auto client = server.connect();
  auto idle = server.connect();
  client.get("/live");
  const HttpResponder responder = asked.get_future().get();
  std::thread stopping{[&] { server.server.stop(kPatience); }};
  CHECK(idle.closed_by_server());  // so far the server is
  HttpStreamEnds ends = make_http_stream(1 << 20);
  HttpResponse response{200};
  response.stream = std::move(ends.reader);
  responder.send(std::move(response));
  CHECK(client.read_response().status == 200);
  CHECK(client.read(5) == "0\r\n\r\n");
  client.close();
  stopping.join();
  CHECK(!ends.writer.open());
}

TEST_CASE("the ends of a stream may go in any order, and its callbacks run once") {
  int closed = 0;
  SUBCASE("the reader first") {
    HttpStreamEnds ends = make_http_stream(100);
    ends.writer.on_closed([&] { ++closed; });
    ends.reader.reset();
    CHECK(closed == 1);
    CHECK(!ends.writer.write("x"));
    ends.writer.on_closed([&] { ++closed; });  // late: at once
    CHECK(closed == 2);
  }
  SUBCASE("the writer first") {
    auto ends = std::make_unique<HttpStreamEnds>(make_http_stream(100));
    ends->writer.on_closed([&] { ++closed; });
    ends->writer.write("x");
    const auto reader = ends->reader;
    ends.reset();
    const auto taken = reader->take();
    CHECK(taken.bytes == "x");
    CHECK(taken.end == HttpStreamReader::End::broken);
    CHECK(closed == 0);
  }
  SUBCASE("who ended it is not told that it was closed") {
    HttpStreamEnds ends = make_http_stream(100);
    ends.writer.on_closed([&] { ++closed; });
    ends.writer.end();
    ends.reader.reset();
    CHECK(closed == 0);
  }
}

TEST_CASE("what was taken counts against the queue until the next piece is") {
  const HttpStreamEnds ends = make_http_stream(10);
  int woken = 0;
  ends.reader->on_data([&] { ++woken; });
  CHECK(ends.writer.write("123456"));
  CHECK(ends.writer.write("78"));
  CHECK(woken == 1);  // it has not come yet
  CHECK(ends.reader->take().bytes == "12345678");
  CHECK(ends.writer.queued_bytes() == 8);
  CHECK(ends.writer.write("90"));
  CHECK(woken == 2);
  CHECK(ends.reader->take().bytes == "90");
  CHECK(ends.writer.queued_bytes() == 2);
  CHECK(!ends.writer.write("123456789"));
  CHECK(woken == 3);
  CHECK(ends.reader->overrun());
}

TEST_CASE("a streamed answer is drained step by step") {
  HttpStreamEnds ends = make_http_stream(100);
  StreamedAnswer answer{"HEAD", ends.reader, StreamFraming::chunked};
  REQUIRE(answer.next() == Next::write);
  answer.written(2);
  REQUIRE(answer.next() == Next::write);
  CHECK(answer.outgoing() == "AD");
  answer.written(2);
  CHECK(answer.next() == Next::wait);
  ends.writer.write("ab");
  REQUIRE(answer.next() == Next::write);
  CHECK(answer.outgoing() == "2\r\nab\r\n");
  ends.writer.write("c");  // while the other is on its way
  answer.finish();         // cuts it off
  answer.written(answer.outgoing().size());
  REQUIRE(answer.next() == Next::write);
  CHECK(answer.outgoing() == "0\r\n\r\n");
  answer.written(5);
  CHECK(answer.next() == Next::done);
}

}  // namespace sluice::net::test
