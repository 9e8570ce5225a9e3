// Clients that describe what they send by SDP.

#include <doctest/doctest.h>

#include "sdp_fixture.h"

using namespace sluice;
using namespace sluice::testing;

namespace {

Names sources(const FakeClient& client) {
  Names out;
  for (const json::value& publication : client.sent("producer:new")) out.push_back(text(publication, "source"));
  return out;
}

}  // namespace

TEST_CASE("what a client sends is published, as by produce") {
  SdpGateway gateway;
  FakeClient& anna = gateway.member("anna");
  FakeClient& ben = gateway.member("ben");
  const Answer answer = gateway.offer(anna, Sections{}.sends_audio("0").sends_video("1"));
  REQUIRE(answer.ok());
  CHECK(answer.data() == json::value{{"sdp", "answer-1"}});
  CHECK(gateway.session().answers.at(0).accepted == Names{"0", "1"});
  CHECK(gateway.session().answers.at(0).tracks.empty());
  CHECK(sources(ben) == Names{"mic", "webcam"});
  CHECK(text(ben.last("producer:new"), "participantId") == gateway.participant_id(anna));
  CHECK_FALSE(anna.got("producer:new"));
  CHECK(gateway.host.media().transports.size() == 1);
}

TEST_CASE("who wants to receive alone publishes nothing, and needs no right to") {
  SdpGateway gateway{{{"least_role", {{"publish_audio", "host"}}}}};
  FakeClient& anna = gateway.member("anna");
  FakeClient& ben = gateway.member("ben");
  REQUIRE(gateway.offer(ben, Sections{}.sends_audio("0"), {{"publish", false}}).ok());
  REQUIRE(gateway.offer(ben, Sections{}.sends_audio("0")).ok());  // as before
  CHECK(gateway.session().answers.back().accepted.empty());
  CHECK_FALSE(anna.got("producer:new"));
  CHECK(gateway.offer(ben, Sections{}.sends_audio("0"), {{"publish", true}}).code() == "PERMISSION_DENIED");
}

TEST_CASE("an SDP client is told of its media path") {
  SdpGateway gateway;
  FakeClient& anna = gateway.member("anna");
  gateway.offer(anna, Sections{}.sends_audio("0"));
  FakeTransport& transport = *gateway.host.media().transports.begin()->second;
  transport.enter(TransportState::connected);
  gateway.host.run();
  CHECK(anna.last("transport:connected") == json::value{{"transportId", transport.id()}});
  transport.enter(TransportState::disconnected, "silence");
  gateway.host.run();
  CHECK(anna.last("transport:disconnected") == json::value{{"transportId", transport.id()}, {"reason", "silence"}});
}

TEST_CASE("the client tells the source of a section by its MID") {
  SdpGateway gateway;
  FakeClient& anna = gateway.member("anna");
  FakeClient& ben = gateway.member("ben");
  CHECK(gateway.offer(anna, Sections{}.sends_video("a").sends_video("b"), {{"sources", {{"b", "screen"}}}}).ok());
  CHECK(sources(ben) == Names{"webcam", "screen"});
  CHECK(ben.got("screenshare:started"));
  const Answer wrong = gateway.offer(ben, Sections{}.sends_video("0"), {{"sources", {{"0", "mic"}}}});
  CHECK(wrong.code() == "INVALID_PAYLOAD");
  CHECK(gateway.offer(ben, Sections{}.sends_video("0"), {{"sources", {{"0", "hat"}}}}).code() == "INVALID_PAYLOAD");
}

TEST_CASE("an offer in which one section is refused changes nothing") {
  SdpGateway gateway{{{"least_role", {{"share_screen", "presenter"}}}, {"producers_per_participant", 2}}};
  gateway.member("host");
  FakeClient& anna = gateway.member("anna");
  FakeClient& ben = gateway.member("ben");
  std::string expected;
  SUBCASE("by the participant's role") {
    expected = "PERMISSION_DENIED";
    CHECK(gateway.offer(anna, Sections{}.sends_audio("0").sends_video("1"), {{"sources", {{"1", "screen"}}}}).code() ==
          expected);
  }
  SUBCASE("by a limit") {
    expected = "LIMIT_EXCEEDED";
    CHECK(gateway.offer(anna, Sections{}.sends_audio("0").sends_video("1").sends_video("2")).code() == expected);
  }
  CHECK(gateway.host.media().transports.empty());
  CHECK(gateway.host.media().producers.empty());
  CHECK(gateway.host.media().sdp.sessions.empty());
  CHECK_FALSE(ben.got("producer:new"));
  CHECK(gateway.offer(anna, Sections{}.sends_audio("0")).ok());  // and it may try again
}

TEST_CASE("a later offer publishes what is new, and closes what is not sent any more") {
  SdpGateway gateway{{{"producers_per_participant", 2}}};
  FakeClient& anna = gateway.member("anna");
  FakeClient& ben = gateway.member("ben");
  gateway.offer(anna, Sections{}.sends_audio("0").sends_video("1"));
  ben.clear();

  SUBCASE("one goes, and another takes its place") {
    REQUIRE(gateway.offer(anna, Sections{}.sends_audio("0").sends_video("2")).ok());
    CHECK(ben.sent("producer:closed").size() == 1);
    CHECK(ben.sent("producer:new").size() == 1);
    CHECK(gateway.session().answers.back().accepted == Names{"0", "2"});
  }
  SUBCASE("nothing has changed") {
    REQUIRE(gateway.offer(anna, Sections{}.sends_audio("0").sends_video("1")).ok());
    CHECK(ben.sent().empty());
  }
  SUBCASE("a refused one leaves the others") {
    CHECK(gateway.offer(anna, Sections{}.sends_audio("0").sends_video("1").sends_video("2")).code() ==
          "LIMIT_EXCEEDED");
    CHECK(ben.sent().empty());
    CHECK(gateway.host.media().producers.size() == 2);
  }
  SUBCASE("other streams in the same section are another publication") {
    REQUIRE(gateway.offer(anna, Sections{}.sends_audio("0").sends("1", MediaKind::video, 99)).ok());
    CHECK(ben.sent("producer:closed").size() == 1);
    CHECK(ben.sent("producer:new").size() == 1);
    CHECK(gateway.session().answers.back().accepted == Names{"0", "1"});
  }
  SUBCASE("nothing is sent any more") {
    REQUIRE(gateway.offer(anna, Sections{}).ok());
    CHECK(gateway.host.media().producers.empty());
  }
  CHECK(gateway.host.media().transports.size() == 1);
}

TEST_CASE(
    "a section whose producer was closed here is not published again until the client has stopped sending in it") {
  SdpGateway gateway;
  FakeClient& anna = gateway.member("anna");
  FakeClient& ben = gateway.member("ben");
  gateway.offer(anna, Sections{}.sends_audio("0").sends_video("1"), {{"sources", {{"1", "screen"}}}});
  REQUIRE(gateway.host.call(anna, "screenshare:stop").ok());
  ben.clear();
  gateway.offer(anna, Sections{}.sends_audio("0").sends_video("1"));
  CHECK_FALSE(ben.got("producer:new"));
  CHECK(gateway.session().answers.back().accepted == Names{"0"});
  gateway.offer(anna, Sections{}.sends_audio("0"));
  gateway.offer(anna, Sections{}.sends_audio("0").sends_video("1"));
  CHECK(ben.sent("producer:new").size() == 1);
}

TEST_CASE("a text that is no SDP is refused with its line, and leaves nothing behind") {
  SdpGateway gateway;
  FakeClient& anna = gateway.member("anna");
  const Answer answer = gateway.host.call(anna, "sdp:offer", json::object{{"sdp", "hello"}});
  CHECK(answer.code() == "INVALID_PAYLOAD");
  CHECK(answer.details().at("line") == json::value(1));
  CHECK(gateway.host.media().transports.empty());
}

TEST_CASE("SDP's transport counts among the participant's, and is its alone to use") {
  SdpGateway gateway{{{"transports_per_participant", 1}}};
  FakeClient& anna = gateway.member("anna");
  REQUIRE(gateway.offer(anna, Sections{}.sends_audio("0")).ok());
  CHECK(gateway.host.call(anna, "transport:create", json::object{{"direction", "recv"}}).code() == "LIMIT_EXCEEDED");
  const std::string id = gateway.host.media().transports.begin()->first;
  for (const char* event : {"transport:close", "transport:restart-ice"}) {
    CHECK(gateway.host.call(anna, event, json::object{{"transportId", id}}).code() == "NOT_FOUND");
  }
  CHECK(gateway.produce(anna, id).code() == "NOT_FOUND");

  FakeClient& ben = gateway.member("ben");
  gateway.transport(ben, "send");
  CHECK(gateway.offer(ben, Sections{}).code() == "LIMIT_EXCEEDED");
}

TEST_CASE("SDP events are for participants that have made an offer") {
  SdpGateway gateway;
  FakeClient& anna = gateway.person("anna");
  const auto code = [&](const char* event, json::object data) {
    return std::string{gateway.host.call(anna, event, json::value(std::move(data))).code()};
  };
  CHECK(code("sdp:offer", {{"sdp", ""}}) == "NOT_IN_ROOM");
  gateway.join(anna);
  CHECK(code("sdp:answer", {{"sdp", ""}}) == "CONFLICT");
  CHECK(code("ice:candidate", {{"candidate", ""}}) == "CONFLICT");
  CHECK(code("sdp:fragment", {{"fragment", ""}}) == "CONFLICT");
  CHECK(code("sdp:offer", {}) == "INVALID_PAYLOAD");
}

TEST_CASE("candidates and fragments go to the session") {
  SdpGateway gateway;
  FakeClient& anna = gateway.member("anna");
  gateway.offer(anna, Sections{}.sends_audio("0"));
  const json::object candidate{
      {"candidate", "candidate:1 1 udp 1 192.0.2.1 9 typ host"}, {"sdpMid", "0"}, {"sdpMLineIndex", 0}};
  CHECK(gateway.host.call(anna, "ice:candidate", candidate).ok());
  CHECK(gateway.session().candidates == Names{"candidate:1 1 udp 1 192.0.2.1 9 typ host"});

  gateway.host.media().sdp.fragments = {{"trickle", {}}, {"restart", "a=ice-ufrag:new"}};
  CHECK(gateway.host.call(anna, "sdp:fragment", json::object{{"fragment", "trickle"}}).data() == json::object{});
  CHECK(gateway.host.call(anna, "sdp:fragment", json::object{{"fragment", "restart"}}).data() ==
        json::value{{"fragment", "a=ice-ufrag:new"}});
}

TEST_CASE("with full ICE the answer comes later, and candidates wait for the session") {
  SdpGateway gateway;
  FakeClient& anna = gateway.member("anna");
  gateway.host.media().transports_take_time = true;
  gateway.host.media().sdp.offers["first"] = Sections{}.sends_audio("0").offer;
  auto& events = gateway.host.events();
  const Answer first = events.call(anna, "sdp:offer", json::object{{"sdp", "first"}});
  CHECK_FALSE(first.done());
  CHECK(events.call(anna, "sdp:offer", json::object{{"sdp", "first"}}).code() == "CONFLICT");
  for (std::size_t i = 0; i < 32; ++i) {
    CHECK(events.call(anna, "ice:candidate", json::object{{"candidate", "c"}}).ok());
  }
  CHECK(events.call(anna, "ice:candidate", json::object{{"candidate", "c"}}).code() == "LIMIT_EXCEEDED");

  SUBCASE("it is answered then") {
    gateway.host.run();
    CHECK(first.ok());
    CHECK(gateway.session().candidates.size() == 32);
  }
  SUBCASE("it is refused then") {
    gateway.host.media().sdp.offers.clear();
    gateway.host.run();
    CHECK(first.code() == "INVALID_PAYLOAD");
    CHECK(gateway.host.media().transports.empty());
  }
  SUBCASE("who has left meanwhile gets no transport") {
    events.call(anna, "room:leave", json::object());
    gateway.host.run();
    CHECK(first.code() == "NOT_IN_ROOM");
    CHECK(gateway.host.media().transports.empty());
  }
}

TEST_CASE("leaving takes the session along") {
  SdpGateway gateway;
  FakeClient& anna = gateway.member("anna");
  gateway.offer(anna, Sections{}.sends_audio("0").receives_video("1"));
  SUBCASE("by itself") { gateway.host.call(anna, "room:leave"); }
  SUBCASE("with the room") { gateway.host.call(anna, "room:close"); }
  SUBCASE("the connection broke") { gateway.host.disconnect(anna); }
  gateway.host.run();
  CHECK(gateway.host.media().sdp.sessions.empty());
  CHECK(gateway.host.media().transports.empty());
  CHECK(gateway.host.media().producers.empty());
}

TEST_CASE("a client whose transport fails is told, and its next offer begins anew") {
  SdpGateway gateway;
  FakeClient& anna = gateway.member("anna");
  FakeClient& ben = gateway.member("ben");
  gateway.offer(anna, Sections{}.sends_audio("0"));
  const std::string first = gateway.host.media().transports.begin()->first;
  gateway.host.media().transport(first).enter(TransportState::failed, "no path");
  gateway.host.run();
  CHECK(text(anna.last("transport:failed"), "reason") == "no path");
  CHECK_FALSE(ben.got("participant:left"));

  REQUIRE(gateway.offer(anna, Sections{}.sends_audio("0")).ok());
  CHECK(gateway.host.media().transports.size() == 1);
  CHECK_FALSE(gateway.host.media().transports.contains(first));
  CHECK(ben.sent("producer:closed").size() == 1);
  CHECK(ben.sent("producer:new").size() == 2);
}

TEST_CASE("a client that closes its transport stays in the room, and may begin anew") {
  SdpGateway gateway;
  FakeClient& anna = gateway.member("anna");
  FakeClient& ben = gateway.member("ben");
  gateway.offer(anna, Sections{}.sends_audio("0"));
  gateway.host.media().transports.begin()->second->enter(TransportState::closed);
  gateway.host.run();
  CHECK(gateway.host.media().transports.empty());
  CHECK(gateway.host.media().sdp.sessions.empty());
  CHECK(ben.sent("producer:closed").size() == 1);
  CHECK_FALSE(ben.got("participant:left"));
  CHECK(gateway.offer(anna, Sections{}.sends_audio("0")).ok());
}

TEST_CASE("a client that takes no offers leaves the room with its transport") {
  SdpGateway gateway;
  FakeClient& anna = gateway.member("anna");
  FakeClient& ben = gateway.member("ben");
  gateway.offer(anna, Sections{}.sends_audio("0"), {{"fixed", true}, {"subscribe", false}});
  std::string reason;
  SUBCASE("that fails") {
    reason = "transport_failed";
    gateway.host.media().transports.begin()->second->enter(TransportState::failed, "no path");
  }
  SUBCASE("that it closes") {
    reason = "transport_closed";
    gateway.host.media().transports.begin()->second->enter(TransportState::closed);
  }
  gateway.host.run();
  CHECK(anna.last("participant:removed") == json::value{{"reason", reason}});
  CHECK(text(ben.last("participant:left"), "reason") == "disconnected");
  CHECK(gateway.host.media().transports.empty());
  CHECK(gateway.host.media().producers.empty());
  CHECK(gateway.host.call(anna, "router:capabilities").code() == "NOT_IN_ROOM");
}
