// What a client says of, and hears about, the quality of what it receives and sends.

#include <doctest/doctest.h>

#include "tests/unit/plugins/videoroom/videoroom_fixture.h"

namespace {

using namespace sluice;
using namespace sluice::testing;

/// Anna, the host, sends her webcam and microphone; Ben receives both. Cleo is there, too.
struct Call : VideoRoomGateway {
  explicit Call(json::object options = {}) : VideoRoomGateway{std::move(options)} {
    consumer_id = consume_one(webcam);
    audio_consumer_id = consume_one(mic);
    for (FakeClient* client : {&anna, &ben, &cleo}) client->clear();
  }

  std::string consume_one(const std::string& producer_id) {
    return text(consume(ben, ben_recv, producer_id).data(), "id");
  }
  Answer ask(FakeClient& client, const char* event, json::object data) {
    return host.call(client, event, json::value(std::move(data)));
  }
  FakeConsumer& consumer(const std::string& id) { return host.media().consumer(id); }
  FakeConsumer& consumer() { return consumer(consumer_id); }

  FakeClient& anna = member("anna");
  FakeClient& ben = member("ben");
  FakeClient& cleo = member("cleo");
  std::string webcam = producer(anna, "webcam");
  std::string mic = producer(anna, "mic");
  std::string ben_recv = transport(ben, "recv");
  std::string consumer_id;
  std::string audio_consumer_id;
};

constexpr PreferredLayers kLow{.spatial = 0};
constexpr PreferredLayers kMedium{.spatial = 1};

}  // namespace

TEST_CASE("a consumer's layers can be limited") {
  Call call;
  CHECK_FALSE(call.consumer().preferred_layers());
  CHECK(call.ask(call.ben, "consumer:layers", {{"consumerId", call.consumer_id}, {"spatialLayer", 1}}).ok());
  CHECK(call.consumer().preferred_layers() == kMedium);
  CHECK(call.ask(call.ben, "consumer:layers",
                 {{"consumerId", call.consumer_id}, {"spatialLayer", 0}, {"temporalLayer", 1}})
            .ok());
  CHECK(call.consumer().preferred_layers() == PreferredLayers{.spatial = 0, .temporal = 1});
}

TEST_CASE("layers that cannot be are refused, and change nothing") {
  Call call;
  const auto refusal = [&](FakeClient& client, json::object data) {
    return call.ask(client, "consumer:layers", std::move(data)).code();
  };
  CHECK(refusal(call.ben, {{"consumerId", call.consumer_id}, {"spatialLayer", 8}}) == "INVALID_PAYLOAD");
  CHECK(refusal(call.ben, {{"consumerId", call.consumer_id}, {"spatialLayer", -1}}) == "INVALID_PAYLOAD");
  CHECK(refusal(call.ben, {{"consumerId", call.consumer_id}}) == "INVALID_PAYLOAD");
  CHECK(refusal(call.ben, {{"consumerId", call.consumer_id}, {"spatialLayer", 0}, {"temporalLayer", 8}}) ==
        "INVALID_PAYLOAD");
  CHECK(refusal(call.ben, {{"consumerId", call.audio_consumer_id}, {"spatialLayer", 0}}) == "UNSUPPORTED");
  CHECK(refusal(call.cleo, {{"consumerId", call.consumer_id}, {"spatialLayer", 0}}) == "NOT_FOUND");
  CHECK(refusal(call.person("dora"), {{"consumerId", call.consumer_id}, {"spatialLayer", 0}}) == "NOT_IN_ROOM");
  CHECK_FALSE(call.consumer().preferred_layers());
}

TEST_CASE("a quality holds for all video, also for what is received later") {
  Call call;
  CHECK(call.ask(call.ben, "quality:change", {{"layer", "low"}}).ok());
  CHECK(call.consumer().preferred_layers() == kLow);
  CHECK_FALSE(call.consumer(call.audio_consumer_id).preferred_layers());
  const std::string later = call.consume_one(call.producer(call.cleo, "webcam"));
  CHECK(call.consumer(later).preferred_layers() == kLow);

  SUBCASE("but for a consumer of which the client has said something else") {
    CHECK(call.ask(call.ben, "quality:change", {{"layer", "medium"}, {"consumerId", later}}).ok());
    CHECK(call.ask(call.ben, "pin:user", {{"participantId", call.participant_id(call.anna)}}).ok());
    CHECK(call.consumer(later).preferred_layers() == kMedium);
    CHECK(call.consumer().preferred_layers() == kLow);
  }
  SUBCASE("auto takes the limit away, everywhere") {
    CHECK(call.ask(call.ben, "consumer:layers", {{"consumerId", later}, {"spatialLayer", 1}}).ok());
    CHECK(call.ask(call.ben, "quality:change", {{"layer", "auto"}}).ok());
    CHECK_FALSE(call.consumer().preferred_layers());
    CHECK_FALSE(call.consumer(later).preferred_layers());
  }
  SUBCASE("an unknown one is refused") {
    CHECK(call.ask(call.ben, "quality:change", {{"layer", "best"}}).code() == "INVALID_PAYLOAD");
    CHECK(call.ask(call.ben, "quality:change", {{"layer", "low"}, {"consumerId", "nothing"}}).code() == "NOT_FOUND");
  }
}

TEST_CASE("a change of layers is told to who receives, with its reason") {
  Call call;
  call.consumer().enter_layers(
      {.current = MediaLayer{1, 2}, .target = MediaLayer{0, 1}, .reason = LayersReason::bandwidth});
  call.host.run();
  CHECK(call.ben.last("consumer:layers-changed") == json::value{{"consumerId", call.consumer_id},
                                                                {"producerId", call.webcam},
                                                                {"spatialLayer", 1},
                                                                {"temporalLayer", 2},
                                                                {"target", {{"spatialLayer", 0}, {"temporalLayer", 1}}},
                                                                {"reason", "bandwidth"}});
  CHECK_FALSE(call.anna.got("consumer:layers-changed"));

  SUBCASE("null where nothing is sent") {
    call.consumer().enter_layers({.current = {}, .target = {}, .reason = LayersReason::last_n});
    call.host.run();
    const json::value told = call.ben.last("consumer:layers-changed");
    CHECK(told.at("spatialLayer").is_null());
    CHECK(told.at("temporalLayer").is_null());
    CHECK(told.at("target").is_null());
    CHECK(text(told, "reason") == "last_n");
  }
  SUBCASE("nothing of a consumer that has just been closed") {
    call.ben.clear();
    call.consumer().enter_layers({.current = {}, .target = {}, .reason = LayersReason::best});
    call.host.events().call(call.ben, "consumer:close", json::object{{"consumerId", call.consumer_id}});
    call.host.run();
    CHECK_FALSE(call.ben.got("consumer:layers-changed"));
  }
}

TEST_CASE("scores are told in the words of mediasoup's clients") {
  Call call;
  call.consumer().enter_score({.score = 7, .producer_score = 9});
  call.host.media()
      .producer(call.webcam)
      .enter_scores(
          {{.encoding_idx = 0, .ssrc = Ssrc{5}, .rid = "l", .score = 9}, {.encoding_idx = 1, .ssrc = Ssrc{6}}});
  call.host.run();
  CHECK(call.ben.last("consumer:score") ==
        json::value{{"consumerId", call.consumer_id}, {"producerId", call.webcam}, {"score", 7}, {"producerScore", 9}});
  const json::value told = call.anna.last("producer:score");
  CHECK(text(told, "producerId") == call.webcam);
  const json::array& score = told.at("score").as_array();
  REQUIRE(score.size() == 2);
  CHECK(score[0].at("encodingIdx").to_number<int>() == 0);
  CHECK(score[0].at("ssrc").to_number<int>() == 5);
  CHECK(text(score[0], "rid") == "l");
  CHECK(score[0].at("score").to_number<int>() == 9);
  CHECK(score[1].at("score").to_number<int>() == 0);
  CHECK_FALSE(call.ben.got("producer:score"));
}

TEST_CASE("who is shown first gets the bandwidth first: spotlight, pinned, screen, the rest") {
  Call call;
  const std::string cleo = call.participant_id(call.cleo);
  const std::string cleos = call.consume_one(call.producer(call.cleo, "webcam"));
  const std::string screen = call.consume_one(call.producer(call.anna, "screen"));
  CHECK(int{call.consumer().priority()} == 1);
  CHECK(int{call.consumer(cleos).priority()} == 1);
  CHECK(int{call.consumer(screen).priority()} == 120);

  CHECK(call.ask(call.ben, "pin:user", {{"participantId", cleo}}).ok());
  CHECK(int{call.consumer(cleos).priority()} == 160);
  CHECK(call.consumer(cleos).insists());
  CHECK_FALSE(call.consumer().insists());
  CHECK(call.ask(call.anna, "participant:spotlight", {{"participantId", cleo}}).ok());
  CHECK(int{call.consumer(cleos).priority()} == 200);
  CHECK(call.ask(call.anna, "participant:spotlight", {{"participantId", nullptr}}).ok());
  CHECK(int{call.consumer(cleos).priority()} == 160);

  SUBCASE("a pin ends") {
    CHECK(call.ask(call.ben, "pin:user", {{"participantId", nullptr}}).ok());
    CHECK(int{call.consumer(cleos).priority()} == 1);
    CHECK_FALSE(call.consumer(cleos).insists());
  }
  SUBCASE("what the client says of a consumer goes before all that") {
    CHECK(call.ask(call.ben, "consumer:priority", {{"consumerId", cleos}, {"priority", 7}}).ok());
    CHECK(call.ask(call.anna, "participant:spotlight", {{"participantId", cleo}}).ok());
    CHECK(int{call.consumer(cleos).priority()} == 7);
  }
  SUBCASE("also for what is received later") {
    const std::string again = call.consume_one(call.producer(call.cleo, "webcam"));
    CHECK(int{call.consumer(again).priority()} == 160);
  }
  SUBCASE("only somebody who is there can be pinned") {
    CHECK(call.ask(call.ben, "pin:user", {{"participantId", "nobody"}}).code() == "NOT_FOUND");
    CHECK(call.ask(call.ben, "pin:user", {{"participantId", std::string(129, 'x')}}).code() == "INVALID_PAYLOAD");
    CHECK(int{call.consumer(cleos).priority()} == 160);
  }
}

TEST_CASE("a moderator puts one participant into the spotlight, for all") {
  Call call;
  const std::string cleo = call.participant_id(call.cleo);
  CHECK(call.ask(call.anna, "participant:spotlight", {{"participantId", cleo}}).ok());
  const json::value told{{"participantId", cleo}, {"by", call.participant_id(call.anna)}};
  for (FakeClient* client : {&call.anna, &call.ben, &call.cleo}) {
    CHECK(client->last("participant:spotlighted") == told);
  }
  CHECK(text(call.join(call.person("dora")).data(), "spotlight") == cleo);

  SUBCASE("once more is nothing new") {
    CHECK(call.ask(call.anna, "participant:spotlight", {{"participantId", cleo}}).ok());
    CHECK(call.ben.sent("participant:spotlighted").size() == 1);
  }
  SUBCASE("it ends when the moderator says so") {
    SUBCASE("of this participant") {
      CHECK(call.ask(call.anna, "participant:spotlight", {{"participantId", cleo}, {"enabled", false}}).ok());
    }
    SUBCASE("of whoever it is") { CHECK(call.ask(call.anna, "participant:spotlight", {}).ok()); }
    CHECK(call.ben.last("participant:spotlighted").at("participantId").is_null());
    CHECK(call.join(call.person("emil"))["spotlight"].is_null());
  }
  SUBCASE("taking it from somebody who has it not changes nothing") {
    const std::string ben = call.participant_id(call.ben);
    CHECK(call.ask(call.anna, "participant:spotlight", {{"participantId", ben}, {"enabled", false}}).ok());
    CHECK(call.ben.sent("participant:spotlighted").size() == 1);
  }
  SUBCASE("it ends with the participant") {
    call.host.call(call.cleo, "room:leave");
    CHECK(call.ben.last("participant:spotlighted") == json::value{{"participantId", nullptr}, {"by", nullptr}});
  }
  SUBCASE("others may not") {
    const Answer refused = call.ask(call.ben, "participant:spotlight", {{"participantId", nullptr}});
    CHECK(refused.code() == "PERMISSION_DENIED");
    CHECK(refused.details() == json::object{{"requiredRole", "co_host"}, {"currentRole", "attendee"}});
    CHECK(call.ask(call.anna, "participant:spotlight", {{"participantId", "nobody"}}).code() == "NOT_FOUND");
    CHECK(call.ben.sent("participant:spotlighted").size() == 1);
  }
}

TEST_CASE("who may move the spotlight is configuration") {
  Call call{{{"least_role", {{"spotlight", "attendee"}}}}};
  CHECK(call.ask(call.ben, "participant:spotlight", {{"participantId", call.participant_id(call.ben)}}).ok());
}
