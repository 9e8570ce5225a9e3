#include <doctest/doctest.h>

#include "whip_fixture.h"

using namespace sluice;
using namespace sluice::testing;
using namespace std::chrono_literals;

namespace {

json::object asked(WhipGateway& gateway, std::string_view event) { return gateway.client().asked(event).as_object(); }

}  // namespace

TEST_CASE("the manifest: every option may be reloaded, and the defaults open both doors") {
  const Manifest manifest = sluice_plugin.manifest();
  CHECK(manifest.name == "whip");
  for (const SchemaNode& option : manifest.options.node().children) {
    CAPTURE(option.name);
    CHECK(option.reloadable);
  }
}

TEST_CASE("a publisher joins the room as itself, offers, and gets 201 with the answer") {
  WhipGateway gateway;
  gateway.host.media().offered_ice_servers = {{.urls = {"stun:stun.test:3478"}}, {{"turn:turn.test"}, "u\"1", "p"}};
  const HttpAnswer created = gateway.post();
  CHECK(!created.done());
  CHECK(gateway.client().options.identity.user_id == "ada");
  CHECK(gateway.client().options.remote_address == "192.0.2.1:5000");
  CHECK(gateway.client().options.user_agent == "encoder/1");
  CHECK(asked(gateway, "room:join") == json::object{{"roomId", "lobby"}});
  gateway.let_in();
  CHECK(asked(gateway, "sdp:offer") ==
        json::object{{"sdp", "v=0 offer"}, {"fixed", true}, {"publish", true}, {"subscribe", false}});
  CHECK(!created.done());
  gateway.answer_offer();

  REQUIRE(created.status() == 201);
  const auto& headers = created.response().headers;
  CHECK(created.response().body == "v=0 answer");
  CHECK(created.response().content_type == "application/sdp");
  CHECK(headers.at("Location").starts_with("/whip/lobby/"));
  CHECK(headers.at("ETag").starts_with("\"token-"));
  CHECK(headers.at("ETag").ends_with("\""));
  CHECK(headers.at("Accept-Patch") == "application/trickle-ice-sdpfrag");
  CHECK(headers.at("Link") ==
        "<stun:stun.test:3478>; rel=\"ice-server\", <turn:turn.test>; rel=\"ice-server\"; username=\"u\\\"1\"; "
        "credential=\"p\"; credential-type=\"password\"");
  CHECK(gateway.host.media().ice_servers_asked_for == std::vector<std::string>{"ada"});
  CHECK(gateway.sessions() == 1);
  CHECK(gateway.host.metrics().value("requests_total", {{"door", "whip"}, {"method", "POST"}, {"status", "201"}}) == 1);
}

TEST_CASE("a player subscribes, to one participant alone if it says so") {
  WhipGateway gateway;
  HttpRequest request = WhipGateway::offer();
  request.query["participant"] = "p7";
  const HttpAnswer created = gateway.post(std::move(request), "whep");
  gateway.let_in();
  CHECK(asked(gateway, "sdp:offer") ==
        json::object{
            {"sdp", "v=0 offer"}, {"fixed", true}, {"publish", false}, {"subscribe", true}, {"participantId", "p7"}});
  gateway.answer_offer();
  CHECK(created.response().headers.at("Location").starts_with("/whep/lobby/"));
  CHECK(!created.response().headers.contains("Link"));
  CHECK(gateway.sessions("whep") == 1);
  CHECK(gateway.sessions("whip") == 0);
}

TEST_CASE("name, join token and password come from the query; who has no name gets one") {
  WhipGateway gateway;
  HttpRequest request = WhipGateway::offer();
  request.query = {{"name", "Stage"}, {"join_token", "jt"}, {"password", "pw"}};
  const HttpAnswer first = gateway.post(std::move(request));
  CHECK(asked(gateway, "room:join") ==
        json::object{{"roomId", "lobby"}, {"token", "jt"}, {"password", "pw"}, {"name", "Stage"}});
  const HttpAnswer second = gateway.post(WhipGateway::offer("v=0", guest()));
  CHECK(asked(gateway, "room:join").at("name") == "WHIP publisher");
  const HttpAnswer third = gateway.post(WhipGateway::offer("v=0", guest()), "whep");
  CHECK(asked(gateway, "room:join").at("name") == "WHEP player");
}

TEST_CASE("media types compare without regard to case and parameters; another one is 415") {
  WhipGateway gateway;
  HttpRequest request = WhipGateway::offer();
  request.headers["content-type"] = "Application/SDP ; charset=utf-8";
  CHECK(!gateway.post(request).done());
  for (const char* other : {"application/json", "application/sdpx", ""}) {
    request.headers["content-type"] = other;
    const HttpAnswer answer = gateway.post(request);
    CHECK(answer.status() == 415);
    CHECK(answer.response().headers.at("Accept-Post") == "application/sdp");
  }
  request.headers.erase("content-type");
  CHECK(gateway.post(request).status() == 415);
}

TEST_CASE("what the room refuses is the status of the POST, and nothing is left of the session") {
  struct Case {
    Error error;
    int status;
  };
  const Case cases[] = {{Error{ErrorCode::room_not_found, "no"}, 404},
                        {Error{ErrorCode::not_found, "no such participant"}, 404},
                        {Error{ErrorCode::permission_denied, "no"}, 403},
                        {Error{ErrorCode::admission_denied, "no"}, 403},
                        {Error{ErrorCode::invalid_payload, "no", {{"line", 3}, {"reason", "x"}}}, 400},
                        {Error{ErrorCode::unsupported, "no", {{"line", 3}}}, 422},
                        {Error{ErrorCode::room_full, "no"}, 503},
                        {Error{ErrorCode::limit_exceeded, "no"}, 503},
                        {Error{ErrorCode::draining, "no"}, 503},
                        {Error{ErrorCode::internal, "no"}, 500}};
  for (const Case& expected : cases) {
    CAPTURE(to_string(expected.error.code()));
    for (const bool at_join : {true, false}) {
      WhipGateway gateway;
      const HttpAnswer answer = gateway.post();
      if (!at_join) gateway.let_in();
      gateway.client().fail(at_join ? "room:join" : "sdp:offer", expected.error);
      REQUIRE(answer.done());
      CHECK(answer.status() == expected.status);
      CHECK(WhipGateway::code(answer) == to_string(expected.error.code()));
      CHECK(answer.body().at("error").at("details").as_object() == expected.error.details());
      CHECK(answer.response().headers.contains("Retry-After") == (expected.status == 503));
      CHECK(!gateway.client().connected());
      CHECK(gateway.sessions() == 0);
    }
  }
}

TEST_CASE("who may not publish is told before it is asked to negotiate") {
  WhipGateway gateway;
  const HttpAnswer answer = gateway.post();
  gateway.client().answer("room:join", json::object{{"features", json::object{{"publish", false}}}});
  CHECK(answer.status() == 403);
  CHECK(gateway.client().calls().size() == 1);
}

TEST_CASE("a player needs no right to publish") {
  WhipGateway gateway;
  const HttpAnswer answer = gateway.post(WhipGateway::offer(), "whep");
  gateway.client().answer("room:join", json::object{{"features", json::object{{"publish", false}}}});
  gateway.answer_offer();
  CHECK(answer.status() == 201);
}

TEST_CASE("a join that is held waits") {
  WhipGateway gateway{json::object{{"join_timeout_ms", 20'000}, {"retry_after_s", 7}}};
  const HttpAnswer answer = gateway.post();
  gateway.client().answer("room:join", json::object{{"held", true}});
  gateway.host.advance(19s);
  CHECK(!answer.done());

  SUBCASE("until it is let in") {
    gateway.client().send("room:joined", WhipGateway::joined());
    gateway.answer_offer();
    CHECK(answer.status() == 201);
  }
  SUBCASE("until it is denied") {
    gateway.client().send("room:denied", json::object{{"code", "ADMISSION_DENIED"}, {"message", "not today"}});
    CHECK(answer.status() == 403);
    CHECK(answer.body().at("error").at("message") == "not today");
  }
  SUBCASE("until the gateway drains") {
    gateway.client().send("room:denied", json::object{{"code", "DRAINING"}});
    CHECK(answer.status() == 503);
  }
  SUBCASE("until the time is over, and no longer") {
    gateway.host.advance(1s);
    REQUIRE(answer.done());
    CHECK(answer.status() == 503);
    CHECK(WhipGateway::code(answer) == "TIMEOUT");
    CHECK(answer.response().headers.at("Retry-After") == "7");
    CHECK(!gateway.client().connected());
  }
}

TEST_CASE("a full or draining gateway says 503 and when to come again") {
  WhipGateway gateway{json::object{{"max_sessions", 1}}};
  SUBCASE("the limit of this plugin") {
    const HttpAnswer first = gateway.open();
    const HttpAnswer second = gateway.post();
    CHECK(second.status() == 503);
    CHECK(second.response().headers.at("Retry-After") == "5");
    gateway.remove(first);
    CHECK(!gateway.post().done());
  }
  SUBCASE("the gateway's limit of clients") {
    gateway.host.events().refuse_local_clients.emplace(ErrorCode::limit_exceeded, "full");
    CHECK(gateway.post().status() == 503);
    CHECK(gateway.sessions() == 0);
  }
  SUBCASE("draining") {
    gateway.plugin->drain();
    const HttpAnswer answer = gateway.post();
    CHECK(answer.status() == 503);
    CHECK(WhipGateway::code(answer) == "DRAINING");
  }
}

TEST_CASE("sessions of one address may be limited, whatever their ports") {
  WhipGateway gateway{json::object{{"max_sessions_per_address", 1}}};
  const HttpAnswer first = gateway.open();
  HttpRequest again = WhipGateway::offer();
  again.remote_address = "192.0.2.1:5001";
  CHECK(gateway.post(again).status() == 503);
  HttpRequest other = WhipGateway::offer();
  other.remote_address = "[2001:db8::1]:5000";
  CHECK(!gateway.post(other).done());
  gateway.remove(first);
  CHECK(!gateway.post(again).done());
}

TEST_CASE("an offer over the limit is 413") {
  WhipGateway gateway{json::object{{"max_sdp_bytes", 1'024}}};
  CHECK(!gateway.post(WhipGateway::offer(std::string(1'024, 'v'))).done());
  const HttpAnswer answer = gateway.post(WhipGateway::offer(std::string(1'025, 'v')));
  CHECK(answer.status() == 413);
  CHECK(WhipGateway::code(answer) == "LIMIT_EXCEEDED");
}

TEST_CASE("a door that is switched off is not there") {
  WhipGateway gateway{json::object{{"allow_whip", false}}};
  CHECK(gateway.post().status() == 404);
  CHECK(!gateway.post(WhipGateway::offer(), "whep").done());
  gateway.plugin->reconfigure(Config{json::object{{"allow_whep", false}}});
  CHECK(!gateway.post().done());
  CHECK(gateway.post(WhipGateway::offer(), "whep").status() == 404);
}

TEST_CASE("OPTIONS tells what is taken and which ICE servers there are") {
  WhipGateway gateway;
  gateway.host.media().offered_ice_servers = {{.urls = {"stun:stun.test"}}};
  const HttpAnswer answer = gateway.host.http().call("OPTIONS", "/whip/{room}");
  CHECK(answer.status() == 204);
  CHECK(answer.response().headers.at("Accept-Post") == "application/sdp");
  CHECK(answer.response().headers.at("Link") == "<stun:stun.test>; rel=\"ice-server\"");
}

TEST_CASE("a room that gives an answer without SDP is a defect, not a session") {
  WhipGateway gateway;
  const HttpAnswer answer = gateway.post();
  gateway.let_in();
  gateway.client().answer("sdp:offer", json::object{{"sdp", 7}});
  CHECK(answer.status() == 500);
  CHECK(gateway.sessions() == 0);
}

TEST_CASE("the POST is answered when the gateway ends the client, or the room closes, before it is open") {
  WhipGateway gateway;
  const HttpAnswer answer = gateway.post();
  SUBCASE("the gateway") {
    gateway.client().disconnect(ErrorCode::draining, "the gateway stops");
    CHECK(answer.status() == 503);
  }
  SUBCASE("the room") {
    gateway.let_in();
    gateway.client().send("room:closed");
    CHECK(answer.status() == 410);
  }
  SUBCASE("the plugin") {
    gateway.plugin->stop();
    CHECK(answer.status() == 404);
  }
  CHECK(gateway.sessions() == 0);
}
