#include "tests/unit/plugins/chat/chat_gateway.h"

namespace sluice::testing {

namespace {

const std::string kThumb = "\xf0\x9f\x91\x8d";
const std::string kHeart = "\xe2\x9d\xa4\xef\xb8\x8f";

/// Anna has said something to all of the lobby, where Ben attends and a host moderates.
struct Said {
  explicit Said(json::object options = {}) : gateway{std::move(options)} {}

  Answer edit(FakeClient& client, const std::string& text) {
    return gateway.host.call(client, "chat:edit", {{"messageId", id}, {"message", text}});
  }
  Answer remove(FakeClient& client) { return gateway.host.call(client, "chat:delete", {{"messageId", id}}); }
  Answer react(FakeClient& client, const std::string& emoji, bool remove = false) {
    return gateway.host.call(client, "chat:react", {{"messageId", id}, {"emoji", emoji}, {"remove", remove}});
  }
  Answer vote(FakeClient& client, int option) {
    return gateway.host.call(client, "chat:vote", {{"messageId", id}, {"option", option}});
  }
  json::value newest(FakeClient& reader) {
    return gateway.host.call(reader, "chat:history")["messages"].as_array().at(0);
  }

  ChatGateway gateway;
  FakeRoom& room = gateway.room("lobby");
  FakeClient& anna = gateway.join(room, "anna");
  FakeClient& ben = gateway.join(room, "ben");
  FakeClient& host = gateway.join(room, "host", Role::host);
  FakeClient& elsewhere = gateway.join(gateway.room("attic"), "carl", Role::host);
  std::string id = gateway.said(anna, "Helo");
};

}  // namespace

TEST_CASE("one's own message may be edited; others' by who moderates, which is written down") {
  Said said;
  REQUIRE(said.edit(said.anna, "Hello").ok());
  const json::value told = said.ben.last("chat:edited");
  CHECK(told.at("messageId") == json::value(said.id));
  CHECK(told.at("message") == "Hello");
  CHECK(told.at("by") == "p-anna");
  CHECK(said.newest(said.ben).at("editedAt") == told.at("editedAt"));
  CHECK(said.gateway.audits.empty());

  CHECK(said.edit(said.ben, "Boo").code() == "PERMISSION_DENIED");
  CHECK(said.edit(said.elsewhere, "Boo").code() == "NOT_FOUND");
  CHECK(said.edit(said.anna, " ").code() == "INVALID_PAYLOAD");
  CHECK(said.edit(said.host, "(removed a name)").ok());
  CHECK(said.gateway.audits == Texts{"chat.edit by host"});
  CHECK(said.gateway.history(said.ben) == Texts{"(removed a name)"});
  CHECK_FALSE(said.elsewhere.got("chat:edited"));
}

TEST_CASE("a deleted message leaves a stone without a text") {
  Said said;
  said.react(said.ben, kThumb);
  CHECK(said.remove(said.ben).code() == "PERMISSION_DENIED");
  CHECK(said.remove(said.elsewhere).code() == "NOT_FOUND");
  REQUIRE(said.remove(said.anna).ok());
  CHECK(said.ben.last("chat:deleted").at("by") == "p-anna");
  const json::value stone = said.newest(said.ben);
  CHECK(stone.at("deleted") == true);
  CHECK(stone.at("message") == "");
  CHECK(stone.at("reactions").as_array().empty());
  CHECK(said.gateway.sqlite.database().query("SELECT body FROM chat_messages").at(0).at(0) ==
        StoreValue{std::string{}});

  SUBCASE("once is as good as twice") {
    CHECK(said.remove(said.anna).ok());
    CHECK(said.ben.sent("chat:deleted").size() == 1);
  }
  SUBCASE("nothing more happens to it") {
    CHECK(said.edit(said.anna, "again").code() == "CONFLICT");
    CHECK(said.react(said.ben, kThumb).code() == "CONFLICT");
  }
}

TEST_CASE("who moderates deletes what others said, and that is written down") {
  Said said;
  CHECK(said.remove(said.host).ok());
  CHECK(said.gateway.audits == Texts{"chat.delete by host"});
}

TEST_CASE("what was said in private is nobody else's to touch, not even a moderator's") {
  Said said;
  said.id = said.gateway.said(said.anna, "psst", {{"to", "p-ben"}});
  CHECK(said.edit(said.host, "x").code() == "NOT_FOUND");
  CHECK(said.remove(said.host).code() == "NOT_FOUND");
  CHECK(said.react(said.host, kThumb).code() == "NOT_FOUND");
  CHECK(said.react(said.ben, kThumb).ok());
  CHECK(said.anna.got("chat:reaction"));
  CHECK_FALSE(said.host.got("chat:reaction"));
}

TEST_CASE("a change that the store does not take is told to nobody") {
  Said said;
  said.gateway.store.broken = true;
  CHECK(said.edit(said.anna, "x").code() == "INTERNAL");
  CHECK(said.remove(said.anna).code() == "INTERNAL");
  CHECK(said.react(said.ben, kThumb).code() == "INTERNAL");
  for (const char* event : {"chat:edited", "chat:deleted", "chat:reaction"}) CHECK_FALSE(said.ben.got(event));
}

TEST_CASE("reactions are counted, once for each user and emoji") {
  Said said;
  CHECK(said.react(said.ben, kThumb)["count"] == 1);
  CHECK(said.react(said.ben, kThumb)["count"] == 1);
  CHECK(said.react(said.host, kThumb)["count"] == 2);
  said.gateway.host.advance(std::chrono::milliseconds{1});  // they stand in the order in which they came
  CHECK(said.react(said.host, kHeart)["count"] == 1);
  CHECK(said.anna.sent("chat:reaction").size() == 3);
  const json::value told = said.anna.sent("chat:reaction").at(1);
  CHECK(told.at("count") == 2);
  CHECK(told.at("userId") == "host");
  CHECK(told.at("removed") == false);

  const json::value first = said.newest(said.ben).at("reactions").as_array().at(0);
  CHECK(first.at("emoji") == json::value(kThumb));
  CHECK(first.at("count") == 2);
  CHECK(first.at("mine") == true);
  CHECK(said.newest(said.anna).at("reactions").as_array().at(0).at("mine") == false);

  CHECK(said.react(said.host, kThumb, true)["count"] == 1);
  CHECK(said.anna.last("chat:reaction").at("removed") == true);
  CHECK(said.react(said.host, kThumb, true)["count"] == 1);
  CHECK(said.anna.sent("chat:reaction").size() == 4);
}

TEST_CASE("reactions are a bounded set of emoji") {
  SUBCASE("any picture, where nothing else is configured") {
    Said said({{"reactions_per_message", 1}});
    CHECK(said.react(said.ben, "word").code() == "INVALID_PAYLOAD");
    CHECK(said.react(said.ben, kThumb).ok());
    CHECK(said.react(said.ben, kHeart).code() == "LIMIT_EXCEEDED");
    CHECK(said.react(said.host, kThumb).ok());
  }
  SUBCASE("those that are configured") {
    Said said({{"reactions", json::array{kHeart}}});
    CHECK(said.react(said.ben, kThumb).code() == "INVALID_PAYLOAD");
    CHECK(said.react(said.ben, kHeart).ok());
  }
}

TEST_CASE("a chat that is switched off takes no edits and reactions, but what is one's own may be deleted") {
  Said said;
  said.gateway.allow(said.room, Permission::chat, std::nullopt);
  CHECK(said.edit(said.anna, "x").code() == "PERMISSION_DENIED");
  CHECK(said.react(said.anna, kThumb).code() == "PERMISSION_DENIED");
  CHECK(said.remove(said.anna).ok());
}

TEST_CASE("a poll counts one vote of each user, which may change") {
  Said said;
  const json::array options{"yes", "no"};
  said.id = said.gateway.said(said.anna, "Lunch?", {{"type", "poll"}, {"options", options}});
  CHECK(said.ben.last("chat:message").at("poll").at("options") == options);
  CHECK(said.vote(said.ben, 0)["poll"].at("votes") == json::array{1, 0});
  CHECK(said.vote(said.host, 0).ok());
  CHECK(said.vote(said.ben, 1)["poll"].at("mine") == 1);
  CHECK(said.vote(said.ben, 2).code() == "INVALID_PAYLOAD");
  CHECK(said.vote(said.elsewhere, 0).code() == "NOT_FOUND");
  CHECK(said.edit(said.anna, "Dinner?").code() == "CONFLICT");

  said.gateway.host.advance(std::chrono::milliseconds{500});
  REQUIRE(said.anna.sent("chat:poll").size() == 1);  // three votes, one piece of news
  CHECK(said.anna.last("chat:poll").at("votes") == json::array{1, 1});
  CHECK(said.newest(said.host).at("poll").at("mine") == 0);
}

TEST_CASE("a poll has two to ten options, and other messages none to vote on") {
  Said said;
  CHECK(said.vote(said.ben, 0).code() == "CONFLICT");
  for (const json::array& options : {json::array{}, json::array{"one"}, json::array{"one", " "}, json::array{1, 2},
                                     json::array(11, json::value("many"))}) {
    CAPTURE(options);
    CHECK(said.gateway.send(said.anna, "?", {{"type", "poll"}, {"options", options}}).code() == "INVALID_PAYLOAD");
  }
}

}  // namespace sluice::testing
