// What a participant keeps of its media while its connection is lost.

#include <doctest/doctest.h>

#include "reconnect_fixture.h"
#include "sdp_fixture.h"

using namespace sluice;
using namespace sluice::testing;
using namespace std::chrono_literals;

namespace {

LayersChange sending(std::uint8_t spatial_layer) {
  LayersChange layers;
  layers.current = MediaLayer{.spatial = spatial_layer, .temporal = 1};
  return layers;
}

/// Anna and Ben send and receive each other's webcam; Ben's microphone is paused.
struct Call : ReconnectGateway {
  Call() {
    host.call(*ben, "producer:pause", json::object{{"producerId", ben_mic}});
    host.call(*ben, "pin:user", json::object{{"participantId", participant_id(anna)}});
    anna.clear();
    ben->clear();
  }

  Answer ask(FakeClient& client, const char* event, const char* name, const std::string& id) {
    return host.call(client, event, json::object{{name, id}});
  }
  static const json::array& media(const Answer& answer, const char* what) {
    return answer["media"].at(what).as_array();
  }

  std::string ben_send = transport(*ben, "send");
  std::string ben_recv = transport(*ben, "recv");
  std::string ben_webcam = text(produce(*ben, ben_send, "webcam").data(), "producerId");
  std::string ben_mic = text(produce(*ben, ben_send, "mic").data(), "producerId");
  std::string anna_webcam = producer(anna, "webcam");
  std::string ben_consumer = text(consume(*ben, ben_recv, anna_webcam).data(), "id");
  std::string anna_consumer = text(consume(anna, transport(anna, "recv"), ben_webcam).data(), "id");
};

}  // namespace

TEST_CASE("media goes on while its owner is away") {
  Call call;
  call.lose_ben();
  CHECK(call.host.media().transports.contains(call.ben_send));
  CHECK(call.host.media().producers.contains(call.ben_webcam));
  CHECK_FALSE(call.host.media().producer(call.ben_webcam).paused());
  CHECK(call.host.media().consumers.contains(call.anna_consumer));
  CHECK_FALSE(call.anna.got("producer:closed"));

  SUBCASE("and ends with the time of grace") {
    call.host.advance(kGrace);
    CHECK(call.anna.sent("producer:closed").size() == 2);
    CHECK_FALSE(call.host.media().transports.contains(call.ben_send));
    CHECK_FALSE(call.host.media().producers.contains(call.ben_webcam));
  }
  SUBCASE("or when the media path closes, of which the others hear") {
    call.host.media().transport(call.ben_send).enter(TransportState::closed);
    call.host.run();
    CHECK(call.anna.sent("producer:closed").size() == 2);
    const Answer answer = call.ben_returns();
    CHECK(Call::media(answer, "transports").size() == 1);
    CHECK(Call::media(answer, "producers").empty());
  }
}

TEST_CASE("who comes back is told what it has, and goes on with it") {
  Call call;
  call.host.media().transport(call.ben_send).enter(TransportState::connected);
  call.lose_ben();
  call.host.media().transport(call.ben_recv).enter(TransportState::failed, "silence");
  call.host.media().consumer(call.ben_consumer).enter_layers(sending(2));
  call.host.media().consumer(call.ben_consumer).enter_score({.score = 7, .producer_score = 10});
  call.host.run();
  const Answer answer = call.ben_returns();

  const json::array& transports = Call::media(answer, "transports");
  REQUIRE(transports.size() == 2);
  CHECK(transports[0] == json::value{{"id", call.ben_send}, {"direction", "send"}, {"state", "connected"}});
  CHECK(transports[1] == json::value{{"id", call.ben_recv}, {"direction", "recv"}, {"state", "failed"}});
  const json::array& producers = Call::media(answer, "producers");
  REQUIRE(producers.size() == 2);
  for (const json::value& one : producers) {
    const bool is_mic = text(one, "producerId") == call.ben_mic;
    CHECK(text(one, "source") == (is_mic ? "mic" : "webcam"));
    CHECK(text(one, "kind") == (is_mic ? "audio" : "video"));
    CHECK(one.at("paused").as_bool() == is_mic);
  }
  const json::array& consumers = Call::media(answer, "consumers");
  REQUIRE(consumers.size() == 1);
  const json::object& consumer = consumers[0].as_object();
  CHECK(consumer.at("id").as_string() == call.ben_consumer);
  CHECK(consumer.at("producerId").as_string() == call.anna_webcam);
  CHECK(consumer.at("participantId").as_string() == call.participant_id(call.anna));
  CHECK(consumer.at("kind").as_string() == "video");
  CHECK(consumer.at("source").as_string() == "webcam");
  CHECK(consumer.at("paused").as_bool());
  CHECK_FALSE(consumer.at("producerPaused").as_bool());
  CHECK(consumer.at("layers").at("spatialLayer").to_number<int>() == 2);
  CHECK(consumer.at("score").to_number<int>() == 7);
  CHECK(text(answer["media"], "pinned") == call.participant_id(call.anna));

  SUBCASE("its producers are its own") {
    CHECK(call.ask(*call.ben, "producer:resume", "producerId", call.ben_mic).ok());
    CHECK(text(call.anna.last("producer:resumed"), "producerId") == call.ben_mic);
    CHECK_FALSE(call.host.media().producer(call.ben_mic).paused());
    CHECK(call.produce(*call.ben, call.ben_send, "screen").ok());
  }
  SUBCASE("its consumers tell the new client what happens") {
    call.host.media().consumer(call.ben_consumer).enter_layers(sending(0));
    call.host.run();
    CHECK(text(call.ben->last("consumer:layers-changed"), "consumerId") == call.ben_consumer);
    CHECK(call.ask(*call.ben, "consumer:resume", "consumerId", call.ben_consumer).ok());
  }
  SUBCASE("ICE restarts on the old transport") {
    CHECK(call.ask(*call.ben, "transport:restart-ice", "transportId", call.ben_recv).ok());
  }
  SUBCASE("or it begins anew") {
    for (const std::string& id : {call.ben_send, call.ben_recv}) {
      CHECK(call.ask(*call.ben, "transport:close", "transportId", id).ok());
    }
    call.host.run();
    CHECK(call.produce(*call.ben, call.transport(*call.ben, "send"), "webcam").ok());
  }
}

TEST_CASE("what has ended meanwhile is not among what is left") {
  Call call;
  call.lose_ben();
  call.ask(call.anna, "producer:close", "producerId", call.anna_webcam);
  const Answer answer = call.ben_returns();
  CHECK(Call::media(answer, "consumers").empty());
  CHECK(answer["producers"].as_array().size() == 2);
}

TEST_CASE("who asked for levels gets them again") {
  ReconnectGateway gateway;
  const std::string mic = gateway.producer(gateway.anna);
  gateway.host.call(*gateway.ben, "speaker:levels", json::object{{"enabled", true}});
  const auto speak = [&] {
    gateway.host.advance(1s);
    gateway.host.media().router().enter_audio_levels({{.producer_id = mic, .minus_dbov = 27, .voice = true}});
    gateway.host.run();
  };
  gateway.lose_ben();
  speak();  // to nobody
  gateway.ben_returns();
  speak();
  CHECK(gateway.ben->got("speaker:levels"));
}

namespace {

/// Ben speaks SDP, and loses his connection; Anna publishes.
struct SdpReconnect : SdpGateway {
  SdpReconnect() {
    ben = &person("ben");
    token = text(join(*ben).data(), "reconnectToken");
    offer(*ben, Sections{});
    ben->clear();
  }
  void lose_ben() { host.disconnect(*ben, "transport_lost"); }
  void ben_returns() {
    ben = &person("ben");
    const Answer answer = host.call(*ben, "reconnect:attempt", json::object{{"reconnectToken", token}});
    token = text(answer.data(), "reconnectToken");
  }

  Publisher anna = publisher("anna");
  FakeClient* ben = nullptr;
  std::string token;
};

}  // namespace

TEST_CASE("a peer connection is offered nothing while its client is away, and everything when it is back") {
  SdpReconnect call;
  call.lose_ben();
  const std::string webcam = call.publish(call.anna, "webcam");
  call.host.run();
  CHECK(call.session().offers.empty());
  call.ben_returns();
  CHECK(call.ben->sent("sdp:offer").size() == 1);
  CHECK(SdpGateway::tracks(*call.ben) == Names{"g0=" + webcam});
  CHECK(call.answer(*call.ben).ok());
}

TEST_CASE("an offer that was on its way is made again") {
  SdpReconnect call;
  call.publish(call.anna, "webcam");
  REQUIRE(call.ben->last("sdp:offer") == json::value{{"sdp", "offer-1"}});
  call.lose_ben();
  const std::string mic = call.publish(call.anna, "mic");
  call.ben_returns();
  CHECK(call.ben->last("sdp:offer") == json::value{{"sdp", "offer-1"}});
  CHECK(call.ben->sent("sdp:offer").size() == 1);
  CHECK(call.answer(*call.ben).ok());
  CHECK(call.ben->last("sdp:offer") == json::value{{"sdp", "offer-2"}});
  CHECK(SdpGateway::tracks(*call.ben).back() == "g1=" + mic);

  SUBCASE("unless the client makes one of its own, as it does where its answer was lost") {
    call.lose_ben();
    call.ben_returns();
    call.ben->clear();
    CHECK(call.offer(*call.ben, Sections{}).ok());
    CHECK(call.ben->last("sdp:offer") == json::value{{"sdp", "offer-3"}});
  }
}

TEST_CASE("what its sections carry is told to a client that is back, though nothing has changed") {
  SdpReconnect call;
  const std::string webcam = call.publish(call.anna, "webcam");
  call.answer(*call.ben);
  call.lose_ben();
  call.ben_returns();
  CHECK(SdpGateway::tracks(*call.ben) == Names{"g0=" + webcam});
  CHECK_FALSE(call.ben->got("sdp:offer"));
}
