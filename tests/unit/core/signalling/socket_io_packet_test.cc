#include "core/signalling/socket_io_packet.h"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace sluice {
namespace {

namespace json = boost::json;

TEST_CASE("the examples of the protocol document are read") {
  struct Row {
    std::string_view text;
    SocketIoType type;
    std::string_view ns;
    std::optional<std::int64_t> id;
    std::string_view data;
  };
  const Row rows[] = {
      {"0", SocketIoType::connect, "/", {}, "null"},
      {R"(0{"token":"123"})", SocketIoType::connect, "/", {}, R"({"token":"123"})"},
      {R"(0/admin,{"sid":"oSO0OpakMV_3jnilAAAA"})",
       SocketIoType::connect,
       "/admin",
       {},
       R"({"sid":"oSO0OpakMV_3jnilAAAA"})"},
      {"0/meeting", SocketIoType::connect, "/meeting", {}, "null"},
      {"0/meeting,", SocketIoType::connect, "/meeting", {}, "null"},
      {"0/meeting?token=1234&uid=abc,", SocketIoType::connect, "/meeting", {}, "null"},
      {R"(4/meeting,{"message":"Not authorized"})",
       SocketIoType::connect_error,
       "/meeting",
       {},
       R"({"message":"Not authorized"})"},
      {R"(2["foo"])", SocketIoType::event, "/", {}, R"(["foo"])"},
      {R"(2/admin,["bar"])", SocketIoType::event, "/admin", {}, R"(["bar"])"},
      {R"(212["foo"])", SocketIoType::event, "/", 12, R"(["foo"])"},
      {R"(2/meeting,0["foo",{"a":1}])", SocketIoType::event, "/meeting", 0, R"(["foo",{"a":1}])"},
      {R"(2["project:delete",123])", SocketIoType::event, "/", {}, R"(["project:delete",123])"},
      {R"(3/admin,456[])", SocketIoType::ack, "/admin", 456, "[]"},
      {R"(312["bar"])", SocketIoType::ack, "/", 12, R"(["bar"])"},
      {"1/admin,", SocketIoType::disconnect, "/admin", {}, "null"},
      {"1", SocketIoType::disconnect, "/", {}, "null"},
      {R"(51-["baz",{"_placeholder":true,"num":0}])",
       SocketIoType::binary_event,
       "/",
       {},
       R"(["baz",{"_placeholder":true,"num":0}])"},
      {R"(61-/admin,456[{"_placeholder":true,"num":0}])", SocketIoType::binary_ack, "/admin", 456,
       R"([{"_placeholder":true,"num":0}])"},
      {"29007199254740991[\"a\"]", SocketIoType::event, "/", kMaxAckNumber, R"(["a"])"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto packet = parse_socket_io_packet(row.text);
    REQUIRE(packet.has_value());
    CHECK(packet->type == row.type);
    CHECK(packet->ns == row.ns);
    CHECK(packet->id == row.id);
    CHECK(json::serialize(packet->data) == row.data);
  }
}

TEST_CASE("a malformed packet is an error with its reason") {
  struct Row {
    std::string text;
    SocketIoError error;
  };
  const Row rows[] = {
      {"", SocketIoError::empty},
      {"abc", SocketIoError::unknown_type},
      {"7", SocketIoError::unknown_type},
      {"2", SocketIoError::bad_payload},
      {"2{}", SocketIoError::bad_payload},
      {"2[]", SocketIoError::bad_payload},
      {"2[12]", SocketIoError::bad_payload},
      {"2[{}]", SocketIoError::bad_payload},
      {R"(2"foo")", SocketIoError::bad_payload},
      {R"(2["foo")", SocketIoError::bad_json},
      {R"(2["foo"]x)", SocketIoError::bad_json},
      {R"(2abc["foo"])", SocketIoError::bad_json},
      {R"(2-1["foo"])", SocketIoError::bad_json},
      {R"(2[")"
       "\xff"
       R"("])",
       SocketIoError::bad_json},
      {R"(29007199254740992["a"])", SocketIoError::bad_id},
      {R"(299999999999999999999999["a"])", SocketIoError::bad_id},
      {"0[]", SocketIoError::bad_payload},
      {R"(0"a")", SocketIoError::bad_payload},
      {"1/admin,{}", SocketIoError::bad_payload},
      {"3/admin,1{}", SocketIoError::bad_payload},
      {R"(5["baz"])", SocketIoError::bad_attachments},
      {R"(50-["baz"])", SocketIoError::bad_attachments},
      {R"(511-["baz"])", SocketIoError::bad_attachments},
      {R"(51["baz"])", SocketIoError::bad_attachments},
      {"0/" + std::string(kMaxNamespaceBytes, 'a'), SocketIoError::bad_namespace},
      {"2[\"a\"," + std::string(40, '[') + std::string(40, ']') + "]", SocketIoError::bad_json},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto packet = parse_socket_io_packet(row.text);
    REQUIRE(!packet.has_value());
    CHECK(packet.error() == row.error);
  }
}

TEST_CASE("frames towards the client are Engine.IO messages, and those of the main namespace do not name it") {
  CHECK(socket_io_connect_frame("/", "s1") == R"(40{"sid":"s1"})");
  CHECK(socket_io_connect_frame("/meeting", "s1") == R"(40/meeting,{"sid":"s1"})");
  CHECK(socket_io_disconnect_frame("/") == "41");
  CHECK(socket_io_disconnect_frame("/meeting") == "41/meeting,");
  CHECK(socket_io_event_frame("/", "a\"b", json::parse(R"({"x":[1]})")) == R"(42["a\"b",{"x":[1]}])");
  CHECK(socket_io_event_frame("/meeting", "e", nullptr) == R"(42/meeting,["e",null])");
  CHECK(socket_io_ack_frame("/meeting", 12, json::parse(R"({"ok":true})")) == R"(43/meeting,12[{"ok":true}])");
}

TEST_CASE("a refused connect carries the message and the code") {
  const Error error{ErrorCode::token_expired, "the token expired", {{"at", 5}}};
  CHECK(socket_io_connect_error_frame("/meeting", error) ==
        R"(44/meeting,{"message":"the token expired","data":{"code":"TOKEN_EXPIRED","details":{"at":5}}})");
}

}  // namespace
}  // namespace sluice
