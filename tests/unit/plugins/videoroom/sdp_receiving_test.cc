// Clients that take offers: a section for each producer.

#include <doctest/doctest.h>

#include "sdp_fixture.h"

using namespace sluice;
using namespace sluice::testing;

namespace {

const Sections kBoth = Sections{}.receives_audio("0").receives_video("1");

Names offered(SdpGateway& gateway) { return gateway.session().offers.back().track_mids(); }

}  // namespace

TEST_CASE("the client's sections get the room's producers, oldest first; what is left over is offered") {
  SdpGateway gateway;
  const auto anna = gateway.publisher("anna");
  const std::string webcam = gateway.publish(anna, "webcam");
  const std::string mic = gateway.publish(anna, "mic");
  const auto ben = gateway.publisher("ben");
  const std::string other = gateway.publish(ben, "webcam");
  FakeClient& cleo = gateway.member("cleo");
  REQUIRE(gateway.offer(cleo, kBoth).ok());

  const FakeDescription& answer = gateway.session().answers.at(0);
  CHECK(answer.track_mids() == Names{"0", "1"});
  CHECK(answer.tracks[0].rtp_parameters.mid == "0");
  CHECK(answer.tracks[0].stream_id == gateway.participant_id(anna.client));
  CHECK(answer.tracks[1].stream_id == answer.tracks[0].stream_id);
  CHECK(cleo.sent("sdp:offer").size() == 1);
  CHECK(cleo.last("sdp:offer") == json::value{{"sdp", "offer-1"}});
  CHECK(offered(gateway) == Names{"0", "1", "g0"});
  CHECK(SdpGateway::tracks(cleo) == Names{"0=" + mic, "1=" + webcam, "g0=" + other});
  const json::value first = cleo.sent("sdp:tracks").front().at("tracks").as_array()[0];
  CHECK(gateway.host.media().consumer(text(first, "consumerId")).producer_id() == mic);
  CHECK(first == json::value{{"mid", "0"},
                             {"consumerId", text(first, "consumerId")},
                             {"producerId", mic},
                             {"participantId", gateway.participant_id(anna.client)},
                             {"kind", "audio"},
                             {"source", "mic"},
                             {"paused", false}});
}

TEST_CASE("a screen is a stream of its own") {
  SdpGateway gateway;
  const auto anna = gateway.publisher("anna");
  gateway.publish(anna, "screen");
  FakeClient& ben = gateway.member("ben");
  gateway.offer(ben, kBoth);
  CHECK(gateway.session().answers.at(0).tracks.at(0).stream_id == gateway.participant_id(anna.client) + "-screen");
}

TEST_CASE("what is published later is offered, and flows once the client has answered") {
  SdpGateway gateway;
  const auto anna = gateway.publisher("anna");
  FakeClient& ben = gateway.member("ben");
  gateway.offer(ben, Sections{});
  CHECK_FALSE(ben.got("sdp:offer"));

  gateway.publish(anna, "webcam");
  REQUIRE(offered(gateway) == Names{"g0"});
  REQUIRE(gateway.host.media().consumers.size() == 1);
  const FakeConsumer& consumer = *gateway.host.media().consumers.begin()->second;
  CHECK(consumer.paused());
  CHECK(gateway.answer(ben).ok());
  CHECK_FALSE(consumer.paused());
  CHECK(gateway.answer(ben).code() == "CONFLICT");
}

TEST_CASE("changes while an offer waits for its answer are told by the next one, all together") {
  SdpGateway gateway;
  const auto anna = gateway.publisher("anna");
  FakeClient& ben = gateway.member("ben");
  gateway.offer(ben, Sections{});
  const std::string webcam = gateway.publish(anna, "webcam");
  gateway.publish(anna, "mic");
  gateway.publish(anna, "screen");
  gateway.unpublish(anna, webcam);
  CHECK(ben.sent("sdp:offer").size() == 1);

  CHECK(gateway.answer(ben).ok());
  CHECK(ben.sent("sdp:offer").size() == 2);
  CHECK(offered(gateway) == Names{"g1", "g2"});
  CHECK(gateway.answer(ben).ok());
  CHECK(ben.sent("sdp:offer").size() == 2);
}

TEST_CASE("several changes of one moment are one offer") {
  SdpGateway gateway;
  FakeClient& anna = gateway.member("anna");
  FakeClient& ben = gateway.member("ben");
  gateway.offer(ben, Sections{});
  gateway.offer(anna, Sections{}.sends_audio("0").sends_video("1"));
  CHECK(ben.sent("sdp:offer").size() == 1);
  CHECK(gateway.host.media().sdp.sessions.front()->offers.back().track_mids() == Names{"g0", "g1"});
}

TEST_CASE("a producer that ends frees its section, and its MID is not used again") {
  SdpGateway gateway;
  const auto anna = gateway.publisher("anna");
  const std::string webcam = gateway.publish(anna, "webcam");
  FakeClient& ben = gateway.member("ben");
  gateway.offer(ben, kBoth);
  ben.clear();
  SUBCASE("by itself") { gateway.unpublish(anna, webcam); }
  SUBCASE("with its owner") { gateway.host.call(anna.client, "room:leave"); }
  CHECK(offered(gateway).empty());
  CHECK(SdpGateway::tracks(ben).empty());
  CHECK(gateway.host.media().consumers.empty());
  CHECK_FALSE(ben.got("consumer:closed"));  // this client does not think in consumers
  CHECK(gateway.answer(ben).ok());

  const auto cleo = gateway.publisher("cleo");
  gateway.publish(cleo, "webcam");
  CHECK(offered(gateway) == Names{"g0"});
  CHECK(gateway.answer(ben).ok());
  gateway.publish(cleo, "screen");
  REQUIRE(gateway.offer(ben, Sections{kBoth}.receives_video("g0")).ok());  // glare, and an old section that is open
  CHECK(gateway.session().answers.back().track_mids() == Names{"g0"});
}

TEST_CASE("a track that the client does not take is closed, and not offered again") {
  SdpGateway gateway;
  const auto anna = gateway.publisher("anna");
  FakeClient& ben = gateway.member("ben");
  gateway.offer(ben, Sections{});
  const std::string webcam = gateway.publish(anna, "webcam");
  CHECK(gateway.answer(ben, {"g0"}).ok());
  CHECK(gateway.host.media().consumers.empty());
  CHECK(SdpGateway::tracks(ben).empty());
  gateway.publish(anna, "mic");
  CHECK(offered(gateway) == Names{"g1"});
}

TEST_CASE("a section that the client's later offer leaves out is given up") {
  SdpGateway gateway;
  const auto anna = gateway.publisher("anna");
  gateway.publish(anna, "webcam");
  gateway.publish(anna, "mic");
  FakeClient& ben = gateway.member("ben");
  gateway.offer(ben, kBoth);
  ben.clear();
  REQUIRE(gateway.offer(ben, Sections{}.receives_audio("0")).ok());
  CHECK(gateway.session().answers.back().track_mids() == Names{"0"});
  CHECK(gateway.host.media().consumers.size() == 1);
  CHECK_FALSE(ben.got("sdp:offer"));
}

TEST_CASE("a client's offer that crosses ours is answered, and then we offer again") {
  SdpGateway gateway;
  const auto anna = gateway.publisher("anna");
  FakeClient& ben = gateway.member("ben");
  gateway.offer(ben, Sections{});
  gateway.publish(anna, "webcam");
  REQUIRE(gateway.session().offering());
  ben.clear();

  REQUIRE(gateway.offer(ben, Sections{}.sends_audio("0")).ok());
  CHECK(gateway.session().answers.back().tracks.empty());
  CHECK(ben.sent("sdp:offer").size() == 1);
  CHECK(offered(gateway) == Names{"g1"});
  CHECK(gateway.host.media().consumers.size() == 1);
  CHECK(gateway.answer(ben).ok());
}

TEST_CASE("an offer that is refused leaves the room to be followed, also where it crossed ours") {
  SdpGateway gateway{{{"producers_per_participant", 1}}};
  const auto anna = gateway.publisher("anna");
  const auto cleo = gateway.publisher("cleo");
  FakeClient& ben = gateway.member("ben");
  gateway.offer(ben, Sections{});
  gateway.publish(anna, "webcam");
  CHECK(gateway.offer(ben, Sections{}.sends_audio("0").sends_video("1")).code() == "LIMIT_EXCEEDED");
  CHECK(offered(gateway) == Names{"g1"});
  CHECK(gateway.answer(ben).ok());
  gateway.publish(cleo, "webcam");
  CHECK(offered(gateway) == Names{"g1", "g2"});
}

TEST_CASE("nobody receives itself") {
  SdpGateway gateway;
  FakeClient& anna = gateway.member("anna");
  gateway.offer(anna, Sections{}.sends_audio("0").receives_audio("1"));
  CHECK(gateway.session().answers.at(0).tracks.empty());
  CHECK_FALSE(anna.got("sdp:offer"));
  CHECK_FALSE(anna.got("sdp:tracks"));
}

TEST_CASE("who does not subscribe gets nothing until it does") {
  SdpGateway gateway;
  const auto anna = gateway.publisher("anna");
  gateway.publish(anna, "webcam");
  FakeClient& ben = gateway.member("ben");
  gateway.offer(ben, kBoth, {{"subscribe", false}});
  CHECK(gateway.session().answers.at(0).tracks.empty());
  CHECK_FALSE(ben.got("sdp:offer"));
  gateway.offer(ben, kBoth);  // as before
  CHECK(gateway.session().answers.at(1).tracks.empty());
  gateway.offer(ben, kBoth, {{"subscribe", true}});
  CHECK(gateway.session().answers.at(2).track_mids() == Names{"1"});
}

TEST_CASE("one participant alone may be received") {
  SdpGateway gateway;
  const auto anna = gateway.publisher("anna");
  gateway.publish(anna, "webcam");
  const auto ben = gateway.publisher("ben");
  const std::string wanted = gateway.publish(ben, "webcam");
  FakeClient& cleo = gateway.member("cleo");
  gateway.offer(cleo, kBoth, {{"participantId", gateway.participant_id(ben.client)}});
  CHECK(SdpGateway::tracks(cleo) == Names{"1=" + wanted});
  const std::string mic = gateway.publish(anna, "mic");
  CHECK_FALSE(cleo.got("sdp:offer"));
  gateway.offer(cleo, kBoth, {{"participantId", ""}});  // everybody again
  CHECK(SdpGateway::tracks(cleo).front() == "1=" + wanted);
  CHECK(SdpGateway::tracks(cleo)[1] == "0=" + mic);
}

TEST_CASE("a producer that the client cannot decode is passed over") {
  SdpGateway gateway;
  const auto anna = gateway.publisher("anna");
  FakeClient& ben = gateway.member("ben");
  gateway.offer(ben, Sections{});
  gateway.host.media().anything_can_be_consumed = false;
  gateway.publish(anna, "webcam");
  CHECK_FALSE(ben.got("sdp:offer"));
  gateway.host.media().anything_can_be_consumed = true;
  gateway.publish(anna, "screen");
  CHECK(offered(gateway) == Names{"g0"});  // the section that was meant for the other one
}

TEST_CASE("a pause is told by sdp:tracks, without an offer") {
  SdpGateway gateway;
  const auto anna = gateway.publisher("anna");
  const std::string webcam = gateway.publish(anna, "webcam");
  FakeClient& ben = gateway.member("ben");
  gateway.offer(ben, kBoth);
  ben.clear();
  gateway.host.call(anna.client, "producer:pause", json::object{{"producerId", webcam}});
  CHECK(ben.last("sdp:tracks").at("tracks").as_array()[0].at("paused") == json::value(true));
  gateway.host.call(anna.client, "producer:resume", json::object{{"producerId", webcam}});
  CHECK(ben.last("sdp:tracks").at("tracks").as_array()[0].at("paused") == json::value(false));
  CHECK(ben.sent("sdp:tracks").size() == 2);
  CHECK_FALSE(ben.got("sdp:offer"));
}

TEST_CASE("tracks and sections are bounded") {
  SdpGateway gateway{{{"consumers_per_participant", 2}}};
  const auto anna = gateway.publisher("anna");
  FakeClient& ben = gateway.member("ben");
  std::size_t most = 2;
  SUBCASE("by the participant's consumers") {}
  SUBCASE("by the session's sections") {
    gateway.host.media().sdp.max_sections = 1;
    most = 1;
  }
  gateway.offer(ben, Sections{});
  std::vector<std::string> producers;
  for (int i = 0; i < 4; ++i) {
    producers.push_back(gateway.publish(anna, "webcam"));
    static_cast<void>(gateway.answer(ben));
  }
  CHECK(gateway.host.media().consumers.size() == most);
  CHECK(SdpGateway::tracks(ben).size() == most);
  if (most == 1) return;
  gateway.unpublish(anna, producers.front());  // makes room for the third
  CHECK(gateway.answer(ben).ok());
  CHECK(SdpGateway::tracks(ben) == Names{"g1=" + producers[1], "g2=" + producers[2]});
}

TEST_CASE("the room's report shows SDP's transport and consumers") {
  SdpGateway gateway;
  const auto anna = gateway.publisher("anna");
  gateway.publish(anna, "webcam");
  FakeClient& ben = gateway.member("ben");
  gateway.offer(ben, kBoth);
  HttpRequest request;
  request.path_parameters["id"] = "lobby";
  const HttpAnswer answer = gateway.host.admin().call("GET", "/rooms/{id}", request);
  gateway.host.run();
  const json::value body = answer.body();
  const json::value& viewer = body.at("data").at("participants").as_array()[1];
  CHECK(text(viewer.at("transports").as_array()[0], "direction") == "sendrecv");
  CHECK(viewer.at("consumers").as_array().size() == 1);
}
