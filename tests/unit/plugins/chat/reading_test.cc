#include "tests/unit/plugins/chat/chat_gateway.h"

namespace sluice::testing {

namespace {

/// What was told so long ago has reached whoever was there.
constexpr std::chrono::seconds kForSure{62};

}  // namespace

TEST_CASE("the history comes in pages, newest first") {
  ChatGateway gateway({{"burst", 100}, {"history_page", 4}});
  FakeClient& anna = gateway.join(gateway.room("lobby"), "anna");
  for (int i = 1; i <= 9; ++i) gateway.send(anna, std::to_string(i));
  const Answer first = gateway.host.call(anna, "chat:history", {{"limit", 100}});
  CHECK(gateway.texts(first["messages"]) == Texts{"9", "8", "7", "6"});
  CHECK(first["hasMore"] == true);
  CHECK(gateway.history(anna, {{"before", 6}}) == Texts{"5", "4", "3", "2"});
  const Answer last = gateway.host.call(anna, "chat:history", {{"before", 3}, {"limit", 2}});
  CHECK(gateway.texts(last["messages"]) == Texts{"2", "1"});
  CHECK(last["hasMore"] == false);
  CHECK(gateway.history(anna, {{"limit", 0}}) == Texts{"9"});
  CHECK(gateway.history(anna, {{"before", -1}}).empty());
}

TEST_CASE("who sees what: all, private and to the hosts, by role") {
  ChatGateway gateway({{"burst", 100}});
  FakeRoom& room = gateway.room("lobby");
  FakeClient& anna = gateway.join(room, "anna");
  FakeClient& ben = gateway.join(room, "ben");
  FakeClient& carl = gateway.join(room, "carl");
  FakeClient& host = gateway.join(room, "host", Role::host);
  FakeClient& co_host = gateway.join(room, "dora", Role::co_host);
  gateway.send(anna, "all");
  gateway.send(anna, "to ben", {{"to", "p-ben"}});
  gateway.send(anna, "to hosts", {{"to", "host"}});
  gateway.send(host, "to anna", {{"to", "p-anna"}});

  struct Row {
    FakeClient& client;
    Texts sees;
  };
  for (const Row& row :
       {Row{anna, {"all", "to ben", "to hosts", "to anna"}}, Row{ben, {"all", "to ben"}}, Row{carl, {"all"}},
        Row{host, {"all", "to hosts", "to anna"}}, Row{co_host, {"all", "to hosts"}}}) {
    CAPTURE(row.client.identity().user_id);
    CHECK(gateway.heard(row.client) == row.sees);
    Texts newest_first = row.sees;
    std::ranges::reverse(newest_first);
    CHECK(gateway.history(row.client) == newest_first);
  }

  room.find("p-carl")->set_role(Role::co_host);
  CHECK(gateway.history(carl) == Texts{"to hosts", "all"});
}

TEST_CASE("a user who joins again finds its private messages") {
  ChatGateway gateway;
  FakeRoom& room = gateway.room("lobby");
  FakeClient& anna = gateway.join(room, "anna");
  gateway.join(room, "ben");
  gateway.send(anna, "psst", {{"to", "p-ben"}});
  room.leave(*room.find("p-ben"));
  CHECK(gateway.history(gateway.join(room, "ben")) == Texts{"psst"});
}

TEST_CASE("a room that closed takes its chat with it, unless it is told otherwise") {
  const auto chat_of_second_room = [](json::object options) {
    ChatGateway gateway(std::move(options));
    FakeRoom& first = gateway.room("lobby");
    gateway.send(gateway.join(first, "anna"), "old");
    first.close("closed");
    gateway.host.run();
    return gateway.history(gateway.join(gateway.room("lobby"), "ben"));
  };
  CHECK(chat_of_second_room({}).empty());
  CHECK(chat_of_second_room({{"history", "room"}}) == Texts{"old"});
}

TEST_CASE("what a participant missed while it was away comes when it is back, in order") {
  ChatGateway gateway({{"burst", 100}});
  FakeRoom& room = gateway.room("lobby");
  FakeClient& anna = gateway.join(room, "anna");
  FakeClient& ben = gateway.join(room, "ben");
  FakeClient& carl = gateway.join(room, "carl");
  const std::string known = gateway.said(anna, "known");
  gateway.send(anna, "untouched");
  const std::string doomed = gateway.said(anna, "doomed");
  gateway.host.advance(kForSure);
  FakeParticipant& away = *room.find("p-ben");
  room.away(away);
  gateway.host.disconnect(ben);
  gateway.send(anna, "one");
  gateway.send(anna, "not for ben", {{"to", "p-carl"}});
  gateway.send(carl, "two", {{"to", "p-ben"}});
  gateway.host.call(anna, "chat:edit", {{"messageId", known}, {"message", "known better"}});
  gateway.host.call(anna, "chat:delete", {{"messageId", doomed}});
  gateway.host.call(carl, "chat:react", {{"messageId", known}, {"emoji", "\xf0\x9f\x91\x8d"}});

  FakeClient& back = gateway.host.connect(user("ben"));
  room.returned(away, back);
  gateway.host.run();
  CHECK(gateway.heard(back) == Texts{"known better", "", "one", "two"});
  for (const json::value& message : back.sent("chat:message")) CHECK(message.at("missed") == true);
  CHECK(back.sent("chat:message").at(0).at("reactions").as_array().at(0).at("count") == 1);
  CHECK(back.sent("chat:message").at(1).at("deleted") == true);
  CHECK(back.last("chat:caught-up").at("messages") == 4);
  CHECK(back.last("chat:caught-up").at("hasMore") == false);

  back.clear();
  gateway.send(anna, "three");
  CHECK(gateway.heard(back) == Texts{"three"});
  CHECK_FALSE(back.last("chat:message").as_object().contains("missed"));
}

TEST_CASE("what is sent while somebody catches up comes after what it missed, and once") {
  ChatGateway gateway;
  FakeRoom& room = gateway.room("lobby");
  FakeClient& anna = gateway.join(room, "anna");
  FakeClient& ben = gateway.join(room, "ben");
  gateway.send(anna, "0");
  gateway.host.advance(kForSure);
  FakeParticipant& away = *room.find("p-ben");
  room.away(away);
  gateway.host.disconnect(ben);
  gateway.send(anna, "1");

  // Stored before the return and told after it; asked for; stored after it.
  auto& events = gateway.host.events();
  static_cast<void>(events.call(anna, "chat:send", {{"message", "2"}}));
  FakeClient& back = gateway.host.connect(user("ben"));
  room.returned(away, back);
  static_cast<void>(events.call(anna, "chat:send", {{"message", "3"}}));
  gateway.host.run();
  CHECK(gateway.heard(back) == Texts{"1", "2", "3"});
  CHECK(gateway.heard(anna) == Texts{"0", "1", "2", "3"});
}

TEST_CASE("what was sent into a connection that was dead already comes again") {
  ChatGateway gateway;
  FakeRoom& room = gateway.room("lobby");
  FakeClient& anna = gateway.join(room, "anna");
  FakeClient& ben = gateway.join(room, "ben");
  gateway.send(anna, "long ago");
  gateway.host.advance(kForSure);
  for (const char* text : {"a", "b", "c"}) {
    gateway.send(anna, text);
    gateway.host.advance(std::chrono::seconds{15});
  }
  FakeParticipant& away = *room.find("p-ben");
  room.away(away);
  gateway.host.disconnect(ben);
  FakeClient& back = gateway.host.connect(user("ben"));
  room.returned(away, back);
  gateway.host.run();
  CHECK(gateway.heard(back) == Texts{"a", "b", "c"});

  gateway.host.advance(kForSure);
  back.clear();
  room.away(away);
  room.returned(away, back);
  gateway.host.run();
  CHECK(gateway.heard(back).empty());
}

TEST_CASE("the first message of a room is not missed, either") {
  ChatGateway gateway;
  FakeRoom& room = gateway.room("lobby");
  FakeClient& anna = gateway.join(room, "anna");
  FakeClient& ben = gateway.join(room, "ben");
  FakeParticipant& away = *room.find("p-ben");
  room.away(away);
  gateway.host.disconnect(ben);
  SUBCASE("told while it was away") {
    gateway.send(anna, "first");
    FakeClient& back = gateway.host.connect(user("ben"));
    room.returned(away, back);
    gateway.host.run();
    CHECK(gateway.heard(back) == Texts{"first"});
  }
  SUBCASE("told after it came back") {
    static_cast<void>(gateway.host.events().call(anna, "chat:send", {{"message", "first"}}));
    FakeClient& back = gateway.host.connect(user("ben"));
    room.returned(away, back);
    gateway.host.run();
    CHECK(gateway.heard(back) == Texts{"first"});
  }
}

TEST_CASE("who missed a great deal gets the newest, and is told that there is more") {
  ChatGateway gateway({{"burst", 100}, {"max_missed", 2}});
  FakeRoom& room = gateway.room("lobby");
  FakeClient& anna = gateway.join(room, "anna");
  FakeClient& ben = gateway.join(room, "ben");
  gateway.send(anna, "0");
  gateway.host.advance(kForSure);
  FakeParticipant& away = *room.find("p-ben");
  room.away(away);
  gateway.host.disconnect(ben);
  for (int i = 1; i <= 4; ++i) gateway.send(anna, std::to_string(i));
  FakeClient& back = gateway.host.connect(user("ben"));
  SUBCASE("newest") {
    room.returned(away, back);
    gateway.host.run();
    CHECK(gateway.heard(back) == Texts{"3", "4"});
  }
  SUBCASE("a store that fails") {
    gateway.store.broken = true;
    room.returned(away, back);
    gateway.host.run();
    gateway.store.broken = false;
    CHECK(gateway.heard(back).empty());
  }
  SUBCASE("lost again before the answer, and back again") {
    room.returned(away, back);
    room.away(away);
    gateway.host.run();
    FakeClient& again = gateway.host.connect(user("ben"));
    room.returned(away, again);
    gateway.host.run();
    CHECK(gateway.heard(again) == Texts{"3", "4"});
    CHECK(again.last("chat:caught-up").at("hasMore") == true);
    CHECK_FALSE(back.got("chat:message"));
    gateway.host.disconnect(again);
    return;
  }
  CHECK(back.last("chat:caught-up").at("hasMore") == true);
  gateway.send(anna, "5");
  CHECK(gateway.heard(back).back() == "5");
}

TEST_CASE("who leaves for good while it catches up holds nobody up") {
  ChatGateway gateway;
  FakeRoom& room = gateway.room("lobby");
  FakeClient& anna = gateway.join(room, "anna");
  FakeClient& ben = gateway.join(room, "ben");
  gateway.send(anna, "0");
  gateway.host.advance(kForSure);
  FakeParticipant& away = *room.find("p-ben");
  room.away(away);
  gateway.host.disconnect(ben);
  gateway.send(anna, "1");
  FakeClient& back = gateway.host.connect(user("ben"));
  room.returned(away, back);
  room.leave(away);
  gateway.host.run();
  CHECK(gateway.send(anna, "2").ok());
  CHECK_FALSE(back.got("chat:message"));
}

}  // namespace sluice::testing
