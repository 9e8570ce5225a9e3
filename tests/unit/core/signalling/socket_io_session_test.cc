#include "core/signalling/socket_io_session.h"

#include <doctest/doctest.h>

#include <boost/json/serialize.hpp>
#include <sstream>

namespace sluice {
namespace {

using namespace std::chrono_literals;
const Instant t0{};

/// Every output since the last call as one line.
std::string drain(SocketIoSession& session) {
  struct Printer {
    std::ostringstream& out;
    void operator()(const SocketIoSession::ConnectAsked& asked) const {
      out << " connect(" << asked.ns << " " << boost::json::serialize(asked.auth) << ")";
    }
    void operator()(const SocketIoSession::EventReceived& event) const {
      out << " event(" << event.ns << " " << event.event << " " << boost::json::serialize(event.data);
      if (event.ack) out << " #" << std::get<std::int64_t>(*event.ack);
      out << ")";
    }
    void operator()(const SocketIoSession::NamespaceLeft& left) const { out << " left(" << left.ns << ")"; }
    void operator()(const SocketIoSession::Send& send) const { out << " send(" << *send.frame << ")"; }
    void operator()(const SocketIoSession::EndSession& end) const { out << " end(" << to_string(end.reason) << ")"; }
  };
  std::ostringstream out;
  while (const auto output = session.next_output()) std::visit(Printer{out}, *output);
  const std::string line = out.str();
  return line.empty() ? line : line.substr(1);
}

SocketIoSession connected_session(const SocketIoOptions& options = {}) {
  SocketIoSession session{options, t0};
  session.handle_message("0", t0);
  session.accept("/", "sid1");
  drain(session);
  return session;
}

TEST_CASE("a namespace is asked for, accepted, used and left") {
  SocketIoSession session{{}, t0};
  session.handle_message(R"(0/meeting,{"token":"t"})", t0);
  CHECK(drain(session) == R"(connect(/meeting {"token":"t"}))");
  CHECK(!session.connected("/meeting"));
  session.accept("/meeting", "sid1");
  CHECK(drain(session) == R"(send(40/meeting,{"sid":"sid1"}))");
  CHECK(session.connected("/meeting"));

  session.handle_message(R"(2/meeting,["room:leave"])", t0);
  session.handle_message(R"(2/meeting,7["room:join",{"roomId":"r"}])", t0);
  CHECK(drain(session) == R"(event(/meeting room:leave null) event(/meeting room:join {"roomId":"r"} #7))");

  session.handle_message("1/meeting,", t0);
  CHECK(drain(session) == "left(/meeting)");
  CHECK(session.empty());
}

TEST_CASE("namespaces of one session are apart from each other") {
  SocketIoSession session = connected_session();
  session.handle_message("0/meeting,", t0);
  session.accept("/meeting", "sid2");
  drain(session);
  CHECK(session.disconnect("/", t0));
  CHECK(drain(session) == "send(41)");
  CHECK(!session.connected("/"));
  CHECK(session.connected("/meeting"));
  CHECK(!session.disconnect("/", t0));
}

TEST_CASE("an unknown namespace is refused in the words of the reference server") {
  SocketIoSession session{{}, t0};
  session.handle_message("0/random", t0);
  CHECK(drain(session) ==
        R"(send(44/random,{"message":"Invalid namespace","data":{"code":"NOT_FOUND","details":{}}}))");
  CHECK(session.empty());
}

TEST_CASE("a refused client gets the code and may ask again") {
  SocketIoSession session{{}, t0};
  session.handle_message("0", t0);
  session.refuse("/", Error{ErrorCode::unauthorized, "no token"}, t0);
  session.accept("/", "too late");
  CHECK(drain(session) ==
        R"(connect(/ {}) send(44{"message":"no token","data":{"code":"UNAUTHORIZED","details":{}}}))");
  session.handle_message("0", t0);
  CHECK(drain(session) == "connect(/ {})");
}

TEST_CASE("what breaks the protocol ends the session") {
  for (const std::string_view message : {"", "abc", "2{}", "2[]", "2[\"a\"", "0", "4{\"message\":\"x\"}",
                                         "2/meeting,[\"not connected\"]", "1/meeting,"}) {
    CAPTURE(message);
    SocketIoSession session = connected_session();
    session.handle_message(message, t0);
    CHECK(drain(session) == "end(protocol_error)");
    session.handle_message("2[\"late\"]", t0);
    CHECK(drain(session).empty());
  }
}

TEST_CASE("an event before the answer to the connect ends the session") {
  SocketIoSession session{{}, t0};
  session.handle_message("0", t0);
  session.handle_message("2[\"early\"]", t0);
  CHECK(drain(session) == "connect(/ {}) end(protocol_error)");
}

TEST_CASE("an event that cannot be handed on is answered, and the session lives") {
  SocketIoSession session = connected_session();
  SUBCASE("a reserved name, by ack") {
    session.handle_message("23[\"disconnect\"]", t0);
    CHECK(drain(session).starts_with(R"(send(433[{"ok":false,"error":{"code":"INVALID_PAYLOAD")"));
  }
  SUBCASE("two arguments, by the event error") {
    session.handle_message("2[\"a\",1,2]", t0);
    CHECK(drain(session).starts_with(R"(send(42["error",{"event":"a","code":"INVALID_PAYLOAD")"));
  }
  SUBCASE("binary data") {
    session.handle_message(R"(51-4["upload",{"_placeholder":true,"num":0}])", t0);
    CHECK(drain(session).starts_with(R"(send(434[{"ok":false,"error":{"code":"UNSUPPORTED")"));
  }
  session.handle_message("2[\"fine\"]", t0);
  CHECK(drain(session) == "event(/ fine null)");
}

TEST_CASE("acks of the client are ignored") {
  SocketIoSession session = connected_session();
  session.handle_message("31[\"x\"]", t0);
  CHECK(drain(session).empty());
}

TEST_CASE("a client that sends too fast is told when to go on") {
  SocketIoOptions options;
  options.events.events_per_second = 10;
  options.events.event_burst = 3;  // the connect takes one
  SocketIoSession session = connected_session(options);
  session.handle_message("2[\"a\"]", t0);
  session.handle_message("2[\"a\"]", t0);
  CHECK(drain(session) == "event(/ a null) event(/ a null)");
  session.handle_message("21[\"a\"]", t0);
  CHECK(drain(session) == R"(send(431[{"ok":false,"error":{"code":"RATE_LIMITED","message":"too many events",)"
                          R"("details":{"retryAfterMs":100}}}]))");
  session.handle_message("2[\"a\"]", t0 + 100ms);
  CHECK(drain(session) == "event(/ a null)");
}

TEST_CASE("a client that does not stop is turned away") {
  SocketIoOptions options;
  options.events.strike_burst = 5;
  SocketIoSession session = connected_session(options);
  for (int i = 0; i < 5; ++i) session.handle_message("2[\"connect\"]", t0);
  CHECK(drain(session).find("end(abuse)") == std::string::npos);
  session.handle_message("2[\"connect\"]", t0);
  CHECK(drain(session) == "end(abuse)");
}

TEST_CASE("a session without a namespace ends after the connect timeout") {
  SocketIoSession session{{}, t0};
  CHECK(session.next_timeout() == t0 + 45s);
  SUBCASE("never connected") {
    session.handle_timeout(t0 + 44s);
    CHECK(drain(session).empty());
    session.handle_timeout(t0 + 45s);
    CHECK(drain(session) == "end(protocol_error)");
  }
  SUBCASE("connected, then left") {
    session.handle_message("0", t0 + 1s);
    CHECK(!session.next_timeout().has_value());
    session.accept("/", "s");
    session.handle_message("1", t0 + 100s);
    CHECK(session.next_timeout() == t0 + 145s);
  }
}

}  // namespace
}  // namespace sluice
