#include "tests/unit/plugins/chat/chat_gateway.h"

namespace sluice::testing {

namespace {

/// A meeting with its room open, where a host, Anna and Ben have spoken.
struct Held {
  HttpAnswer get(const std::string& who, std::map<std::string, std::string, std::less<>> query = {}) {
    HttpRequest request;
    request.identity = user(who);
    request.query = std::move(query);
    // As the meetings plugin would call its part.
    gateway.host.http().route(
        "GET", "/part/" + std::to_string(++calls), [this](const HttpRequest& in, HttpReply reply) {
          gateway.meetings.parts.at("chat")(in, gateway.meetings.info, rest::Reply{std::move(reply)});
        });
    HttpAnswer answer = gateway.host.http().call("GET", "/part/" + std::to_string(calls), request);
    gateway.host.run();
    return answer;
  }
  HttpAnswer post(const Identity& who, const std::string& body, const std::string& id = "meeting") {
    HttpRequest request;
    request.identity = who;
    request.path_parameters["id"] = id;
    request.headers["content-type"] = "application/json";
    request.body = body;
    HttpAnswer answer = gateway.host.http().call("POST", "/api/meeting/{id}/chat", request);
    gateway.host.run();
    return answer;
  }

  ChatGateway gateway{{}, true};
  FakeRoom& room = gateway.room("meeting");
  FakeClient& host = gateway.join(room, "host", Role::host);
  FakeClient& anna = gateway.join(room, "anna");
  int calls = 0;
};

}  // namespace

TEST_CASE("a meeting's chat is read by REST, by who may see it, as far as it may") {
  Held held;
  held.gateway.send(held.anna, "Hello everyone!");
  held.gateway.send(held.anna, "to the hosts", {{"to", "host"}});
  held.gateway.send(held.anna, "my note", {{"to", "p-anna"}});

  const json::value answer = held.get("ben").body();
  CHECK(answer.at("success") == true);
  const json::value& data = answer.at("data");
  CHECK(data.at("total_messages") == 1);
  CHECK(data.at("has_more") == false);
  const json::value& message = data.at("messages").at(0);
  CHECK(message.at("message") == "Hello everyone!");
  CHECK(message.at("participant_id") == "p-anna");
  CHECK(message.at("participant_name") == "User anna");
  CHECK(message.at("timestamp") == "2001-09-09T01:46:40.000Z");
  CHECK(message.at("type") == "text");
  CHECK(message.at("recipient_type") == "all");

  CHECK(held.get("host").body().at("data").at("total_messages") == 2);
  CHECK(held.get("anna").body().at("data").at("total_messages") == 3);
  CHECK(held.get("stranger").status() == 404);
}

TEST_CASE("pages of a meeting's chat, and what does not fit") {
  Held held;
  for (const char* text : {"1", "2", "3"}) held.gateway.send(held.anna, text);
  const json::value page = held.get("ben", {{"limit", "2"}}).body().at("data");
  CHECK(ChatGateway::texts(page.at("messages")) == Texts{"3", "2"});
  CHECK(page.at("has_more") == true);
  CHECK(page.at("total_messages") == 3);
  const json::value rest = held.get("ben", {{"limit", "2"}, {"before", "2"}}).body().at("data");
  CHECK(ChatGateway::texts(rest.at("messages")) == Texts{"1"});
  CHECK(held.get("ben", {{"limit", "many"}}).status() == 400);
  CHECK(held.get("ben", {{"format", "pdf"}}).status() == 400);
}

TEST_CASE("a meeting's chat goes on when its room opens again, and its figure counts on") {
  Held held;
  auto& figure = held.gateway.meetings.figures.at("total_chat_messages");
  held.gateway.send(held.anna, "yesterday");
  CHECK(figure(held.gateway.meetings.info) == 1);
  held.room.close("closed");
  held.gateway.host.run();
  CHECK(figure(held.gateway.meetings.info) == 1);  // for the final statistics
  FakeClient& anna = held.gateway.join(held.gateway.room("meeting"), "anna");
  CHECK(held.gateway.history(anna) == Texts{"yesterday"});
  CHECK(figure(held.gateway.meetings.info) == 1);
  held.gateway.send(anna, "today");
  CHECK(figure(held.gateway.meetings.info) == 2);
  MeetingInfo other = held.gateway.meetings.info;
  other.tenant = "acme";
  CHECK(figure(other).is_null());
}

TEST_CASE("a message by REST comes from the participant that the caller is") {
  Held held;
  const HttpAnswer sent = held.post(user("anna"), R"({"message": "from a script"})");
  CHECK(sent.status() == 201);
  CHECK(sent.body().at("data").at("participant_id") == "p-anna");
  CHECK(held.host.last("chat:message").at("message") == "from a script");
  CHECK(held.post(user("ben"), R"({"message": "x"})").status() == 409);  // invited, and not here
  CHECK(held.post(user("stranger"), R"({"message": "x"})").status() == 404);
  CHECK(held.post(user("anna", "acme"), R"({"message": "x"})").status() == 404);
  CHECK(held.post(user("anna"), R"({"message": "x"})", "other").status() == 404);
  CHECK(held.post(user("anna"), R"({"message": 1})").status() == 400);
  CHECK(held.post(user("anna"), R"({"message": "x", "type": "announcement"})").status() == 403);
  held.gateway.allow(held.room, Permission::chat, std::nullopt);
  CHECK(held.post(user("anna"), R"({"message": "x"})").status() == 403);
}

TEST_CASE("transcripts are for who moderates, and hold what it may see") {
  Held held;
  held.gateway.send(held.anna, "one\ntwo");
  held.gateway.send(held.anna, "my note", {{"to", "p-anna"}});
  held.gateway.send(held.anna, "help", {{"to", "host"}});
  CHECK(held.get("ben", {{"format", "text"}}).status() == 403);
  const auto by_rest = held.get("host", {{"format", "text"}}).response();
  const std::string text =
      "[2001-09-09T01:46:40.000Z] User anna (attendee): one\n    two\n"
      "[2001-09-09T01:46:40.000Z] User anna (attendee) to the hosts: help\n";
  CHECK(by_rest.body == text);
  CHECK(by_rest.headers.at("Content-Disposition").starts_with("attachment; filename=\"Weekly.txt\""));

  const Answer offer = held.gateway.host.call(held.host, "chat:export", {{"format", "text"}});
  CHECK(held.gateway.audits == Texts{"chat.export by host", "chat.export by host"});
  const std::string url{offer["url"].as_string()};
  HttpRequest request;
  request.path_parameters["ticket"] = url.substr(url.rfind('/') + 1);
  const HttpAnswer got = held.gateway.host.http().call("GET", "/api/chat/transcripts/{ticket}", request);
  held.gateway.host.run();
  CHECK(got.response().body == text);
  CHECK(held.gateway.host.http().call("GET", "/api/chat/transcripts/{ticket}", request).status() == 404);  // once
}

TEST_CASE("a long transcript is read in pieces, oldest first, and keeps the newest where it is too long") {
  ChatGateway gateway({{"burst", 10'000}, {"max_in_flight", 1'000}, {"export_messages", 1'100}}, true);
  FakeRoom& room = gateway.room("meeting");
  FakeClient& host = gateway.join(room, "host", Role::host);
  const auto read = [&] {
    const Answer offer = gateway.host.call(host, "chat:export");
    const std::string url{offer["url"].as_string()};
    HttpRequest request;
    request.path_parameters["ticket"] = url.substr(url.rfind('/') + 1);
    HttpAnswer answer = gateway.host.http().call("GET", "/api/chat/transcripts/{ticket}", request);
    gateway.host.run();
    return answer.body();
  };
  for (int i = 1; i <= 1'100; ++i) gateway.send(host, std::to_string(i));
  json::value transcript = read();
  CHECK(transcript.at("complete") == true);
  REQUIRE(transcript.at("messages").as_array().size() == 1'100);
  CHECK(transcript.at("messages").at(0).at("message") == "1");
  CHECK(transcript.at("messages").at(1'099).at("message") == "1100");
  gateway.send(host, "1101");
  transcript = read();
  CHECK(transcript.at("complete") == false);
  CHECK(transcript.at("messages").at(0).at("message") == "2");
}

}  // namespace sluice::testing
