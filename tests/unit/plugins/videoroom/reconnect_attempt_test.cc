// The way back: who may take the seat of a participant again, and what is found there.

#include <doctest/doctest.h>

#include "reconnect_fixture.h"

using namespace sluice;
using namespace sluice::testing;
using namespace std::chrono_literals;

namespace {

std::size_t published(ReconnectGateway& gateway, std::string_view topic) {
  return static_cast<std::size_t>(std::ranges::count(gateway.host.bus().published, topic));
}

}  // namespace

TEST_CASE("who comes back is the same participant") {
  ReconnectGateway gateway;
  gateway.seat_of_ben()->set_role(Role::presenter);
  gateway.seat_of_ben()->set_attribute("hand", 3);
  gateway.host.call(*gateway.ben, "participant:info", json::object{{"name", "Benjamin"}});
  gateway.lose_ben();
  const std::string used = gateway.ben_token;
  const Answer answer = gateway.ben_returns();
  const json::value self = answer["self"];
  CHECK(text(self, "participantId") == gateway.ben_id);
  CHECK(text(self, "role") == "presenter");
  CHECK(text(self, "name") == "Benjamin");
  CHECK(self.at("attributes").at("hand") == 3);
  CHECK_FALSE(self.as_object().contains("away"));
  CHECK(text(answer["room"], "roomId") == "lobby");
  CHECK(answer["participants"].as_array().size() == 2);
  CHECK(answer["reconnectGraceMs"].to_number<int>() == 15'000);

  CHECK_FALSE(gateway.told_of_ben().contains("away"));
  CHECK_FALSE(gateway.anna.got("participant:left"));
  CHECK_FALSE(gateway.anna.got("participant:joined"));
  CHECK(gateway.host.bus().published.back() == ParticipantReturned::kTopic);
  CHECK(published(gateway, ParticipantJoined::kTopic) == 2);
  CHECK(&gateway.rooms().participant_of(*gateway.ben) == gateway.seat_of_ben());
  CHECK(gateway.host.metrics().value("reconnects_total", {{"result", "returned"}}) == 1);

  SUBCASE("and stays") {
    gateway.host.advance(kGrace * 2);
    CHECK_FALSE(gateway.anna.got("participant:left"));
    CHECK(gateway.host.call(*gateway.ben, "room:members").ok());
  }
  SUBCASE("the token was good for one time") {
    CHECK(gateway.ben_token != used);
    gateway.lose_ben();
    CHECK(gateway.attempt(gateway.person("ben"), used).code() == "NOT_FOUND");
    CHECK(text(gateway.ben_returns()["self"], "participantId") == gateway.ben_id);
  }
  SUBCASE("every time counts anew") {
    gateway.lose_ben();
    gateway.host.advance(kGrace - 1ms);
    gateway.ben_returns();
    gateway.lose_ben();
    gateway.host.advance(kGrace - 1ms);
    CHECK_FALSE(gateway.anna.got("participant:left"));
    gateway.host.advance(1ms);
    CHECK(gateway.anna.got("participant:left"));
  }
  SUBCASE("it may leave, and then there is nothing to come back to") {
    CHECK(gateway.host.call(*gateway.ben, "room:leave").ok());
    CHECK(gateway.attempt(*gateway.ben, gateway.ben_token).code() == "NOT_FOUND");
  }
}

TEST_CASE("plugins hear of the return when the client has its answer") {
  ReconnectGateway gateway;
  gateway.host.bus().on<ParticipantReturned>(
      [](const ParticipantReturned& returned) { returned.participant.send("chat:missed", json::object{}); });
  gateway.lose_ben();
  gateway.ben_returns();
  CHECK(gateway.ben->got("chat:missed"));
}

TEST_CASE("what is no token of this user's seat is refused, all of it in the same words") {
  ReconnectGateway gateway;
  gateway.lose_ben();
  const std::string refusal = gateway.attempt(gateway.person("ben"), "nonsense").message();
  const std::string secret = gateway.ben_token.substr(gateway.ben_token.find('.') + 1);
  for (const std::string& token :
       {std::string{}, std::string{"."}, std::string{"nonsense"}, gateway.ben_id, gateway.ben_id + ".",
        gateway.ben_id + ".wrong", "." + secret, secret, "nobody." + secret, gateway.ben_token + "x",
        gateway.ben_token.substr(0, gateway.ben_token.size() - 1), std::string(128, '.')}) {
    CAPTURE(token);
    const Answer answer = gateway.attempt(gateway.person("ben"), token);
    CHECK(answer.code() == "NOT_FOUND");
    CHECK(answer.message() == refusal);
  }
  for (const auto& identity : {Identity{.user_id = "cleo"}, Identity{.user_id = "ben", .tenant = "south"},
                               Identity{.user_id = "ben", .guest = true}}) {
    CAPTURE(identity.user_id);
    const Answer answer = gateway.attempt(gateway.host.connect(identity), gateway.ben_token);
    CHECK(answer.code() == "NOT_FOUND");
    CHECK(answer.message() == refusal);
  }
  CHECK(gateway.attempt(gateway.person("ben"), std::string(129, 'a')).code() == "INVALID_PAYLOAD");
  CHECK(gateway.host.call(gateway.person("ben"), "reconnect:attempt").code() == "INVALID_PAYLOAD");
  CHECK(gateway.seat_of_ben()->away());
  CHECK_NOTHROW(gateway.ben_returns());  // none of that has used up his token
}

TEST_CASE("a guest, who gets a new name with each connection, is known by the token alone") {
  VideoRoomGateway gateway;
  FakeClient& anna = gateway.member("anna");
  FakeClient& guest = gateway.host.connect({.user_id = "guest-1", .guest = true});
  const Answer joined = gateway.join(guest);
  const std::string token = text(joined.data(), "reconnectToken");
  gateway.host.disconnect(guest, "transport_lost");
  FakeClient& other = gateway.host.connect({.user_id = "guest-2", .tenant = "south", .guest = true});
  CHECK(gateway.host.call(other, "reconnect:attempt", json::object{{"reconnectToken", token}}).code() == "NOT_FOUND");
  FakeClient& again = gateway.host.connect({.user_id = "guest-3", .guest = true});
  const Answer back = gateway.host.call(again, "reconnect:attempt", json::object{{"reconnectToken", token}});
  REQUIRE(back.ok());
  CHECK(text(back["self"], "participantId") == text(joined["self"], "participantId"));
  CHECK(text(back["self"], "userId") == "guest-1");  // as the others know it
  CHECK_FALSE(anna.got("participant:left"));
}

TEST_CASE("the seat of a client that is still there is taken from it") {
  ReconnectGateway gateway;
  FakeClient& dead = *gateway.ben;
  gateway.ben_returns();
  CHECK(dead.last("room:left") == json::value{{"reason", "reconnected_elsewhere"}});
  CHECK(gateway.host.call(dead, "room:members").code() == "NOT_IN_ROOM");
  CHECK(gateway.host.call(*gateway.ben, "room:members").ok());
  CHECK_FALSE(gateway.told_of_ben().contains("away"));  // for the others nothing has happened
  CHECK(gateway.anna.sent("participant:updated").size() == 1);
  CHECK(published(gateway, ParticipantAway::kTopic) == 1);
  CHECK(published(gateway, ParticipantReturned::kTopic) == 1);
  CHECK(gateway.host.metrics().value("reconnects_total", {{"result", "taken_over"}}) == 1);

  SUBCASE("when its connection ends, that touches nobody") {
    gateway.lose(dead);
    gateway.host.advance(kGrace);
    CHECK_FALSE(gateway.anna.got("participant:left"));
    CHECK_FALSE(gateway.seat_of_ben()->away());
  }
  SUBCASE("it may join anew") { CHECK(gateway.join(dead).ok()); }
  SUBCASE("what is sent reaches the new one alone") {
    dead.clear();
    gateway.rooms().find("", "lobby")->broadcast("news", json::object{});
    CHECK(dead.sent().empty());
    CHECK(gateway.ben->got("news"));
  }
}

TEST_CASE("a plugin that takes out who is away meets a seat that is being taken over, too") {
  ReconnectGateway gateway;
  gateway.host.bus().on<ParticipantAway>([](const ParticipantAway& away) { away.participant.remove("too weak"); });
  CHECK(gateway.attempt(gateway.person("ben"), gateway.ben_token).code() == "NOT_FOUND");
  CHECK(gateway.anna.got("participant:left"));
}

TEST_CASE("only a client that is in no room can come back") {
  ReconnectGateway gateway;
  CHECK(gateway.attempt(*gateway.ben, gateway.ben_token).code() == "ALREADY_IN_ROOM");
  gateway.lose_ben();
  FakeClient& elsewhere = gateway.person("ben");
  gateway.join(elsewhere, "another");
  CHECK(gateway.attempt(elsewhere, gateway.ben_token).code() == "ALREADY_IN_ROOM");

  const auto door = gateway.admission().add_step(
      400, "door", [kept = std::vector<AdmissionTicket>{}](JoinRequest&, AdmissionTicket ticket) mutable {
        ticket.hold({});
        kept.push_back(std::move(ticket));
      });
  FakeClient& waiting = gateway.person("ben");
  gateway.join(waiting);
  CHECK(gateway.attempt(waiting, gateway.ben_token).code() == "CONFLICT");

  SUBCASE("and nobody asks it to wait again") { CHECK_NOTHROW(gateway.ben_returns()); }
}

TEST_CASE("who comes back while the gateway drains is let in and told so") {
  ReconnectGateway gateway;
  gateway.lose_ben();
  gateway.plugin->drain();
  CHECK_NOTHROW(gateway.ben_returns());
  CHECK(gateway.ben->got("room:draining"));
}
