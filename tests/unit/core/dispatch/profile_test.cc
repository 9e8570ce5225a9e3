#include "core/dispatch/profile.h"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <optional>

#include "core/dispatch/dispatcher.h"
#include "core/log/log.h"
#include "core/metrics/metric_registry.h"
#include "tests/unit/core/dispatch/fake_connection.h"

namespace sluice {
namespace {

using Lines = std::vector<std::string>;

std::map<std::string, ProfileRules> profiles() {
  ProfileRules rules;
  rules.incoming["join-meeting"] = {.event = "room:join",
                                    .request = {.fields = {{"meetingId", "roomId"}}},
                                    .answer = {.fields = {{"userId", "self"}}},
                                    .echo = {"tag"},
                                    .result = "meeting-joined",
                                    .result_unless = "held",
                                    .context = "meetingId"};
  rules.incoming["produce"] = {.event = "produce",
                               .defaults = {{.when = {{"kind", "audio"}}, .data = {{"source", "mic"}}},
                                            {.when = {}, .data = {{"source", "webcam"}}}}};
  rules.incoming["screen:publish"].remember =
      Announcement{.event = "produce", .defaults = {.when = {{"kind", "video"}}, .data = {{"source", "screen"}}}};
  rules.incoming["webcam:publish"].remember =
      Announcement{.event = "produce", .defaults = {.when = {{"kind", "video"}}, .data = {{"source", "webcam"}}}};
  rules.incoming["update-media"] = {.event = "media:toggle",
                                    .request = {.fields = {{"audioEnabled", "audio"}, {"kind", "source"}}},
                                    .each = {{"audio", {.as = "enabled", .data = {{"source", "mic"}}}},
                                             {"video", {.as = "enabled", .data = {{"source", "webcam"}}}}}};
  rules.outgoing["chat:message"] = {{.event = "new-chat", .data = {.fields = {{"userId", "from"}}}},
                                    {.event = "chat:receive"}};
  rules.outgoing["changed"] = {{.event = "user-left", .data = {.fields = {{"userId", "id"}}}, .for_each = "left"}};
  return {{"old", std::move(rules)}, {"other", {}}};
}

struct Fixture {
  std::shared_ptr<FakeConnection> connect(std::uint64_t id, json::object auth = {{"profile", "old"}}) {
    auto connection = std::make_shared<FakeConnection>(id);
    ConnectRequest request;
    request.auth = std::move(auth);
    dispatcher.on_connect(connection, request);
    return connection;
  }
  /// What the client is told of it.
  Lines event(std::uint64_t id, FakeConnection& connection, const std::string& name, json::value data = nullptr,
              std::optional<AckId> ack = AckId{std::int64_t{1}}) {
    connection.sent.clear();
    dispatcher.on_event(ConnectionId{id}, name, std::move(data), std::move(ack), clock.now());
    return connection.sent;
  }
  void on(std::string_view name, Events::RawHandler handler) { dispatcher.add(scope, name, std::move(handler)); }
  /// Answers with the data that it got.
  void on_echo(std::string_view name) {
    on(name, [](Client&, const json::value& data, Reply reply) { reply.ok(json::value(data)); });
  }
  std::vector<Client*> everybody() {
    std::vector<Client*> clients;
    on("me", [&clients](Client& client, const json::value&, Reply reply) {
      clients.push_back(&client);
      reply.ok();
    });
    for (std::uint64_t id = 1; id < 10; ++id)
      dispatcher.on_event(ConnectionId{id}, "me", nullptr, std::nullopt, clock.now());
    return clients;
  }

  ManualClock clock;
  MetricRegistry registry;
  std::shared_ptr<CallbackScope> scope = std::make_shared<CallbackScope>(CallbackScope::Options{.name = "test"}, clock,
                                                                         null_log(), registry.component("plugins"));
  Dispatcher dispatcher{[](const std::optional<std::string>&) -> Result<Identity, Error> { return Identity{}; },
                        100,
                        clock,
                        null_log(),
                        registry.component("signalling"),
                        ProfileTable{profiles(), ""}};
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "an unknown profile is refused with those that are there") {
  const auto unknown = connect(1, {{"profile", "older"}});
  CHECK(unknown->sent == Lines{"refused UNSUPPORTED"});
  CHECK(unknown->refusal.at("supported") == json::array{"old", "other"});
  CHECK(connect(2, {{"profile", 7}})->sent == Lines{"refused INVALID_PAYLOAD profile"});
  CHECK(connect(3, {{"profile", "old"}})->sent == Lines{"accepted"});
  CHECK(connect(4, {})->sent == Lines{"accepted"});
}

TEST_CASE("the default is for who names none; an empty name is the canonical names") {
  const ProfileTable table{profiles(), "other"};
  const auto choice = [&](json::object auth, DoorKind door = DoorKind::socket_io) {
    ConnectRequest request;
    request.door = door;
    request.auth = std::move(auth);
    return table.choose(request).value();
  };
  CHECK(choice({}) == &table.profiles().find("other")->second);
  CHECK(choice({{"profile", nullptr}}) == &table.profiles().find("other")->second);
  CHECK(choice({{"profile", "old"}}) == &table.profiles().find("old")->second);
  CHECK(choice({{"profile", ""}}) == nullptr);
  CHECK(choice({}, DoorKind::plugin) == nullptr);
}

TEST_CASE_FIXTURE(Fixture, "an older event reaches the canonical handler, and its answer has older names") {
  const auto client = connect(1);
  json::value seen;
  on("room:join", [&](Client&, const json::value& data, Reply reply) {
    seen = data;
    reply.ok(json::value{{"self", "p1"}});
  });
  CHECK(event(1, *client, "join-meeting", {{"meetingId", "m"}, {"tag", "t"}}) ==
        Lines{R"(ok {"userId":"p1","meetingId":"m","tag":"t"})",
              R"(meeting-joined {"userId":"p1","meetingId":"m","tag":"t"})"});
  CHECK(seen == json::value{{"tag", "t"}, {"roomId", "m"}});

  SUBCASE("without an acknowledgement the result comes by event alone") {
    CHECK(event(1, *client, "join-meeting", {{"meetingId", "m"}}, std::nullopt) ==
          Lines{R"(meeting-joined {"userId":"p1","meetingId":"m"})"});
  }
  SUBCASE("the canonical name works, too") {
    CHECK(event(1, *client, "room:join", {{"roomId", "m"}}) == Lines{R"(ok {"self":"p1"})"});
  }
  SUBCASE("for who has no profile it is unknown") {
    const auto plain = connect(2, {});
    CHECK(event(2, *plain, "join-meeting") == Lines{"fail UNKNOWN_EVENT"});
    CHECK(event(2, *plain, "room:join") == Lines{R"(ok {"self":"p1"})"});
  }
}

TEST_CASE_FIXTURE(Fixture, "a result that is held back comes by its own event") {
  const auto client = connect(1);
  on("room:join", [](Client&, const json::value&, Reply reply) { reply.ok(json::value{{"held", true}}); });
  CHECK(event(1, *client, "join-meeting", {{"meetingId", "m"}}) == Lines{R"(ok {"held":true,"meetingId":"m"})"});
}

TEST_CASE_FIXTURE(Fixture, "an error names the event and the field that the client has sent") {
  const auto client = connect(1);
  on("room:join", [](Client&, const json::value&, Reply) {
    throw Error{ErrorCode::invalid_payload, "roomId: is missing", {{"path", "roomId"}}};
  });
  CHECK(event(1, *client, "join-meeting") == Lines{"fail INVALID_PAYLOAD meetingId"});
  CHECK(event(1, *client, "join-meeting", nullptr, std::nullopt) ==
        Lines{"error join-meeting INVALID_PAYLOAD meetingId"});
  CHECK(event(1, *client, "room:join", nullptr, std::nullopt) == Lines{"error room:join INVALID_PAYLOAD roomId"});
  CHECK(event(1, *client, "produce", nullptr, std::nullopt) == Lines{"error produce UNKNOWN_EVENT"});
  CHECK(event(1, *client, "join-meeting", json::array{}) == Lines{"fail INVALID_PAYLOAD meetingId"});
}

TEST_CASE_FIXTURE(Fixture, "a failed join leaves the meeting as it was") {
  const auto client = connect(1);
  bool full = false;
  on("room:join", [&](Client&, const json::value&, Reply reply) {
    if (full) throw Error{ErrorCode::room_full, "full"};
    reply.ok();
  });
  event(1, *client, "join-meeting", {{"meetingId", "first"}});
  full = true;
  CHECK(event(1, *client, "join-meeting", {{"meetingId", "second"}}) == Lines{"fail ROOM_FULL"});
  client->sent.clear();
  dispatcher.broadcast(everybody(), "hand:raised", json::object{{"order", 1}});
  CHECK(client->sent.back() == R"(hand:raised {"order":1,"meetingId":"first"})");
}

TEST_CASE_FIXTURE(Fixture, "a meeting's name that is too long to be repeated is not") {
  const auto client = connect(1);
  on_echo("room:join");
  CHECK(event(1, *client, "join-meeting", {{"meetingId", std::string(kMaxEchoBytes + 1, 'm')}, {"tag", json::array{1}}})
            .front()
            .find("meetingId") == std::string::npos);
}

TEST_CASE_FIXTURE(Fixture, "what is missing is filled in by what was announced, else by what is usual") {
  const auto client = connect(1);
  on_echo("produce");
  const json::value video{{"kind", "video"}};
  const Lines webcam{R"(ok {"kind":"video","source":"webcam"})"};
  const Lines screen{R"(ok {"kind":"video","source":"screen"})"};
  CHECK(event(1, *client, "produce", {{"kind", "audio"}}) == Lines{R"(ok {"kind":"audio","source":"mic"})"});
  CHECK(event(1, *client, "produce", video) == webcam);
  CHECK(event(1, *client, "screen:publish", {{"any", "thing"}}) == Lines{"ok {}"});
  CHECK(event(1, *client, "produce", {{"kind", "audio"}}) == Lines{R"(ok {"kind":"audio","source":"mic"})"});
  CHECK(event(1, *client, "produce", video) == screen);
  CHECK(event(1, *client, "produce", video) == webcam);

  SUBCASE("announcements are taken in their order, each once") {
    for (const char* name : {"screen:publish", "screen:publish", "webcam:publish"}) event(1, *client, name);
    CHECK(event(1, *client, "produce", video) == screen);
    CHECK(event(1, *client, "produce", video) == webcam);
    CHECK(event(1, *client, "produce", video) == webcam);
  }
  SUBCASE("what the event says itself stays") {
    event(1, *client, "screen:publish");
    CHECK(event(1, *client, "produce", {{"kind", "video"}, {"source", "webcam"}}) == webcam);
  }
  SUBCASE("another client has announced nothing") {
    event(1, *client, "screen:publish");
    const auto other = connect(2);
    CHECK(event(2, *other, "produce", video) == webcam);
  }
}

TEST_CASE_FIXTURE(Fixture, "one event with several flags is several events and one answer") {
  const auto client = connect(1);
  Lines seen;
  std::optional<Reply> late;
  on("media:toggle", [&](Client&, const json::value& data, Reply reply) {
    seen.push_back(json::serialize(data));
    if (data.as_object().at("source") == "webcam") {
      late.emplace(std::move(reply));
    } else {
      reply.ok(json::value{{"n", seen.size()}});
    }
  });
  CHECK(event(1, *client, "update-media", {{"audioEnabled", false}, {"video", true}}).empty());
  CHECK(seen == Lines{R"({"source":"mic","enabled":false})", R"({"source":"webcam","enabled":true})"});
  SUBCASE("that comes once all are done") {
    late->ok(json::value{{"done", true}});
    CHECK(client->sent == Lines{R"(ok {"done":true})"});
  }
  SUBCASE("or is the first error") {
    late->fail(ErrorCode::conflict, "no");
    CHECK(client->sent == Lines{"fail CONFLICT"});
  }
  SUBCASE("without any flag it is one event") {
    CHECK(event(1, *client, "update-media", {{"kind", "mic"}, {"enabled", true}}) == Lines{R"(ok {"n":3})"});
    CHECK(seen.back() == R"({"enabled":true,"source":"mic"})");
  }
}

TEST_CASE_FIXTURE(Fixture, "an event goes out under all its older names") {
  const auto client = connect(1);
  on("say", [](Client& to, const json::value&, Reply reply) {
    to.send("chat:message", json::object{{"from", "p"}});
    to.send("pass", json::object{{"from", "p"}});
    to.send("changed", json::parse(R"({"left":[{"id":"a"},5,{"id":"b"}]})"));
    to.send("changed", json::object{{"joined", 1}});
    reply.ok();
  });
  CHECK(event(1, *client, "say") == Lines{R"(new-chat {"userId":"p"})", R"(chat:receive {"from":"p"})",
                                          R"(pass {"from":"p"})", R"(user-left {"userId":"a"})",
                                          R"(user-left {"userId":"b"})", "ok {}"});
}

TEST_CASE_FIXTURE(Fixture, "a list that is told one by one is cut off somewhere") {
  const auto client = connect(1);
  json::array left;
  for (std::size_t i = 0; i < 2 * kMaxEventsOfOne; ++i) left.push_back(json::object{{"id", i}});
  dispatcher.broadcast(everybody(), "changed", json::object{{"left", std::move(left)}});
  CHECK(client->sent.size() == kMaxEventsOfOne + 1);
}

TEST_CASE_FIXTURE(Fixture, "a broadcast is mapped once for each profile and meeting, and is itself for the others") {
  on_echo("room:join");
  const auto a = connect(1);
  const auto b = connect(2);
  const auto elsewhere = connect(3);
  const auto plain = connect(4, {});
  const auto also_plain = connect(5, {{"profile", "other"}});
  for (std::uint64_t id : {1, 2})
    dispatcher.on_event(ConnectionId{id}, "join-meeting", {{"meetingId", "m"}}, {}, clock.now());
  dispatcher.on_event(ConnectionId{3}, "join-meeting", {{"meetingId", "n"}}, {}, clock.now());
  dispatcher.broadcast(everybody(), "chat:message", json::object{{"from", "p"}});
  CHECK(a->last_event->name() == "chat:receive");
  CHECK(a->last_event == b->last_event);
  CHECK(a->last_event != elsewhere->last_event);
  CHECK(elsewhere->sent.back() == R"(chat:receive {"from":"p","meetingId":"n"})");
  CHECK(plain->sent.back() == R"(chat:message {"from":"p"})");
  CHECK(plain->last_event == also_plain->last_event);
}

}  // namespace sluice
