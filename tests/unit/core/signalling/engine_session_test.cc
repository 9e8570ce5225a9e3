#include "core/signalling/engine_session.h"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <sstream>

namespace sluice {
namespace {

using namespace std::chrono_literals;
using Opening = EngineSession::Opening;
using Socket = EngineSession::Socket;
using Verdict = EngineSession::HttpVerdict;

SharedFrame text_frame(std::string_view text) { return std::make_shared<const std::string>(text); }

/// Every output since the last call as one line: `poll(..) main(..) probe(..) close-main close-probe promote up(..)
/// ended(..)`.
std::string drain(EngineSession& session) {
  struct Printer {
    std::ostringstream& out;
    void operator()(const EngineSession::AnswerPoll& answer) const { out << " poll(" << answer.body << ")"; }
    void operator()(const EngineSession::SendFrame& send) const {
      out << (send.socket == Socket::main ? " main(" : " probe(") << *send.frame << ")";
    }
    void operator()(const EngineSession::CloseSocket& close) const {
      out << (close.socket == Socket::main ? " close-main" : " close-probe");
    }
    void operator()(const EngineSession::Promote&) const { out << " promote"; }
    void operator()(const EngineSession::Deliver& deliver) const { out << " up(" << deliver.message << ")"; }
    void operator()(const EngineSession::Ended& ended) const { out << " ended(" << to_string(ended.reason) << ")"; }
  };
  std::ostringstream out;
  while (const auto output = session.next_output()) std::visit(Printer{out}, *output);
  const std::string line = out.str();
  return line.empty() ? line : line.substr(1);
}

const Instant t0{};

EngineSession polling_session(const EngineIoOptions& options = {}) {
  EngineSession session{"s1", Opening::polling, options, t0};
  static_cast<void>(session.handle_poll());
  drain(session);
  return session;
}

EngineSession upgraded_session() {
  EngineSession session = polling_session();
  REQUIRE(session.handle_probe_open(t0));
  session.handle_text(Socket::probe, "2probe", t0);
  session.handle_text(Socket::probe, "5", t0);
  drain(session);
  return session;
}

TEST_CASE("the first GET is answered with the handshake") {
  EngineSession session{"s1", Opening::polling, {}, t0};
  CHECK(drain(session).empty());
  CHECK(session.handle_poll() == Verdict::accepted);
  const auto answer = session.next_output();
  REQUIRE(answer.has_value());
  const std::string body = std::get<EngineSession::AnswerPoll>(*answer).body;
  REQUIRE(body.front() == '0');
  CHECK(boost::json::parse(body.substr(1)) ==
        boost::json::parse(R"({"sid":"s1","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000,
                               "maxPayload":1000000})"));
}

TEST_CASE("a session that opens by WebSocket sends the handshake there and offers no upgrade") {
  EngineSession session{"s1", Opening::web_socket, {}, t0};
  CHECK(drain(session) ==
        R"(main(0{"sid":"s1","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}))");
  session.handle_text(Socket::main, "4hello", t0);
  CHECK(drain(session) == "up(hello)");
  CHECK(session.handle_poll() == Verdict::refused);
  CHECK(session.handle_post("4a", t0) == Verdict::refused);
  CHECK(!session.handle_probe_open(t0));
  CHECK(drain(session).empty());
}

TEST_CASE("a waiting GET is answered by the first packet, and packets without one wait for the next") {
  EngineSession session = polling_session();
  CHECK(session.handle_poll() == Verdict::accepted);
  CHECK(drain(session).empty());
  session.send(text_frame("4a"));
  CHECK(drain(session) == "poll(4a)");
  session.send(text_frame("4b"));
  session.send(text_frame("4c"));
  CHECK(drain(session).empty());
  CHECK(session.handle_poll() == Verdict::accepted);
  CHECK(drain(session) ==
        "poll(4b\x1e"
        "4c)");
}

TEST_CASE("a POST delivers its messages in order") {
  EngineSession session = polling_session();
  CHECK(session.handle_post("4test1\x1e"
                            "4test2\x1e"
                            "6\x1e"
                            "4test3",
                            t0) == Verdict::accepted);
  CHECK(drain(session) == "up(test1) up(test2) up(test3)");
}

TEST_CASE("binary packets of a POST are skipped") {
  EngineSession session = polling_session();
  CHECK(session.handle_post("bAQIDBA==\x1e"
                            "4a",
                            t0) == Verdict::accepted);
  CHECK(drain(session) == "up(a)");
}

TEST_CASE("a malformed POST ends the session") {
  for (const std::string& payload : {std::string{"abc"}, std::string{}, std::string{"4a\x1e"}, std::string{"2"},
                                     std::string{"0"}, std::string{"5"}, "4" + std::string(1'000'000, 'a')}) {
    EngineSession session = polling_session();
    static_cast<void>(session.handle_post(payload, t0));
    CHECK(session.ended());
    CHECK(drain(session).ends_with("ended(protocol_error)"));
    CHECK(session.handle_poll() == Verdict::refused);
    CHECK(session.handle_post("4a", t0) == Verdict::refused);
  }
}

TEST_CASE("a second GET beside a waiting one ends the session, and the first is answered with close") {
  EngineSession session = polling_session();
  CHECK(session.handle_poll() == Verdict::accepted);
  CHECK(session.handle_poll() == Verdict::refused);
  CHECK(drain(session) == "poll(1) ended(protocol_error)");
  CHECK(session.handle_poll() == Verdict::refused);
}

TEST_CASE("a client that closes by POST gets its waiting GET back as noop") {
  EngineSession session = polling_session();
  CHECK(session.handle_poll() == Verdict::accepted);
  CHECK(session.handle_post("1\x1e"
                            "4late",
                            t0) == Verdict::accepted);
  CHECK(drain(session) == "poll(6) ended(transport_lost)");
}

TEST_CASE("a GET whose connection breaks ends the session") {
  EngineSession session = polling_session();
  session.handle_poll_lost();
  CHECK(drain(session).empty());
  CHECK(session.handle_poll() == Verdict::accepted);
  session.handle_poll_lost();
  CHECK(drain(session) == "ended(transport_lost)");
}

TEST_CASE("the gateway pings at the interval, and a missing pong ends the session after the timeout") {
  EngineSession session{"s1", Opening::web_socket, {}, t0};
  drain(session);
  CHECK(session.next_timeout() == t0 + 25s);
  session.handle_timeout(t0 + 24'999ms);
  CHECK(drain(session).empty());
  session.handle_timeout(t0 + 25s);
  CHECK(drain(session) == "main(2)");
  CHECK(session.next_timeout() == t0 + 45s);

  SUBCASE("a pong starts the next interval") {
    session.handle_text(Socket::main, "3", t0 + 26s);
    CHECK(session.next_timeout() == t0 + 51s);
    session.handle_timeout(t0 + 45s);
    CHECK(drain(session).empty());
  }
  SUBCASE("silence") {
    session.handle_text(Socket::main, "4other traffic is no pong", t0 + 26s);
    drain(session);
    session.handle_timeout(t0 + 45s);
    CHECK(drain(session) == "close-main ended(ping_timeout)");
    CHECK(!session.next_timeout().has_value());
  }
}

TEST_CASE("a polling client that never comes back runs into the ping timeout") {
  EngineSession session = polling_session();
  session.handle_timeout(t0 + 25s);
  CHECK(drain(session).empty());  // the ping waits for a GET
  session.handle_timeout(t0 + 45s);
  CHECK(drain(session) == "ended(ping_timeout)");
}

TEST_CASE("an upgrade releases the waiting GET and moves the session to the WebSocket") {
  EngineSession session = polling_session();
  CHECK(session.handle_poll() == Verdict::accepted);
  CHECK(session.handle_probe_open(t0));
  session.handle_text(Socket::probe, "2probe", t0);
  CHECK(drain(session) == "probe(3probe) poll(6)");
  session.send(text_frame("4while upgrading"));
  session.handle_text(Socket::probe, "5", t0 + 1s);
  CHECK(drain(session) == "promote main(4while upgrading)");
  session.send(text_frame("4after"));
  CHECK(drain(session) == "main(4after)");

  SUBCASE("HTTP and further WebSockets of the same sid are refused, and the session lives") {
    CHECK(session.handle_poll() == Verdict::refused);
    CHECK(session.handle_post("4a", t0) == Verdict::refused);
    CHECK(!session.handle_probe_open(t0));
    session.handle_text(Socket::main, "4hello", t0);
    CHECK(drain(session) == "up(hello)");
  }
}

TEST_CASE("a GET that comes while the probe is answered is released at once") {
  EngineSession session = polling_session();
  CHECK(session.handle_probe_open(t0));
  session.handle_text(Socket::probe, "2probe", t0);
  drain(session);
  CHECK(session.handle_poll() == Verdict::accepted);
  CHECK(drain(session) == "poll(6)");
  session.send(text_frame("4a"));
  CHECK(session.handle_poll() == Verdict::accepted);
  CHECK(drain(session) == "poll(4a)");
}

TEST_CASE("a probe that fails leaves the session with polling") {
  EngineSession session = polling_session();
  REQUIRE(session.handle_probe_open(t0));
  SUBCASE("wrong words") {
    session.handle_text(Socket::probe, "5", t0);
    CHECK(drain(session) == "close-probe");
  }
  SUBCASE("a message before the upgrade is complete") {
    session.handle_text(Socket::probe, "2probe", t0);
    drain(session);
    session.handle_text(Socket::probe, "4sneak", t0);
    CHECK(drain(session) == "close-probe");
  }
  SUBCASE("it closes") { session.handle_socket_closed(Socket::probe, DisconnectReason::transport_lost); }
  SUBCASE("it does not complete in time") {
    session.handle_timeout(t0 + 10s);
    CHECK(drain(session) == "close-probe");
  }
  CHECK(!session.ended());
  CHECK(session.handle_post("4a", t0) == Verdict::accepted);
  CHECK(drain(session) == "up(a)");
  CHECK(session.handle_probe_open(t0));  // it may try again
}

TEST_CASE("only one probe at a time") {
  EngineSession session = polling_session();
  CHECK(session.handle_probe_open(t0));
  CHECK(!session.handle_probe_open(t0));
}

TEST_CASE("a broken or closed WebSocket ends the session") {
  EngineSession session = upgraded_session();
  SUBCASE("broken") {
    session.handle_socket_closed(Socket::main, DisconnectReason::transport_lost);
    CHECK(drain(session) == "close-main ended(transport_lost)");
  }
  SUBCASE("closed") {
    session.handle_socket_closed(Socket::main, DisconnectReason::client_left);
    CHECK(drain(session) == "close-main ended(client_left)");
  }
  SUBCASE("a packet that is none") {
    session.handle_text(Socket::main, "abc", t0);
    CHECK(drain(session) == "close-main ended(protocol_error)");
  }
  session.handle_text(Socket::main, "4late", t0);
  session.send(text_frame("4late"));
  session.handle_timeout(t0 + 100s);
  CHECK(drain(session).empty());
}

TEST_CASE("a polling client that does not fetch its packets is dropped at the bound") {
  SUBCASE("of packets") {
    EngineIoOptions options;
    options.max_buffered_packets = 3;
    EngineSession session = polling_session(options);
    for (int i = 0; i < 3; ++i) session.send(text_frame("4a"));
    CHECK(!session.ended());
    session.send(text_frame("4a"));
    CHECK(drain(session) == "ended(abuse)");
  }
  SUBCASE("of bytes") {
    EngineIoOptions options;
    options.max_buffered_bytes = 200;
    EngineSession session = polling_session(options);
    session.send(text_frame(std::string(200, '4')));
    CHECK(!session.ended());
    CHECK(session.handle_poll() == Verdict::accepted);  // what was fetched counts no more
    drain(session);
    session.send(text_frame(std::string(200, '4')));
    CHECK(!session.ended());
    session.send(text_frame("4"));
    CHECK(session.ended());
  }
}

TEST_CASE("a long backlog goes out over several GETs") {
  EngineSession session = polling_session();
  const std::string big = "4" + std::string(kMaxPollAnswerBytes / 2, 'x');
  for (int i = 0; i < 3; ++i) session.send(text_frame(big));
  for (int i = 0; i < 3; ++i) {
    CHECK(session.handle_poll() == Verdict::accepted);
    const auto answer = session.next_output();
    REQUIRE(answer.has_value());
    CHECK(std::get<EngineSession::AnswerPoll>(*answer).body == big);
  }
}

TEST_CASE("closing a polling session lets the client fetch what is left") {
  EngineSession session = polling_session();
  session.send(text_frame("41"));
  session.close(CloseCode::normal, DisconnectReason::server_closed, t0);
  session.send(text_frame("4too late"));
  CHECK(!session.ended());

  SUBCASE("it does") {
    CHECK(session.handle_poll() == Verdict::accepted);
    CHECK(drain(session) ==
          "poll(41\x1e"
          "1) ended(server_closed)");
  }
  SUBCASE("it does not") {
    CHECK(session.next_timeout() == t0 + 10s);
    session.handle_timeout(t0 + 10s);
    CHECK(drain(session) == "ended(server_closed)");
  }
}

TEST_CASE("closing a session whose buffer is full to the bound ends it once") {
  EngineIoOptions options;
  options.max_buffered_packets = 2;
  EngineSession session = polling_session(options);
  session.send(text_frame("4a"));
  session.send(text_frame("4b"));
  session.close(CloseCode::normal, DisconnectReason::server_closed, t0);
  CHECK(!session.ended());
  CHECK(session.handle_poll() == Verdict::accepted);
  CHECK(drain(session) ==
        "poll(4a\x1e"
        "4b\x1e"
        "1) ended(server_closed)");
}

TEST_CASE("closing a session whose GET waits, or a WebSocket session, ends it at once") {
  EngineSession polling = polling_session();
  CHECK(polling.handle_poll() == Verdict::accepted);
  polling.close(CloseCode::going_away, DisconnectReason::server_closed, t0);
  CHECK(drain(polling) == "poll(1) ended(server_closed)");

  EngineSession upgraded = upgraded_session();
  upgraded.close(CloseCode::going_away, DisconnectReason::server_closed, t0);
  CHECK(drain(upgraded) == "close-main ended(server_closed)");
}

}  // namespace
}  // namespace sluice
