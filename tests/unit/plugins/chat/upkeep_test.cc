#include "tests/unit/plugins/chat/chat_gateway.h"

namespace sluice::testing {

TEST_CASE("messages of a room id, and of a meeting, outlive the process; those of a session do not") {
  const TemporaryFolder folder;
  const std::string database = folder.file("store.db");
  const auto left = [&](const json::object& options, bool with_meetings) {
    {
      ChatGateway gateway(options, with_meetings, database);
      gateway.send(gateway.join(gateway.room("meeting"), "anna"), "kept");
    }  // as after a crash: no room was closed
    ChatGateway gateway(options, with_meetings, database);
    gateway.host.run();
    CHECK(gateway.rows("chat_messages") <= 1);
    return gateway.history(gateway.join(gateway.room("meeting"), "ben"));
  };
  CHECK(left({{"history", "session"}}, false).empty());
  CHECK(left({{"history", "room"}}, false) == Texts{"kept"});
  std::filesystem::remove(database);
  CHECK(left({}, true) == Texts{"kept"});
}

TEST_CASE("a session that ended leaves nothing in the store") {
  ChatGateway gateway({{"burst", 2'000}, {"max_in_flight", 1'000}});
  FakeRoom& room = gateway.room("lobby");
  FakeRoom& other = gateway.room("attic");
  FakeClient& anna = gateway.join(room, "anna");
  gateway.send(gateway.join(other, "ben"), "stays");
  for (int i = 0; i < 5; ++i) gateway.send(anna, "x");
  gateway.host.call(anna, "chat:react",
                    {{"messageId", anna.last("chat:message").at("messageId")}, {"emoji", "\xf0\x9f\x91\x8d"}});
  room.close("closed");
  gateway.host.run();
  CHECK(gateway.rows("chat_messages") == 1);
  CHECK(gateway.rows("chat_conversations") == 1);
  CHECK(gateway.rows("chat_reactions") == 0);
}

TEST_CASE("messages are deleted when their time is over") {
  ChatGateway gateway({{"retention_days", 2}, {"history", "room"}});
  FakeClient& anna = gateway.join(gateway.room("lobby"), "anna");
  gateway.send(anna, "old");
  gateway.host.advance(std::chrono::hours{47});
  gateway.send(anna, "new");
  CHECK(gateway.history(anna) == Texts{"new", "old"});
  gateway.host.advance(std::chrono::hours{2});
  CHECK(gateway.history(anna) == Texts{"new"});
  CHECK(gateway.send(anna, "next")["number"] == 3);  // numbers never come again
}

TEST_CASE("what could not be deleted is deleted by the next start") {
  const TemporaryFolder folder;
  {
    ChatGateway gateway({}, false, folder.file("store.db"));
    FakeRoom& room = gateway.room("lobby");
    gateway.send(gateway.join(room, "anna"), "x");
    SUBCASE("the store took nothing") { gateway.store.full = true; }
    SUBCASE("the disk failed") { gateway.store.broken = true; }
    room.close("closed");
    gateway.host.run();
    CHECK(gateway.rows("chat_messages") == 1);
  }
  ChatGateway gateway({}, false, folder.file("store.db"));
  CHECK(gateway.rows("chat_messages") == 0);
  CHECK(gateway.rows("chat_conversations") == 0);
}

TEST_CASE("a meeting that is deleted takes its chat with it, and no other's") {
  ChatGateway gateway({}, true);
  gateway.send(gateway.join(gateway.room("meeting"), "anna"), "goes");
  gateway.send(gateway.join(gateway.room("lobby"), "ben"), "stays");
  gateway.host.bus().publish(MeetingDeleted{gateway.meetings.info});
  gateway.host.run();
  CHECK(gateway.rows("chat_messages") == 1);
}

}  // namespace sluice::testing
