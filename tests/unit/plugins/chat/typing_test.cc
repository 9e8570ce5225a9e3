#include "tests/unit/plugins/chat/chat_gateway.h"

namespace sluice::testing {

namespace {

Answer type(ChatGateway& gateway, FakeClient& client, bool typing, json::object more = {}) {
  more["typing"] = typing;
  return gateway.host.call(client, "chat:typing", json::value(more));
}

std::vector<bool> told(const FakeClient& client) {
  std::vector<bool> out;
  for (const json::value& data : client.sent("chat:typing")) out.push_back(data.at("typing").as_bool());
  return out;
}

}  // namespace

TEST_CASE("typing is told to the others, once, and ends by itself after three seconds") {
  ChatGateway gateway;
  FakeRoom& room = gateway.room("lobby");
  FakeClient& anna = gateway.join(room, "anna");
  FakeClient& ben = gateway.join(room, "ben");
  CHECK(type(gateway, anna, true).ok());
  CHECK(ben.last("chat:typing").at("participantId") == "p-anna");
  gateway.host.advance(std::chrono::seconds{2});
  CHECK(type(gateway, anna, true).ok());  // still: nobody is told again
  gateway.host.advance(std::chrono::milliseconds{2'999});
  CHECK(told(ben) == std::vector<bool>{true});
  gateway.host.advance(std::chrono::milliseconds{1});
  CHECK(told(ben) == std::vector<bool>{true, false});
  CHECK_FALSE(anna.got("chat:typing"));
}

TEST_CASE("typing ends when it is said so, and with the message") {
  ChatGateway gateway;
  FakeRoom& room = gateway.room("lobby");
  FakeClient& anna = gateway.join(room, "anna");
  FakeClient& ben = gateway.join(room, "ben");
  type(gateway, anna, true);
  SUBCASE("said so") {
    type(gateway, anna, false);
    type(gateway, anna, false);
  }
  SUBCASE("sent") { gateway.send(anna, "done"); }
  CHECK(told(ben) == std::vector<bool>{true, false});
  gateway.host.advance(std::chrono::seconds{5});
  CHECK(told(ben).size() == 2);
}

TEST_CASE("typing to one is told to that one") {
  ChatGateway gateway;
  FakeRoom& room = gateway.room("lobby");
  FakeClient& anna = gateway.join(room, "anna");
  FakeClient& ben = gateway.join(room, "ben");
  FakeClient& carl = gateway.join(room, "carl");
  CHECK(type(gateway, anna, true, {{"to", "p-ben"}}).ok());
  CHECK(ben.last("chat:typing").at("to") == "p-ben");
  CHECK_FALSE(carl.got("chat:typing"));
  CHECK(type(gateway, anna, true, {{"to", "p-nobody"}}).code() == "NOT_FOUND");
  gateway.allow(room, Permission::chat_private, Role::host);
  CHECK(type(gateway, anna, true, {{"to", "p-ben"}}).code() == "PERMISSION_DENIED");
}

TEST_CASE("typing is bounded, for one and for a room, and off with the chat") {
  ChatGateway gateway({{"max_typing", 1}});
  FakeRoom& room = gateway.room("lobby");
  FakeClient& anna = gateway.join(room, "anna");
  FakeClient& ben = gateway.join(room, "ben");
  CHECK(type(gateway, anna, true).ok());
  CHECK(type(gateway, ben, true).ok());
  CHECK_FALSE(anna.got("chat:typing"));
  std::string code;
  for (int i = 0; i < 12 && code.empty(); ++i) code = type(gateway, anna, i % 2 == 0).code();
  CHECK(code == "RATE_LIMITED");
  gateway.allow(room, Permission::chat, std::nullopt);
  CHECK(type(gateway, ben, true).code() == "PERMISSION_DENIED");
}

TEST_CASE("who leaves while typing leaves no timer behind") {
  ChatGateway gateway;
  FakeRoom& room = gateway.room("lobby");
  FakeClient& anna = gateway.join(room, "anna");
  type(gateway, anna, true);
  const std::size_t with_it = gateway.host.timers().pending();
  room.leave(*room.find("p-anna"));
  CHECK(gateway.host.timers().pending() == with_it - 1);
}

}  // namespace sluice::testing
