#include <doctest/doctest.h>

#include "videoroom_fixture.h"

using namespace sluice;
using namespace sluice::testing;
using namespace std::chrono_literals;

TEST_CASE("others hear who left and why") {
  VideoRoomGateway gateway;
  FakeClient& anna = gateway.member("anna");
  FakeClient& ben = gateway.member("ben");
  FakeClient& cleo = gateway.member("cleo");
  const std::string ben_id = gateway.participant_id(ben);
  anna.clear();

  gateway.host.call(ben, "room:leave");
  CHECK(anna.last("participant:left") == json::value{{"participantId", ben_id}, {"reason", "left"}});
  CHECK_FALSE(ben.got("participant:left"));
  gateway.host.disconnect(cleo);
  CHECK(text(anna.last("participant:left"), "reason") == "disconnected");
  CHECK(gateway.host.call(ben, "room:leave").code() == "NOT_IN_ROOM");
}

TEST_CASE("participant:info changes what others see, and nothing that a plugin has set") {
  VideoRoomGateway gateway{{{"attributes_bytes", 64}}};
  FakeClient& anna = gateway.member("anna");
  FakeClient& ben = gateway.member("ben");
  const auto info = [&](json::object data) { return gateway.host.call(ben, "participant:info", std::move(data)); };

  CHECK(info({{"name", "Benjamin"}, {"avatar", "https://example.org/b.png"}, {"attributes", {{"mood", "fine"}}}}).ok());
  const json::value seen = anna.last("participant:updated").at("participant");
  CHECK(text(seen, "name") == "Benjamin");
  CHECK(text(seen, "avatar") == "https://example.org/b.png");
  CHECK(text(seen.at("attributes"), "mood") == "fine");

  Participant& participant = gateway.rooms().participant_of(ben);
  participant.set_attribute("hand_raised", false);
  CHECK(info({{"attributes", {{"hand_raised", true}, {"mood", nullptr}}}}).ok());
  const json::value after = anna.last("participant:updated").at("participant").at("attributes");
  CHECK(after == json::value{{"hand_raised", false}});
  CHECK(participant.attributes() == json::object{{"hand_raised", false}});

  CHECK(info({{"avatar", "javascript:alert(1)"}}).code() == "INVALID_PAYLOAD");
  CHECK(info({{"avatar", "https://x\r\ny"}}).code() == "INVALID_PAYLOAD");
  CHECK(info({{"attributes", {{"big", std::string(64, 'x')}}}}).code() == "LIMIT_EXCEEDED");
}

TEST_CASE("room:members pages through the room, eldest first") {
  VideoRoomGateway gateway{{{"members_page", 2}}};
  FakeClient& anna = gateway.member("anna");
  for (const char* name : {"ben", "cleo", "dave"}) gateway.member(name);
  const auto names = [&](json::object range) {
    std::string out;
    const Answer answer = gateway.host.call(anna, "room:members", std::move(range));
    CHECK(answer["total"].to_number<int>() == 4);
    for (const auto& one : answer["participants"].as_array()) out += text(one, "name") + " ";
    return out;
  };
  CHECK(names({}) == "anna ben ");
  CHECK(names({{"offset", 2}, {"limit", 100}}) == "cleo dave ");
  CHECK(names({{"offset", 1}, {"limit", 1}}) == "ben ");
  CHECK(names({{"offset", 4000000000U}}).empty());
  CHECK(gateway.host.call(anna, "room:members", json::object{{"offset", -1}}).code() == "INVALID_PAYLOAD");
  CHECK(gateway.join(gateway.person("eve"))["participants"].as_array().size() == 2);
}

TEST_CASE("in a large room presence comes in batches") {
  VideoRoomGateway gateway{{{"batch_presence_above", 2}, {"presence_batch_ms", 500}}};
  FakeClient& anna = gateway.member("anna");
  FakeClient& ben = gateway.member("ben");
  CHECK(anna.got("participant:joined"));
  anna.clear();
  FakeClient& cleo = gateway.member("cleo");
  FakeClient& dave = gateway.member("dave");
  const std::string cleo_id = gateway.participant_id(cleo);
  CHECK(anna.sent().empty());

  SUBCASE("who joined is told in one event after the batch's time") {
    gateway.host.advance(500ms);
    REQUIRE(anna.sent().size() == 1);
    const json::value batch = anna.last("participants:changed");
    CHECK(batch.at("joined").as_array().size() == 2);
    CHECK(batch.at("left").as_array().empty());
    CHECK(batch.at("total").to_number<int>() == 4);
    gateway.host.advance(10s);
    CHECK(anna.sent().size() == 1);
  }
  SUBCASE("who came and went within a batch was never there") {
    gateway.host.call(dave, "room:leave");
    gateway.host.advance(500ms);
    const json::value batch = anna.last("participants:changed");
    CHECK(batch.at("joined").as_array().size() == 1);
    CHECK(batch.at("left").as_array().empty());
  }
  SUBCASE("changes are told once, with what holds at the end") {
    gateway.host.advance(500ms);
    anna.clear();
    for (const char* name : {"B1", "B2", "B3"}) {
      gateway.host.call(ben, "participant:info", json::object{{"name", name}});
    }
    gateway.host.advance(500ms);
    const json::value batch = anna.last("participants:changed");
    REQUIRE(batch.at("updated").as_array().size() == 1);
    CHECK(text(batch.at("updated").as_array()[0], "name") == "B3");
  }
  SUBCASE("when the room is small again, what waits goes out first") {
    gateway.host.advance(500ms);
    anna.clear();
    gateway.host.call(cleo, "room:leave");
    CHECK(anna.sent().empty());
    gateway.host.call(dave, "room:leave");
    REQUIRE(anna.sent().size() == 2);
    CHECK(text(anna.sent()[0].data.at("left").as_array()[0], "participantId") == cleo_id);
    CHECK(anna.sent()[1].event == "participant:left");
  }
}

TEST_CASE("a batch that is full does not wait") {
  VideoRoomGateway gateway{{{"batch_presence_above", 0}, {"presence_batch_entries", 2}}};
  FakeClient& anna = gateway.member("anna");
  gateway.member("ben");
  CHECK(anna.last("participants:changed").at("joined").as_array().size() == 2);
}

TEST_CASE("in a very large room a batch names a few, publishers first, and tells how many there are") {
  VideoRoomGateway gateway{{{"batch_presence_above", 0}, {"presence_names", 8}, {"presence_batch_ms", 500}}};
  FakeClient& anna = gateway.member("anna");
  gateway.member("ben");
  gateway.member("cleo");
  FakeClient& dave = gateway.member("dave");
  gateway.host.advance(500ms);
  json::value batch = anna.last("participants:changed");
  CHECK(batch.at("joined").as_array().size() == 2);
  CHECK(batch.at("total").to_number<int>() == 4);
  CHECK(batch.at("partial").as_bool());

  SUBCASE("who begins to publish is named") {
    gateway.producer(dave);
    gateway.host.advance(500ms);
    batch = anna.last("participants:changed");
    REQUIRE(batch.at("updated").as_array().size() == 1);
    CHECK(text(batch.at("updated").as_array()[0], "name") == "dave");
    CHECK(!batch.as_object().contains("partial"));
  }
  SUBCASE("who leaves is named while there is room") {
    gateway.host.call(dave, "room:leave");
    gateway.host.advance(500ms);
    CHECK(anna.last("participants:changed").at("left").as_array().size() == 1);
  }
}
