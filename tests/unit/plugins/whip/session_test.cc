#include <doctest/doctest.h>

#include "whip_fixture.h"

using namespace sluice;
using namespace sluice::testing;
using namespace std::chrono_literals;

TEST_CASE("a fragment with candidates is passed on, and answered 204") {
  WhipGateway gateway;
  const HttpAnswer created = gateway.open();
  const std::string tag = created.response().headers.at("ETag");
  const HttpAnswer answer = gateway.patch(created, tag, "a=candidate:1 1 udp ...");
  CHECK(!answer.done());
  CHECK(gateway.client().asked("sdp:fragment") == json::object{{"fragment", "a=candidate:1 1 udp ..."}});
  gateway.client().answer("sdp:fragment");
  CHECK(answer.status() == 204);
  CHECK(answer.response().body.empty());
  CHECK(!answer.response().headers.contains("ETag"));
}

TEST_CASE("an ICE restart is answered 200 with the fragment and a new ETag, which is the one that counts then") {
  WhipGateway gateway;
  const HttpAnswer created = gateway.open();
  const std::string old_tag = created.response().headers.at("ETag");
  const HttpAnswer restart = gateway.patch(created, "*", "a=ice-ufrag:new");
  gateway.client().answer("sdp:fragment", json::object{{"fragment", "a=ice-ufrag:ours"}});
  CHECK(restart.status() == 200);
  CHECK(restart.response().content_type == "application/trickle-ice-sdpfrag");
  CHECK(restart.response().body == "a=ice-ufrag:ours");
  const std::string new_tag = restart.response().headers.at("ETag");
  CHECK(new_tag != old_tag);
  CHECK(gateway.patch(created, old_tag).status() == 412);
  CHECK(!gateway.patch(created, new_tag).done());
}

TEST_CASE("a PATCH without If-Match is 428, with another one 412") {
  WhipGateway gateway;
  const HttpAnswer created = gateway.open();
  const std::string tag = created.response().headers.at("ETag");
  CHECK(gateway.patch(created, "").status() == 428);
  for (const std::string& wrong : {std::string{"\"other\""}, "W/" + tag, tag.substr(1), std::string{"\""},
                                   std::string{"\"a, " + tag.substr(1)}, std::string{", ,"}}) {
    CAPTURE(wrong);
    CHECK(gateway.patch(created, wrong).status() == 412);
  }
  for (const std::string& right : {tag, " " + tag + "\t", "\"a,b\", " + tag, "W/\"x\"," + tag, std::string{" * "}}) {
    CAPTURE(right);
    CHECK(!gateway.patch(created, right).done());
  }
}

TEST_CASE("a PATCH of another type is 415, an oversized one 413, one that is refused says why") {
  WhipGateway gateway{json::object{{"max_sdp_bytes", 1'024}}};
  const HttpAnswer created = gateway.open();
  HttpRequest request = WhipGateway::on(created);
  request.headers["content-type"] = "application/sdp";
  const HttpAnswer wrong_type = gateway.host.http().call("PATCH", "/whip/{room}/{session}", request);
  CHECK(wrong_type.status() == 415);
  CHECK(wrong_type.response().headers.at("Accept-Patch") == "application/trickle-ice-sdpfrag");
  CHECK(gateway.patch(created, "*", std::string(1'025, 'a')).status() == 413);
  const HttpAnswer broken = gateway.patch(created, "*", "nonsense");
  gateway.client().fail("sdp:fragment", Error{ErrorCode::invalid_payload, "no", {{"line", 1}}});
  CHECK(broken.status() == 400);
  CHECK(broken.body().at("error").at("details").at("line") == 1);
}

TEST_CASE("DELETE ends the session: the client leaves the room, and the URL is gone") {
  WhipGateway gateway;
  const HttpAnswer created = gateway.open();
  FakeLocalClient& client = gateway.client();
  CHECK(gateway.remove(created).status() == 200);
  CHECK(client.waiting() == std::vector<std::string>{"room:leave"});
  CHECK(client.connected());
  client.send("transport:failed");  // nobody is there to hear it
  client.answer("room:leave");
  CHECK(!client.connected());
  CHECK(gateway.remove(created).status() == 404);
  CHECK(gateway.patch(created, "*").status() == 404);
  CHECK(gateway.sessions() == 0);
}

TEST_CASE("what a moderator has muted is sent again when the publisher is asked to") {
  WhipGateway gateway;
  const HttpAnswer created = gateway.open();
  FakeLocalClient& client = gateway.client();
  const auto source_for = [&](const char* kind) {
    client.send("unmute:requested", json::object{{"kind", kind}, {"by", "somebody"}});
    const json::value asked = client.asked("media:toggle");
    client.answer("media:toggle");
    CHECK(asked.at("enabled").as_bool());
    return std::string{asked.at("source").as_string()};
  };
  CHECK(source_for("audio") == "mic");
  CHECK(source_for("video") == "webcam");
  client.send("mute:remote", json::object{{"kind", "audio"}, {"by", "somebody"}});
  CHECK(client.waiting().empty());
}

TEST_CASE("a PATCH whose session ends meanwhile is 404") {
  WhipGateway gateway;
  const HttpAnswer created = gateway.open();
  const HttpAnswer answer = gateway.patch(created, "*");
  gateway.client().disconnect(ErrorCode::room_closed, "over");
  REQUIRE(answer.done());
  CHECK(answer.status() == 404);
}

TEST_CASE("a session is found under its own door and room alone") {
  WhipGateway gateway;
  const HttpAnswer created = gateway.open();
  CHECK(gateway.remove(created, "whep").status() == 404);
  HttpRequest other_room = WhipGateway::on(created);
  other_room.path_parameters["room"] = "kitchen";
  CHECK(gateway.remove(other_room).status() == 404);
  HttpRequest other_id = WhipGateway::on(created);
  other_id.path_parameters["session"] += "x";
  CHECK(gateway.remove(other_id).status() == 404);
  CHECK(gateway.sessions() == 1);
}

TEST_CASE("a session made with a token obeys that user alone") {
  WhipGateway gateway;
  const HttpAnswer created = gateway.open();
  const auto refusal_of = [&](Identity stranger) {
    HttpRequest request = WhipGateway::on(created);
    request.identity = std::move(stranger);
    return gateway.remove(request).status();
  };
  CHECK(refusal_of(user("eve")) == 403);
  CHECK(refusal_of(guest()) == 403);
  CHECK(refusal_of(user("ada", "other-tenant")) == 404);  // who may not even know that it is there
  CHECK(gateway.remove(created).status() == 200);
}

TEST_CASE("a guest's session obeys whoever knows its URL") {
  WhipGateway gateway;
  const HttpAnswer created = gateway.open(WhipGateway::offer("v=0", guest()));
  HttpRequest request = WhipGateway::on(created);
  request.identity = guest();
  request.identity.user_id = "guest-2";  // each request of a guest is another one
  CHECK(gateway.remove(request).status() == 200);
}

TEST_CASE("a session ends with its place in the room") {
  WhipGateway gateway;
  const HttpAnswer created = gateway.open();
  const auto ended_as = [&](const std::string& reason) {
    return gateway.host.metrics().value("sessions_ended_total", {{"door", "whip"}, {"reason", reason}}) == 1;
  };
  SUBCASE("the room closes") {
    gateway.client().send("room:closed", json::object{{"reason", "closed"}});
    CHECK(ended_as("room_closed"));
  }
  SUBCASE("a moderator removes it") {
    gateway.client().send("participant:removed");
    CHECK(ended_as("removed"));
  }
  SUBCASE("its transport fails") {
    gateway.client().send("transport:failed", json::object{{"reason", "DTLS"}});
    CHECK(ended_as("failed"));
  }
  SUBCASE("the gateway disconnects it") {
    gateway.client().disconnect(ErrorCode::draining, "stop");
    CHECK(ended_as("disconnected"));
  }
  CHECK(gateway.sessions() == 0);
  CHECK(!gateway.client().connected());
  CHECK(gateway.remove(created).status() == 404);
}

TEST_CASE("a session whose media path does not come in time ends") {
  WhipGateway gateway{json::object{{"connect_timeout_ms", 10'000}}};
  const HttpAnswer created = gateway.open();
  gateway.host.advance(9s);
  CHECK(gateway.sessions() == 1);
  SUBCASE("it comes") {
    gateway.client().send("transport:connected");
    gateway.host.advance(24h);
    CHECK(gateway.sessions() == 1);
  }
  SUBCASE("it does not") {
    gateway.host.advance(1s);
    CHECK(gateway.sessions() == 0);
    CHECK(!gateway.client().connected());
  }
}

TEST_CASE("a lost media path may come back for a while") {
  WhipGateway gateway{json::object{{"reconnect_timeout_ms", 5'000}}};
  const HttpAnswer created = gateway.open();
  gateway.client().send("transport:connected");
  gateway.client().send("transport:disconnected");
  gateway.host.advance(4s);
  SUBCASE("it does") {
    gateway.client().send("transport:connected");
    gateway.host.advance(24h);
    CHECK(gateway.sessions() == 1);
  }
  SUBCASE("it does not") {
    gateway.host.advance(1s);
    CHECK(gateway.sessions() == 0);
  }
}

TEST_CASE("the admin API lists sessions in pages, and does not give their URLs away") {
  WhipGateway gateway;
  const HttpAnswer first = gateway.open();
  const HttpAnswer second = gateway.open(WhipGateway::offer(), "whep");
  gateway.client().send("transport:connected");
  gateway.host.advance(3s);
  const auto list = [&](std::map<std::string, std::string, std::less<>> query) {
    HttpRequest request;
    request.query = std::move(query);
    return gateway.host.admin().call("GET", "/whip/sessions", std::move(request));
  };
  const json::value data = list({}).body().at("data");
  CHECK(data.at("total") == 2);
  const json::object& player = data.at("sessions").at(1).as_object();
  CHECK(player.at("door") == "whep");
  CHECK(player.at("state") == "connected");
  CHECK(player.at("participantId") == "p1");
  CHECK(player.at("ageSeconds") == 3);
  const std::string id = WhipGateway::on(second).path_parameters.at("session");
  CHECK(list({}).response().body.find(id) == std::string::npos);
  CHECK(list({{"offset", "1"}, {"limit", "5"}}).body().at("data").at("sessions").as_array().size() == 1);
  CHECK(list({{"limit", "x"}}).status() == 400);
}
