#include <doctest/doctest.h>

#include "videoroom_fixture.h"

using namespace sluice;
using namespace sluice::testing;

namespace {

json::object producer_name(const std::string& id) { return {{"producerId", id}}; }
json::object consumer_name(const std::string& id) { return {{"consumerId", id}}; }
json::object transport_name(const std::string& id) { return {{"transportId", id}}; }

/// Anna sends her webcam, Ben receives it.
struct Call : VideoRoomGateway {
  explicit Call(json::object options = {}) : VideoRoomGateway{std::move(options)} {
    anna_send = transport(anna, "send");
    producer_id = text(produce(anna, anna_send, "webcam").data(), "producerId");
    ben_recv = transport(ben, "recv");
    consumer_id = text(consume(ben, ben_recv, producer_id).data(), "id");
    anna.clear();
    ben.clear();
  }
  FakeClient& anna = member("anna");
  FakeClient& ben = member("ben");
  std::string anna_send, producer_id, ben_recv, consumer_id;
};

}  // namespace

TEST_CASE("media events are for those who are in a room") {
  VideoRoomGateway gateway;
  FakeClient& anna = gateway.person("anna");
  CHECK(gateway.host.call(anna, "router:capabilities").code() == "NOT_IN_ROOM");
  CHECK(gateway.host.call(anna, "transport:create", json::object{{"direction", "send"}}).code() == "NOT_IN_ROOM");
  CHECK(gateway.produce(anna, "t").code() == "NOT_IN_ROOM");
  gateway.join(anna);
  CHECK(gateway.host.call(anna, "router:capabilities")["codecs"].as_array().size() == 2);
}

TEST_CASE("a transport is made, connected once, and can restart ICE") {
  VideoRoomGateway gateway;
  FakeClient& anna = gateway.member("anna");
  gateway.host.media().offered_ice_servers = {IceServer{{"stun:stun.example.org"}, {}, {}}};
  const Answer made = gateway.host.call(anna, "transport:create", json::object{{"direction", "send"}});
  const std::string id = text(made.data(), "id");
  CHECK(text(made["iceParameters"], "usernameFragment") == "ufrag0");
  CHECK(made["iceCandidates"].is_array());
  CHECK(made["dtlsParameters"].at("fingerprints").as_array().size() == 1);
  CHECK(gateway.host.media().ice_servers_asked_for.back() == "anna");
  CHECK(made["iceServers"].as_array()[0].at("urls") == json::value(json::array{"stun:stun.example.org"}));

  const json::object connect{
      {"transportId", id},
      {"dtlsParameters",
       {{"role", "client"}, {"fingerprints", json::array{{{"algorithm", "sha-256"}, {"value", "AA"}}}}}}};
  CHECK(gateway.host.call(anna, "transport:connect", connect).ok());
  CHECK(gateway.host.media().transport(id).connected_with->dtls_parameters.role == DtlsRole::client);
  CHECK(gateway.host.call(anna, "transport:connect", connect).code() == "CONFLICT");
  const Answer restarted = gateway.host.call(anna, "transport:restart-ice", transport_name(id));
  CHECK(text(restarted["iceParameters"], "usernameFragment") == "ufrag1");

  CHECK(gateway.host.call(anna, "transport:close", transport_name(id)).ok());
  CHECK(gateway.host.media().transports.empty());
  CHECK(gateway.host.call(anna, "transport:restart-ice", transport_name(id)).code() == "NOT_FOUND");
}

TEST_CASE("another's transport, producer and consumer are not found") {
  Call call;
  CHECK(call.host.call(call.ben, "transport:close", transport_name(call.anna_send)).code() == "NOT_FOUND");
  CHECK(call.host.call(call.ben, "producer:pause", producer_name(call.producer_id)).code() == "NOT_FOUND");
  CHECK(call.host.call(call.anna, "consumer:close", consumer_name(call.consumer_id)).code() == "NOT_FOUND");
}

TEST_CASE("with full ICE the transport comes later") {
  VideoRoomGateway gateway{{{"transports_per_participant", 1}}};
  FakeClient& anna = gateway.member("anna");
  gateway.host.media().transports_take_time = true;
  const json::value send{{"direction", "send"}};
  const Answer first = gateway.host.events().call(anna, "transport:create", send);
  CHECK_FALSE(first.done());
  const Answer second = gateway.host.events().call(anna, "transport:create", send);
  CHECK(second.code() == "LIMIT_EXCEEDED");  // the one that is being made counts

  SUBCASE("it is answered then") {
    gateway.host.run();
    CHECK(first.ok());
  }
  SUBCASE("who has left meanwhile gets no transport") {
    gateway.host.events().call(anna, "room:leave", json::object());
    gateway.host.run();
    CHECK(first.code() == "NOT_IN_ROOM");
    CHECK(gateway.host.media().transports.empty());
  }
}

TEST_CASE("what one produces the others hear of, and who comes later is told at the join") {
  VideoRoomGateway gateway;
  FakeClient& anna = gateway.member("anna");
  FakeClient& ben = gateway.member("ben");
  const std::string send = gateway.transport(anna, "send");
  const Answer produced = gateway.produce(anna, send, "webcam", {{"paused", true}, {"appData", {{"angle", 3}}}});
  const std::string id = text(produced.data(), "producerId");
  const json::value expected{{"producerId", id}, {"participantId", gateway.participant_id(anna)},
                             {"kind", "video"},  {"source", "webcam"},
                             {"paused", true},   {"appData", {{"angle", 3}}}};
  CHECK(ben.last("producer:new") == expected);
  CHECK_FALSE(anna.got("producer:new"));
  CHECK(gateway.join(gateway.person("cleo"))["producers"].as_array()[0] == expected);
}

TEST_CASE("who may produce what") {
  VideoRoomGateway gateway{{{"least_role", {{"share_screen", "presenter"}}}}};
  FakeClient& anna = gateway.member("anna");
  FakeClient& vera = gateway.person_with_role("vera", "viewer");
  gateway.join(vera);
  const Answer refused = gateway.produce(vera, gateway.transport(vera, "send"));
  CHECK(refused.code() == "PERMISSION_DENIED");
  CHECK(refused.details() == json::object{{"requiredRole", "attendee"}, {"currentRole", "viewer"}});

  FakeClient& ben = gateway.member("ben");
  const std::string send = gateway.transport(ben, "send");
  CHECK(gateway.produce(ben, send, "webcam").ok());
  CHECK(gateway.produce(ben, send, "screen").code() == "PERMISSION_DENIED");
  CHECK(gateway.produce(anna, gateway.transport(anna, "send"), "screen").ok());
}

TEST_CASE("a request to produce that does not fit names its field") {
  VideoRoomGateway gateway{{{"app_data_bytes", 16}}};
  FakeClient& anna = gateway.member("anna");
  const std::string send = gateway.transport(anna, "send");
  const json::value video_mic{
      {"transportId", send}, {"kind", "video"}, {"source", "mic"}, {"rtpParameters", {{"codecs", json::array{}}}}};
  const Answer wrong_source = gateway.host.call(anna, "produce", video_mic);
  CHECK(wrong_source.code() == "INVALID_PAYLOAD");
  CHECK(wrong_source.details().at("path").as_string() == "source");
  const Answer nothing = gateway.host.call(anna, "produce", json::object{{"transportId", send}});
  CHECK(nothing.details().at("path").as_string() == "kind");
  CHECK(gateway.produce(anna, send, "mic", {{"appData", {{"x", "0123456789abcdef"}}}}).code() == "LIMIT_EXCEEDED");
  CHECK(gateway.produce(anna, gateway.transport(anna, "recv")).code() == "CONFLICT");
  CHECK(gateway.produce(anna, "nothing").code() == "NOT_FOUND");
  CHECK(gateway.host.media().producers.empty());
}

TEST_CASE("transports, producers and consumers are bounded") {
  Call call{{{"transports_per_participant", 2},
             {"producers_per_participant", 2},
             {"producers_per_room", 3},
             {"consumers_per_participant", 1}}};
  call.transport(call.anna, "send");
  const Answer transport = call.host.call(call.anna, "transport:create", json::object{{"direction", "send"}});
  CHECK(transport.code() == "LIMIT_EXCEEDED");
  CHECK(transport.details().at("limit").as_int64() == 2);
  CHECK(call.produce(call.anna, call.anna_send).ok());
  CHECK(call.produce(call.anna, call.anna_send).code() == "LIMIT_EXCEEDED");
  const std::string ben_send = call.transport(call.ben, "send");
  CHECK(call.produce(call.ben, ben_send).ok());
  CHECK(call.produce(call.ben, ben_send).code() == "LIMIT_EXCEEDED");  // the room's bound
  CHECK(call.consume(call.ben, call.ben_recv, call.producer_id).code() == "LIMIT_EXCEEDED");
}

TEST_CASE("consume describes the consumer as mediasoup-client wants it") {
  Call call;
  const Answer answer = call.consume(call.ben, call.ben_recv, call.producer_id);
  REQUIRE(answer.ok());
  CHECK(text(answer.data(), "producerId") == call.producer_id);
  CHECK(text(answer.data(), "kind") == "video");
  CHECK(text(answer.data(), "type") == "simple");
  CHECK(answer["rtpParameters"].at("codecs").is_array());
  CHECK(answer["appData"].is_object());
  CHECK(answer["producerPaused"] == json::value(false));
  CHECK(call.host.media().consumer(text(answer.data(), "id")).paused());

  CHECK(call.consume(call.ben, call.transport(call.ben, "send"), call.producer_id).code() == "CONFLICT");
  CHECK(call.consume(call.ben, call.ben_recv, "nothing").code() == "NOT_FOUND");
  call.host.media().anything_can_be_consumed = false;
  CHECK(call.consume(call.ben, call.ben_recv, call.producer_id).code() == "UNSUPPORTED");
}

TEST_CASE("a producer of another room cannot be consumed") {
  Call call;
  FakeClient& eve = call.member("eve", "elsewhere");
  CHECK(call.consume(eve, call.transport(eve, "recv"), call.producer_id).code() == "NOT_FOUND");
}

TEST_CASE("pausing a producer is told to the room and to its consumers") {
  Call call;
  const auto ask = [&](const char* event) {
    return call.host.call(call.anna, event, producer_name(call.producer_id)).ok();
  };
  CHECK(ask("producer:pause"));
  CHECK(call.host.media().producer(call.producer_id).paused());
  CHECK(text(call.ben.last("producer:paused"), "producerId") == call.producer_id);
  CHECK(text(call.ben.last("consumer:paused"), "consumerId") == call.consumer_id);
  CHECK_FALSE(call.anna.got("producer:paused"));
  CHECK(ask("producer:pause"));  // again: nothing to tell
  CHECK(call.ben.sent("producer:paused").size() == 1);
  CHECK(ask("producer:resume"));
  CHECK(text(call.ben.last("producer:resumed"), "producerId") == call.producer_id);
  CHECK(text(call.ben.last("consumer:resumed"), "consumerId") == call.consumer_id);
}

TEST_CASE("a consumer is paused, resumed, weighted and refreshed") {
  Call call;
  FakeConsumer& consumer = call.host.media().consumer(call.consumer_id);
  const auto ask = [&](const char* event, json::object data) {
    return call.host.call(call.ben, event, std::move(data));
  };
  CHECK(ask("consumer:resume", consumer_name(call.consumer_id)).ok());
  CHECK_FALSE(consumer.paused());
  CHECK(ask("consumer:pause", consumer_name(call.consumer_id)).ok());
  CHECK(consumer.paused());
  CHECK(ask("consumer:keyframe", consumer_name(call.consumer_id)).ok());
  CHECK(consumer.key_frames_requested == 1);
  CHECK(ask("consumer:priority", {{"consumerId", call.consumer_id}, {"priority", 200}}).ok());
  CHECK(consumer.priority() == 200);
  CHECK(ask("consumer:priority", {{"consumerId", call.consumer_id}, {"priority", 0}}).code() == "INVALID_PAYLOAD");
  CHECK(ask("consumer:priority", {{"consumerId", call.consumer_id}, {"priority", 256}}).code() == "INVALID_PAYLOAD");
  CHECK(ask("consumer:close", consumer_name(call.consumer_id)).ok());
  CHECK(call.host.media().consumers.empty());
  CHECK(ask("consumer:resume", consumer_name(call.consumer_id)).code() == "NOT_FOUND");
}

TEST_CASE("a producer that ends closes its consumers, whoever ended it") {
  Call call;
  std::string reason = "producer_closed";
  SUBCASE("its owner") { call.host.call(call.anna, "producer:close", producer_name(call.producer_id)); }
  SUBCASE("its owner, by the other name") {
    call.host.call(call.anna, "media:unpublish", producer_name(call.producer_id));
  }
  SUBCASE("the client said BYE") {
    call.host.media().producer(call.producer_id).end();
    call.host.run();
  }
  SUBCASE("its transport closed") {
    call.host.media().transport(call.anna_send).enter(TransportState::closed);
    call.host.run();
  }
  SUBCASE("its owner left") { call.host.call(call.anna, "room:leave"); }
  SUBCASE("its owner's connection broke") { call.host.disconnect(call.anna); }
  CHECK(text(call.ben.last("producer:closed"), "producerId") == call.producer_id);
  CHECK(call.ben.sent("producer:closed").size() == 1);
  CHECK(call.ben.last("consumer:closed") == json::value{{"consumerId", call.consumer_id}, {"reason", reason}});
  CHECK(call.host.media().producers.empty());
  CHECK(call.host.media().consumers.empty());
  CHECK(call.consume(call.ben, call.ben_recv, call.producer_id).code() == "NOT_FOUND");
}

TEST_CASE("a consumer whose transport closes is told why") {
  Call call;
  call.host.media().transport(call.ben_recv).enter(TransportState::closed);
  call.host.run();
  CHECK(text(call.ben.last("consumer:closed"), "reason") == "transport_closed");
}

TEST_CASE("a transport that fails is told to its client, which may restart ICE or make another one") {
  Call call{{{"transports_per_participant", 1}}};
  call.host.media().transport(call.anna_send).enter(TransportState::connected);
  call.host.run();
  CHECK(call.anna.sent().empty());
  call.host.media().transport(call.anna_send).enter(TransportState::failed, "the fingerprint does not match");
  call.host.run();
  CHECK(call.anna.last("transport:failed") ==
        json::value{{"transportId", call.anna_send}, {"reason", "the fingerprint does not match"}});
  CHECK_FALSE(call.ben.got("transport:failed"));
  CHECK(call.host.metrics().value("transport_failures_total") == 1);
  CHECK(call.host.call(call.anna, "transport:restart-ice", transport_name(call.anna_send)).ok());
  CHECK(call.host.call(call.anna, "transport:close", transport_name(call.anna_send)).ok());
  CHECK(call.host.call(call.anna, "transport:create", json::object{{"direction", "send"}}).ok());
}

TEST_CASE("leaving takes everything along") {
  Call call;
  call.host.call(call.anna, "room:leave");
  call.host.call(call.ben, "room:leave");
  CHECK(call.host.media().transports.empty());
  CHECK(call.host.media().producers.empty());
  CHECK(call.host.media().consumers.empty());
}
