#include "core/signalling/plain_session.h"

#include <doctest/doctest.h>

#include <boost/json/serialize.hpp>
#include <sstream>

namespace sluice {
namespace {

using namespace std::chrono_literals;
const Instant t0{};

std::string drain(PlainSession& session) {
  struct Printer {
    std::ostringstream& out;
    void operator()(const PlainSession::EventReceived& event) const {
      out << " event(" << event.event << " " << boost::json::serialize(event.data) << ")";
    }
    void operator()(const PlainSession::Send& send) const { out << " send(" << *send.frame << ")"; }
    void operator()(const PlainSession::Close& close) const {
      out << " close(" << static_cast<int>(close.code) << " " << close.reason << ")";
    }
  };
  std::ostringstream out;
  while (const auto output = session.next_output()) std::visit(Printer{out}, *output);
  const std::string line = out.str();
  return line.empty() ? line : line.substr(1);
}

TEST_CASE("events wait until the connection is accepted, and keep their order") {
  PlainSession session{{}, t0};
  session.handle_text(R"({"event":"a","data":1})", t0);
  session.handle_text(R"({"event":"b"})", t0);
  CHECK(drain(session).empty());
  session.accept();
  CHECK(drain(session) == "event(a 1) event(b null)");
  session.handle_text(R"({"event":"c"})", t0);
  CHECK(drain(session) == "event(c null)");
}

TEST_CASE("only so many events wait") {
  PlainSession session{{}, t0};
  for (std::size_t i = 0; i < kMaxHeldEvents; ++i) session.handle_text(R"({"event":"a"})", t0);
  CHECK(drain(session).empty());
  session.handle_text(R"({"id":1,"event":"a"})", t0);
  CHECK(drain(session).starts_with(R"(send({"id":1,"ok":false,"error":{"code":"LIMIT_EXCEEDED")"));
}

TEST_CASE("a refused client gets the error and the close code 1008") {
  PlainSession session{{}, t0};
  session.handle_text(R"({"event":"a"})", t0);
  session.refuse(Error{ErrorCode::token_expired, "too late"});
  CHECK(drain(session) == R"(send({"event":"error","data":{"event":"connect","code":"TOKEN_EXPIRED",)"
                          R"("message":"too late","details":{}}}) close(1008 TOKEN_EXPIRED))");
  session.accept();
  session.handle_text(R"({"event":"a"})", t0);
  CHECK(drain(session).empty());
}

TEST_CASE("a frame that cannot be read is answered, and the connection lives") {
  PlainSession session{{}, t0};
  session.accept();
  session.handle_text("not json", t0);
  CHECK(drain(session).starts_with(R"(send({"event":"error","data":{"event":"","code":"INVALID_PAYLOAD")"));
  session.handle_text(R"({"id":"x"})", t0);
  CHECK(drain(session).starts_with(R"(send({"id":"x","ok":false,"error":{"code":"INVALID_PAYLOAD")"));
  session.handle_text(R"({"event":"fine"})", t0);
  CHECK(drain(session) == "event(fine null)");
}

TEST_CASE("repeated abuse closes with 1008, and patience comes back with time") {
  EventLimits limits;
  limits.strike_burst = 3;
  PlainSession session{limits, t0};
  session.accept();
  for (int i = 0; i < 3; ++i) session.handle_text("x", t0);
  drain(session);
  SUBCASE("at once") {
    session.handle_text("x", t0);
    CHECK(drain(session) == "close(1008 too many errors)");
  }
  SUBCASE("later") {
    session.handle_text("x", t0 + 1s);
    CHECK(drain(session).starts_with("send("));
  }
}

TEST_CASE("a client that sends too fast is told when to go on") {
  EventLimits limits;
  limits.events_per_second = 2;
  limits.event_burst = 1;
  PlainSession session{limits, t0};
  session.accept();
  session.handle_text(R"({"event":"a"})", t0);
  session.handle_text(R"({"id":5,"event":"a"})", t0);
  CHECK(drain(session) == R"(event(a null) send({"id":5,"ok":false,"error":{"code":"RATE_LIMITED",)"
                          R"("message":"too many events","details":{"retryAfterMs":500}}}))");
}

}  // namespace
}  // namespace sluice
