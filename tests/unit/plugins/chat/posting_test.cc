#include "tests/unit/plugins/chat/chat_gateway.h"

namespace sluice::testing {

TEST_CASE("a message goes to all of the room, its sender included, and nowhere else") {
  ChatGateway gateway;
  FakeRoom& room = gateway.room("lobby");
  FakeClient& anna = gateway.join(room, "anna");
  FakeClient& ben = gateway.join(room, "ben");
  FakeClient& other_room = gateway.join(gateway.room("attic"), "carl");
  FakeClient& other_tenant = gateway.join(gateway.room("lobby", "acme"), "dora");

  const Answer sent = gateway.send(anna, "Hello <b>all</b>\nof you");
  REQUIRE(sent.ok());
  CHECK(sent["number"] == 1);
  const json::value heard = ben.last("chat:message");
  CHECK(heard.at("messageId") == sent["messageId"]);
  CHECK(heard.at("at") == sent["at"]);
  CHECK(heard.at("participantId") == "p-anna");
  CHECK(heard.at("userId") == "anna");
  CHECK(heard.at("name") == "User anna");
  CHECK(heard.at("role") == "attendee");
  CHECK(heard.at("type") == "text");
  CHECK(heard.at("to") == "all");
  CHECK(heard.at("message") == "Hello <b>all</b>\nof you");
  CHECK(anna.got("chat:message"));
  CHECK_FALSE(other_room.got("chat:message"));
  CHECK_FALSE(other_tenant.got("chat:message"));
  CHECK(gateway.history(other_room).empty());
  CHECK(gateway.history(other_tenant).empty());
}

TEST_CASE("nothing is acknowledged or told before the store has it") {
  ChatGateway gateway;
  FakeRoom& room = gateway.room("lobby");
  FakeClient& anna = gateway.join(room, "anna");
  const Answer sent = gateway.host.events().call(anna, "chat:send", {{"message", "Hello"}});
  CHECK_FALSE(sent.done());
  CHECK_FALSE(anna.got("chat:message"));
  gateway.host.run();
  CHECK(sent.ok());
  CHECK(anna.got("chat:message"));
}

TEST_CASE("what the store does not take, nobody gets") {
  ChatGateway gateway;
  FakeRoom& room = gateway.room("lobby");
  FakeClient& anna = gateway.join(room, "anna");
  FakeClient& ben = gateway.join(room, "ben");
  SUBCASE("a failing disk") {
    gateway.store.broken = true;
    CHECK(gateway.send(anna, "lost").code() == "INTERNAL");
  }
  SUBCASE("a store with too much to do") {
    gateway.store.full = true;
    CHECK(gateway.send(anna, "lost").code() == "LIMIT_EXCEEDED");
  }
  gateway.store.broken = gateway.store.full = false;
  CHECK_FALSE(ben.got("chat:message"));
  CHECK(gateway.send(anna, "kept")["number"] == 1);
  CHECK(gateway.history(ben) == Texts{"kept"});
}

TEST_CASE("messages that are sent at once arrive in one order at everybody") {
  ChatGateway gateway;
  FakeRoom& room = gateway.room("lobby");
  FakeClient& anna = gateway.join(room, "anna");
  FakeClient& ben = gateway.join(room, "ben");
  for (int i = 0; i < 5; ++i) {
    static_cast<void>(gateway.host.events().call(i % 2 ? anna : ben, "chat:send", {{"message", std::to_string(i)}}));
  }
  gateway.host.run();
  const Texts order{"0", "1", "2", "3", "4"};
  CHECK(gateway.heard(anna) == order);
  CHECK(gateway.heard(ben) == order);
  std::int64_t number = 0;
  for (const json::value& message : ben.sent("chat:message")) CHECK(message.at("number") == ++number);
}

TEST_CASE("who sends and leaves before the store answers has still sent") {
  ChatGateway gateway;
  FakeRoom& room = gateway.room("lobby");
  FakeClient& anna = gateway.join(room, "anna");
  FakeClient& ben = gateway.join(room, "ben");
  static_cast<void>(gateway.host.events().call(anna, "chat:send", {{"message", "bye"}}));
  room.leave(*room.find("p-anna"));
  gateway.host.disconnect(anna);
  CHECK(gateway.heard(ben) == Texts{"bye"});
}

TEST_CASE("a room that closes before the store answers hears nothing, and nothing breaks") {
  ChatGateway gateway;
  FakeRoom& room = gateway.room("lobby");
  FakeClient& anna = gateway.join(room, "anna");
  const Answer sent = gateway.host.events().call(anna, "chat:send", {{"message", "too late"}});
  room.close("closed");
  gateway.host.run();
  CHECK(sent.ok());
  CHECK_FALSE(anna.got("chat:message"));
}

TEST_CASE("every event is for those in a room, and says what does not fit") {
  ChatGateway gateway({{"files", json::object{{"storage_dir", ""}}}});
  FakeClient& outside = gateway.host.connect(user("zoe"));
  FakeClient& inside = gateway.join(gateway.room("lobby"), "anna", Role::host);
  const json::object named{{"messageId", "none"}};
  struct Row {
    std::string event;
    json::value good;
    json::value bad;
  };
  const std::vector<Row> rows{
      {"chat:send", {{"message", "x"}}, {{"message", 1}}},
      {"chat:edit", {{"messageId", "none"}, {"message", "x"}}, {{"messageId", "none"}}},
      {"chat:delete", json::value(named), json::object{}},
      {"chat:react",
       {{"messageId", "none"}, {"emoji", "\xf0\x9f\x91\x8d"}},
       {{"messageId", "none"}, {"emoji", "word"}}},
      {"chat:vote", {{"messageId", "none"}, {"option", 0}}, {{"messageId", "none"}, {"option", -1}}},
      {"chat:typing", {{"typing", true}}, json::object{}},
      {"chat:history", json::object{}, {{"limit", "many"}}},
      {"chat:export", json::object{}, {{"format", "pdf"}}},
      {"chat:upload", {{"name", "a"}, {"size", 1}, {"type", "image/png"}}, {{"name", "a"}}},
      {"chat:file", {{"fileId", "none"}}, json::object{}},
  };
  std::vector<std::string> covered;
  for (const Row& row : rows) {
    CAPTURE(row.event);
    covered.push_back(row.event);
    CHECK(gateway.host.call(outside, row.event, row.good).code() == "NOT_IN_ROOM");
    CHECK(gateway.host.call(inside, row.event, row.bad).code() == "INVALID_PAYLOAD");
    CHECK_FALSE(gateway.host.call(inside, row.event, row.good).mishandled());
  }
  std::ranges::sort(covered);
  CHECK(covered == gateway.host.events().names());  // a new event needs its row
}

TEST_CASE("texts are bounded and cleaned") {
  ChatGateway gateway({{"max_characters", 10}});
  FakeClient& anna = gateway.join(gateway.room("lobby"), "anna");
  CHECK(gateway.send(anna, "0123456789").ok());
  CHECK(gateway.send(anna, "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d").ok());
  CHECK(gateway.send(anna, "0123456789x").code() == "INVALID_PAYLOAD");
  CHECK(gateway.send(anna, "0123456789x").details().at("path") == "message");
  CHECK(gateway.send(anna, " \n\x01 ").code() == "INVALID_PAYLOAD");
  CHECK(gateway.send(anna, std::string(100'000, 'x')).code() == "INVALID_PAYLOAD");
  gateway.send(anna, "a\r\nb\xe2\x80\xae");
  CHECK(gateway.heard(anna).back() == "a\nb");
}

TEST_CASE("a role that may not is refused, and so is everybody where the room's policy says so") {
  ChatGateway gateway;
  FakeRoom& room = gateway.room("lobby");
  FakeClient& host = gateway.join(room, "host", Role::host);
  FakeClient& anna = gateway.join(room, "anna");
  FakeClient& viewer = gateway.join(room, "vera", Role::viewer);
  CHECK(gateway.send(viewer, "hello").ok());
  CHECK(gateway.send(anna, "hear", {{"type", "announcement"}}).code() == "PERMISSION_DENIED");
  CHECK(gateway.send(host, "hear", {{"type", "announcement"}}).ok());
  CHECK(viewer.last("chat:message").at("type") == "announcement");
  CHECK(gateway.audits == Texts{"chat.announce by host"});
  CHECK(gateway.send(host, "hear", {{"type", "announcement"}, {"to", "host"}}).code() == "INVALID_PAYLOAD");
  CHECK(gateway.send(viewer, "f", {{"type", "file"}, {"fileId", "x"}}).code() == "PERMISSION_DENIED");
  CHECK(gateway.host.call(anna, "chat:export").code() == "PERMISSION_DENIED");

  gateway.allow(room, Permission::chat_private, Role::host);
  CHECK(gateway.send(anna, "psst", {{"to", "p-host"}}).code() == "PERMISSION_DENIED");
  CHECK(gateway.send(anna, "to the hosts", {{"to", "host"}}).ok());

  gateway.allow(room, Permission::chat, std::nullopt);
  for (FakeClient* client : {&host, &anna, &viewer}) {
    CHECK(gateway.send(*client, "hello").code() == "PERMISSION_DENIED");
  }
}

TEST_CASE("a private message reaches two users, at all their devices") {
  ChatGateway gateway;
  FakeRoom& room = gateway.room("lobby");
  FakeClient& anna = gateway.join(room, "anna");
  FakeClient& ben = gateway.join(room, "ben");
  FakeClient& bens_phone = gateway.join(room, "ben");
  FakeClient& host = gateway.join(room, "host", Role::host);
  REQUIRE(gateway.send(anna, "psst", {{"to", "p-ben"}}).ok());
  CHECK(ben.last("chat:message").at("to") == "p-ben");
  CHECK(bens_phone.got("chat:message"));
  CHECK(anna.got("chat:message"));
  CHECK_FALSE(host.got("chat:message"));
  CHECK(gateway.send(anna, "psst", {{"to", "p-nobody"}}).code() == "NOT_FOUND");
}

TEST_CASE("a message to one who has left finds nobody") {
  ChatGateway gateway;
  FakeRoom& room = gateway.room("lobby");
  FakeClient& anna = gateway.join(room, "anna");
  FakeClient& ben = gateway.join(room, "ben");
  room.leave(*room.find("p-ben"));
  CHECK(gateway.send(anna, "psst", {{"to", "p-ben"}}).code() == "NOT_FOUND");
  CHECK_FALSE(ben.got("chat:message"));
}

TEST_CASE("replies name a message of this conversation that the sender may see") {
  ChatGateway gateway;
  FakeRoom& room = gateway.room("lobby");
  FakeClient& anna = gateway.join(room, "anna");
  FakeClient& ben = gateway.join(room, "ben");
  FakeClient& carl = gateway.join(gateway.room("attic"), "carl");
  const std::string open = gateway.said(anna, "question");
  const std::string secret = gateway.said(anna, "note", {{"to", "p-anna"}});
  CHECK(gateway.send(ben, "answer", {{"replyTo", open}}).ok());
  CHECK(anna.last("chat:message").at("replyTo") == json::value(open));
  CHECK(gateway.send(ben, "answer", {{"replyTo", secret}}).code() == "NOT_FOUND");
  CHECK(gateway.send(carl, "answer", {{"replyTo", open}}).code() == "NOT_FOUND");
}

TEST_CASE("who sends too much waits") {
  ChatGateway gateway({{"messages_per_10s", 10}, {"burst", 3}});
  FakeRoom& room = gateway.room("lobby");
  FakeClient& anna = gateway.join(room, "anna");
  FakeClient& ben = gateway.join(room, "ben");
  for (int i = 0; i < 3; ++i) CHECK(gateway.send(anna, "spam").ok());
  const Answer refused = gateway.send(anna, "spam");
  CHECK(refused.code() == "RATE_LIMITED");
  CHECK(refused.details().at("retryAfterMs") == 1'001);
  CHECK(gateway.send(ben, "not I").ok());
  gateway.host.advance(std::chrono::milliseconds{1'001});
  CHECK(gateway.send(anna, "spam").ok());
  CHECK(gateway.send(anna, "spam").code() == "RATE_LIMITED");
}

TEST_CASE("who has much waiting for the store waits, too") {
  ChatGateway gateway({{"max_in_flight", 2}});
  FakeClient& anna = gateway.join(gateway.room("lobby"), "anna");
  auto& events = gateway.host.events();
  for (int i = 0; i < 2; ++i) CHECK_FALSE(events.call(anna, "chat:send", {{"message", "x"}}).done());
  CHECK(events.call(anna, "chat:send", {{"message", "x"}}).code() == "RATE_LIMITED");
  gateway.host.run();
  CHECK(gateway.send(anna, "x").ok());
}

TEST_CASE("other plugins hear of what was sent") {
  ChatGateway gateway;
  std::vector<std::string> told;
  gateway.host.bus().on<ChatMessageSent>([&](const ChatMessageSent& event) {
    told.push_back(event.room.id() + "|" + std::string{event.user_id} + "|" + std::string{event.type} + "|" +
                   std::string{event.recipient} + "|" + std::string{event.text});
  });
  FakeClient& anna = gateway.join(gateway.room("lobby"), "anna");
  gateway.send(anna, "Hello");
  CHECK(told == Texts{"lobby|anna|text|all|Hello"});
}

}  // namespace sluice::testing
