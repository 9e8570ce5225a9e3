#include "core/signalling/plain_frame.h"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <thread>
#include <vector>

#include "core/signalling/event_name.h"

namespace sluice {
namespace {

namespace json = boost::json;

TEST_CASE("a frame has an event, and perhaps an id and data") {
  const auto full = parse_plain_frame(R"({"id":1,"event":"chat:send","data":{"message":"hi"}})");
  REQUIRE(full.has_value());
  CHECK(full->event == "chat:send");
  CHECK(full->id == AckId{std::int64_t{1}});
  CHECK(json::serialize(full->data) == R"({"message":"hi"})");

  const auto bare = parse_plain_frame(R"({"event":"room:leave"})");
  REQUIRE(bare.has_value());
  CHECK(!bare->id.has_value());
  CHECK(bare->data.is_null());

  CHECK(parse_plain_frame(R"({"id":"a-1","event":"e"})")->id == AckId{std::string{"a-1"}});
  CHECK(!parse_plain_frame(R"({"id":null,"event":"e"})")->id.has_value());
}

TEST_CASE("what is no frame is an INVALID_PAYLOAD, with the id as far as it could be read") {
  struct Row {
    std::string text;
    std::string_view path;
    std::optional<AckId> id;
  };
  const Row rows[] = {
      {"", "", {}},
      {"hello", "", {}},
      {"[]", "", {}},
      {"{\"event\":\"e\"", "", {}},
      {std::string(40, '[') + std::string(40, ']'), "", {}},
      {R"({"id":7})", "event", AckId{std::int64_t{7}}},
      {R"({"id":7,"event":5})", "event", AckId{std::int64_t{7}}},
      {R"({"id":7,"event":""})", "event", AckId{std::int64_t{7}}},
      {R"({"id":7,"event":"a\nb"})", "event", AckId{std::int64_t{7}}},
      {R"({"id":7,"event":"disconnect"})", "event", AckId{std::int64_t{7}}},
      {R"({"id":7,"event":")" + std::string(kMaxEventNameBytes + 1, 'e') + "\"}", "event", AckId{std::int64_t{7}}},
      {R"({"id":1.5,"event":"e"})", "id", {}},
      {R"({"id":{},"event":"e"})", "id", {}},
      {R"({"id":9007199254740993,"event":"e"})", "id", {}},
      {R"({"id":18446744073709551615,"event":"e"})", "id", {}},
      {R"({"id":")" + std::string(kMaxPlainIdBytes + 1, 'i') + R"(","event":"e"})", "id", {}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto frame = parse_plain_frame(row.text);
    REQUIRE(!frame.has_value());
    CHECK(frame.error().error.code() == ErrorCode::invalid_payload);
    CHECK(frame.error().error.details().at("path").as_string() == row.path);
    CHECK(frame.error().id == row.id);
  }
}

TEST_CASE("answers repeat the id as it came") {
  CHECK(plain_ack_frame(AckId{std::int64_t{1}}, json::object{}) == R"({"id":1,"ok":true,"data":{}})");
  CHECK(plain_ack_frame(AckId{std::string{"x"}}, json::value(nullptr)) == R"({"id":"x","ok":true,"data":null})");
  CHECK(plain_ack_frame(AckId{std::int64_t{2}}, Error{ErrorCode::unknown_event, "no"}) ==
        R"({"id":2,"ok":false,"error":{"code":"UNKNOWN_EVENT","message":"no","details":{}}})");
}

TEST_CASE("an error without an id is the event error, which names the event") {
  const auto data =
      error_event_data("room:close", Error{ErrorCode::permission_denied, "hosts only", {{"requiredRole", "host"}}});
  CHECK(plain_event_frame("error", data) ==
        R"({"event":"error","data":{"event":"room:close","code":"PERMISSION_DENIED","message":"hosts only",)"
        R"("details":{"requiredRole":"host"}}})");
}

TEST_CASE("a broadcast is written once per framing, and every client shares that buffer") {
  const OutboundEvent event{"chat:message", json::parse(R"({"text":"hi"})")};
  CHECK(*event.plain_frame() == R"({"event":"chat:message","data":{"text":"hi"}})");
  CHECK(*event.socket_io_frame("/") == R"(42["chat:message",{"text":"hi"}])");
  CHECK(*event.socket_io_frame("/meeting") == R"(42/meeting,["chat:message",{"text":"hi"}])");
  CHECK(event.plain_frame() == event.plain_frame());
  CHECK(event.socket_io_frame("/") == event.socket_io_frame("/"));

  SUBCASE("also when several threads ask at once") {
    const OutboundEvent shared{"e", json::value(1)};
    std::vector<SharedFrame> frames(4);
    std::vector<std::thread> threads;
    for (auto& frame : frames) threads.emplace_back([&] { frame = shared.socket_io_frame("/"); });
    for (auto& thread : threads) thread.join();
    for (const auto& frame : frames) CHECK(frame == frames.front());
  }
}

}  // namespace
}  // namespace sluice
