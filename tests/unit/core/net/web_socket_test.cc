#include "core/net/web_socket.h"

#include <doctest/doctest.h>

#include <future>
#include <mutex>
#include <optional>

#include "raw_client.h"
#include "web_socket_client.h"

namespace sluice::net::test {

using namespace std::chrono_literals;

namespace {

SharedText shared(std::string text) { return std::make_shared<const std::string>(std::move(text)); }

/// A server whose `/ws` echoes, and that remembers how its channel ended.
struct EchoServer : TestServer {
  struct End {
    WebSocketClose code;
    std::string reason;
  };

  explicit EchoServer(ListenerOptions options = loopback()) : TestServer{std::move(options)} {
    listener.router().add_web_socket("/ws", [this](const HttpRequest&) -> AcceptDecision {
      return WebSocketAccept{.on_open = [this](std::shared_ptr<WebSocketChannel> channel) {
        opened.set_value(channel);
        return WebSocketHandlers{
            .on_text = [channel](std::string text) { channel->send_text(shared(std::move(text))); },
            .on_closed =
                [this](WebSocketClose code, std::string reason) {
                  closed.set_value({code, std::move(reason)});
                }};
      }};
    });
  }
  ~EchoServer() { server.stop(0ms); }

  End end() {
    auto future = closed.get_future();
    REQUIRE(future.wait_for(kPatience) == std::future_status::ready);
    return future.get();
  }

  std::promise<std::shared_ptr<WebSocketChannel>> opened;
  std::promise<End> closed;
};

}  // namespace

TEST_CASE("a WebSocket opens as in RFC 6455 section 1.3 and carries messages both ways") {
  EchoServer server;
  WebSocketClient client{server.connect()};
  CHECK(client.upgrade.status == 101);
  CHECK(client.upgrade.headers.at("sec-websocket-accept") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  client.send_text("hello");
  CHECK(client.read_frame().payload == "hello");
  client.send_text("");
  CHECK(client.read_frame().payload.empty());
  const std::string large(200'000, 'x');
  client.send_text(large);
  CHECK(client.read_frame().payload == large);
  CHECK(server.counters().messages_received == 3);
  CHECK(server.counters().open_web_sockets == 1);
}

TEST_CASE("a fragmented message is one message, with a ping between its fragments") {
  EchoServer server;
  WebSocketClient client{server.connect()};
  client.send_frame(1, "one ", WebSocketClient::Fin::no);
  client.send_frame(0, "two ", WebSocketClient::Fin::no);
  client.send_frame(9, "ping");
  client.send_frame(0, "three", WebSocketClient::Fin::yes);
  const Frame pong = client.read_frame();
  CHECK(pong.opcode == 10);
  CHECK(pong.payload == "ping");
  CHECK(client.read_frame().payload == "one two three");
}

TEST_CASE("one message may be gathered from parts, some of them shared") {
  EchoServer server;
  WebSocketClient client{server.connect()};
  const auto channel = server.opened.get_future().get();
  const SharedText body = shared("[\"room:joined\"]");
  channel->send_text({shared("42"), body, shared("")});
  channel->send_text({shared("43"), body});
  CHECK(client.read_frame().payload == "42[\"room:joined\"]");
  CHECK(client.read_frame().payload == "43[\"room:joined\"]");
  CHECK(eventually([&] { return channel->queued_bytes() == 0; }));
}

TEST_CASE("what the protocol forbids closes with the code that says so") {
  ListenerOptions options = loopback();
  options.message_bytes = 1000;
  EchoServer server{options};
  WebSocketClient client{server.connect()};
  SUBCASE("a message over the limit: 1009") {
    client.send_text(std::string(1001, 'a'));
    CHECK(client.read_frame().close_code() == 1009);
    CHECK(server.end().code == WebSocketClose::too_big);
    CHECK(server.counters().oversize_messages == 1);
  }
  SUBCASE("one far over it is still being sent when its end is told, and is taken: 1009") {
    CHECK(client.send_text(std::string(14 << 20, 'a')));
    CHECK(client.read_frame().close_code() == 1009);
  }
  SUBCASE("a message over the limit in fragments: 1009") {
    client.send_frame(1, std::string(600, 'a'), WebSocketClient::Fin::no);
    client.send_frame(0, std::string(600, 'a'), WebSocketClient::Fin::yes);
    CHECK(client.read_frame().close_code() == 1009);
    CHECK(server.end().code == WebSocketClose::too_big);
  }
  SUBCASE("a binary message: 1003") {
    client.send_frame(2, "bytes");
    const Frame close = client.read_frame();
    CHECK(close.opcode == 8);
    CHECK(close.close_code() == 1003);
    CHECK(server.end().code == WebSocketClose::unsupported);
    CHECK(server.counters().unsupported_data == 1);
  }
  SUBCASE("text that is not UTF-8: 1007 is what users are told") {
    client.send_text("\xff\xfe");
    CHECK(client.read_frame().opcode == 8);
    CHECK(server.end().code == WebSocketClose::bad_data);
  }
  SUBCASE("an unknown opcode: 1002") {
    client.send_frame(3, "");
    CHECK(client.read_frame().close_code() == 1002);
    CHECK(server.end().code == WebSocketClose::protocol_error);
  }
  SUBCASE("the peer's own close is answered and reported") {
    client.send_frame(8,
                      "\x0f\xa1"
                      "bye");  // 4001
    CHECK(client.read_frame().close_code() == 4001);
    const auto end = server.end();
    CHECK(static_cast<int>(end.code) == 4001);
    CHECK(end.reason == "bye");
  }
  SUBCASE("a connection that breaks is abnormal") {
    client.raw().close();
    CHECK(server.end().code == WebSocketClose::abnormal);
  }
  CHECK(eventually([&] { return server.counters().open_web_sockets == 0; }));
}

TEST_CASE("closing sends what is queued first, then the code and a reason that fits") {
  EchoServer server;
  WebSocketClient client{server.connect()};
  const auto channel = server.opened.get_future().get();
  channel->send_text(shared("last words"));
  std::string reason(122, 'r');
  reason += "\xc3\xa9";  // the bound would cut this character
  channel->close(WebSocketClose::policy, reason);
  channel->close(WebSocketClose::normal, "too late");
  channel->send_text(shared("too late"));
  CHECK(client.read_frame().payload == "last words");
  const Frame close = client.read_frame();
  CHECK(close.close_code() == 1008);
  CHECK(close.payload.substr(2) == std::string(122, 'r'));
  client.send_frame(8, close.payload);
  CHECK(client.raw().closed_by_server());
  CHECK(server.end().code == WebSocketClose::policy);
}

TEST_CASE("a client that does not read is dropped when its queue passes the bound") {
  ListenerOptions options = loopback();
  options.queue_bytes = 1 << 20;
  EchoServer server{options};
  WebSocketClient client{RawClient{server.listener.port(), RawClient::ReceiveBuffer::tiny}};
  const auto channel = server.opened.get_future().get();
  const SharedText text = shared(std::string(64 << 10, 'x'));
  auto closed = server.closed.get_future();
  std::size_t most = 0;
  REQUIRE(eventually([&] {
    channel->send_text(text);
    most = std::max(most, channel->queued_bytes());
    return closed.wait_for(0s) == std::future_status::ready;
  }));
  CHECK(closed.get().code == WebSocketClose::policy);
  CHECK(most <= options.queue_bytes + text->size());
  CHECK(server.counters().slow_clients == 1);
  CHECK(eventually([&] { return server.counters().open_connections == 0; }));
}

TEST_CASE("a client that reads slowly may still learn why it is dropped") {
  ListenerOptions options = loopback();
  options.queue_bytes = 100;
  EchoServer server{options};
  WebSocketClient client{server.connect()};
  server.opened.get_future().get()->send_text(shared(std::string(101, 'x')));
  CHECK(client.read_frame().close_code() == 1008);
}

TEST_CASE("a silent client is pinged, and dropped if it stays silent") {
  ListenerOptions options = loopback();
  options.idle_timeout = 100ms;
  EchoServer server{options};
  WebSocketClient client{server.connect()};
  CHECK(client.read_frame().opcode == 9);
  CHECK(server.end().code == WebSocketClose::abnormal);
  CHECK(client.raw().closed_by_server());
}

TEST_CASE("an upgrade is refused by its acceptor, for want of one, or as a foreign page's") {
  ListenerOptions options = loopback();
  options.foreign_origins = ForeignOrigins::refuse;
  EchoServer server{options};
  server.listener.router().add_web_socket("/refuses", [](const HttpRequest& request) -> AcceptDecision {
    return HttpResponse::error(401, "UNAUTHORIZED", request.query.at("token"));
  });
  server.listener.router().add_web_socket("/throws",
                                          [](const HttpRequest&) -> AcceptDecision { throw std::runtime_error{"x"}; });
  const WebSocketClient refused{server.connect(), "/refuses?token=bad"};
  CHECK(refused.upgrade.status == 401);
  CHECK(refused.upgrade.body.find("bad") != std::string::npos);
  CHECK(WebSocketClient{server.connect(), "/throws"}.upgrade.status == 500);
  CHECK(WebSocketClient{server.connect(), "/nothing"}.upgrade.status == 404);
  CHECK(WebSocketClient{server.connect(), "/ws", "Origin: http://evil.test\r\n"}.upgrade.status == 403);
  CHECK(WebSocketClient{server.connect(), "/ws", "Origin: http://test\r\n"}.upgrade.status == 101);
}

TEST_CASE("bytes before the handshake's answer are refused") {
  EchoServer server;
  auto client = server.connect();
  client.send(
      "GET /ws HTTP/1.1\r\nHost: t\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n\x81\x80");
  CHECK(client.read_response().status == 400);
}

TEST_CASE("the chosen subprotocol stands in the answer") {
  TestServer server;
  server.listener.router().add_web_socket("/p", [](const HttpRequest&) -> AcceptDecision {
    return WebSocketAccept{.on_open = [](const auto&) { return WebSocketHandlers{}; }, .subprotocol = "sluice.v1"};
  });
  const WebSocketClient client{server.connect(), "/p", "Sec-WebSocket-Protocol: sluice.v1, other\r\n"};
  CHECK(client.upgrade.headers.at("sec-websocket-protocol") == "sluice.v1");
}

TEST_CASE("a handler that throws closes its own channel with 1011") {
  TestServer server;
  server.listener.router().add_web_socket("/t", [](const HttpRequest&) -> AcceptDecision {
    return WebSocketAccept{.on_open = [](const auto&) {
      return WebSocketHandlers{.on_text = [](std::string) { throw std::runtime_error{"x"}; }, .on_closed = {}};
    }};
  });
  WebSocketClient client{server.connect(), "/t"};
  client.send_text("x");
  CHECK(client.read_frame().close_code() == 1011);
  CHECK(server.counters().handler_failures == 1);
}

TEST_CASE("stopping says 1001, and a channel that is left over does nothing") {
  std::shared_ptr<WebSocketChannel> channel;
  {
    EchoServer server;
    WebSocketClient client{server.connect()};
    channel = server.opened.get_future().get();
    std::thread stopping{[&] { server.server.stop(kPatience); }};
    const Frame close = client.read_frame();
    CHECK(close.close_code() == 1001);
    client.send_frame(8, close.payload);
    stopping.join();
    CHECK(server.end().code == WebSocketClose::going_away);
    channel->send_text(shared("nobody reads this"));
  }
  channel->send_text(shared("nor this"));
  channel->close(WebSocketClose::normal, {});
  CHECK(channel->queued_bytes() == 0);
  CHECK(channel->remote().ip() == "127.0.0.1");
}

}  // namespace sluice::net::test
