// Who speaks, as a room tells it.

#include <doctest/doctest.h>

#include <chrono>

#include "tests/unit/plugins/videoroom/videoroom_fixture.h"

namespace sluice {
namespace {

using namespace std::chrono_literals;
using testing::FakeClient;

struct Speaking : testing::VideoRoomGateway {
  FakeClient& alice = member("alice");
  FakeClient& bob = member("bob");
  std::string alice_id = participant_id(alice);
  std::string bob_id = participant_id(bob);
  std::string alice_mic = producer(alice);
  std::string bob_mic = producer(bob);

  testing::FakeRouter& router() { return host.media().router(); }
  void lead(const std::string& producer_id, std::uint8_t minus_dbov = 27) {
    router().enter_dominant_speaker({.producer_id = producer_id, .minus_dbov = minus_dbov, .voice = true});
    host.media().run();
  }
  void levels(std::vector<SpeakerLevel> told) {
    router().enter_audio_levels(std::move(told));
    host.media().run();
  }
  testing::Answer watch(FakeClient& client, json::object data = {{"enabled", true}}) {
    return host.call(client, "speaker:levels", json::value(std::move(data)));
  }
  void clear() {
    alice.clear();
    bob.clear();
  }
};

}  // namespace

TEST_CASE_FIXTURE(Speaking, "who takes the lead is told to everybody, once") {
  lead(alice_mic);
  for (const FakeClient* client : {&alice, &bob}) {
    CHECK(client->last("speaker:active") == json::value{{"participantId", alice_id}, {"volume", 100}});
  }
  lead(alice_mic, 20);
  CHECK(bob.sent("speaker:active").size() == 1);
  lead(bob_mic);
  CHECK(testing::text(bob.last("speaker:active"), "participantId") == bob_id);
  lead({});
  CHECK(bob.last("speaker:active") == json::value{{"participantId", nullptr}, {"volume", 0}});
}

TEST_CASE_FIXTURE(Speaking, "who joins later is told who leads, and that nobody does once it has left") {
  CHECK(join(person("carol"))["activeSpeaker"].is_null());
  lead(alice_mic);
  CHECK(testing::text(join(person("dave"))["activeSpeaker"], "participantId") == alice_id);
  bob.clear();
  host.disconnect(alice);
  CHECK(bob.last("speaker:active").as_object().at("participantId").is_null());
  CHECK(join(person("erin"))["activeSpeaker"].is_null());
}

TEST_CASE_FIXTURE(Speaking, "a screen's sound is nobody's voice") {
  const std::string send = transport(alice, "send");
  const std::string screen{produce(alice, send, "screen")["producerId"].as_string()};
  CHECK(!host.media().producer(screen).speaks());
  CHECK(host.media().producer(alice_mic).speaks());
}

TEST_CASE_FIXTURE(Speaking, "levels go to those who asked, the loudest first, each participant once") {
  CHECK(router().levels_interval == 1s);  // plugins listen anyhow
  CHECK(watch(alice)["intervalMs"] == 500);
  CHECK(router().levels_interval == 500ms);
  const std::string second_mic = producer(bob);
  clear();
  levels({{.producer_id = bob_mic, .minus_dbov = 60, .voice = false},
          {.producer_id = alice_mic, .minus_dbov = 40, .voice = true},
          {.producer_id = second_mic, .minus_dbov = 30, .voice = true},
          {.producer_id = "gone", .minus_dbov = 1, .voice = true}});
  CHECK(
      alice.last("speaker:levels") ==
      json::value{{"levels", json::array{json::object{{"participantId", bob_id}, {"volume", 97}, {"voice", true}},
                                         json::object{{"participantId", alice_id}, {"volume", 87}, {"voice", true}}}}});
  CHECK(!bob.got("speaker:levels"));

  CHECK(watch(alice, {{"enabled", false}}).ok());
  CHECK(router().levels_interval == 1s);
  clear();
  levels({{.producer_id = bob_mic, .minus_dbov = 60, .voice = false}});
  CHECK(!alice.got("speaker:levels"));
}

TEST_CASE_FIXTURE(Speaking, "everybody gets levels at the pace that was asked for, and the end at once") {
  watch(alice, {{"enabled", true}, {"intervalMs", 250}});
  watch(bob, {{"enabled", true}, {"intervalMs", 1000}});
  CHECK(router().levels_interval == 250ms);
  for (int i = 0; i < 8; ++i) {
    levels({{.producer_id = alice_mic, .minus_dbov = 40, .voice = true}});
    host.advance(250ms);
  }
  CHECK(alice.sent("speaker:levels").size() == 8);
  CHECK(bob.sent("speaker:levels").size() == 2);
  clear();
  levels({});
  for (const FakeClient* client : {&alice, &bob}) {
    CHECK(client->last("speaker:levels") == json::value{{"levels", json::array{}}});
  }
}

TEST_CASE_FIXTURE(Speaking, "who is patient gets every few of the router's levels") {
  watch(alice, {{"enabled", true}, {"intervalMs", 3'000}});
  CHECK(router().levels_interval == 1s);
  for (int i = 0; i < 6; ++i) {
    levels({{.producer_id = bob_mic, .minus_dbov = 40, .voice = true}});
    host.advance(1s);
  }
  CHECK(alice.sent("speaker:levels").size() == 2);
}

TEST_CASE_FIXTURE(Speaking, "intervals are kept in bounds") {
  CHECK(watch(alice, {{"enabled", true}, {"intervalMs", 1}})["intervalMs"] == 200);
  CHECK(watch(alice, {{"enabled", true}, {"intervalMs", 3'600'000}})["intervalMs"] == 10'000);
  CHECK(watch(alice, {{"enabled", true}, {"intervalMs", -1}}).code() == "INVALID_PAYLOAD");
  CHECK(watch(alice, {{"intervalMs", 500}}).code() == "INVALID_PAYLOAD");
}

TEST_CASE_FIXTURE(Speaking, "a large crowd of subscribers gets fewer, and one event names a bounded number") {
  testing::VideoRoomGateway large{{{"max_participants", 2'000}}};
  std::vector<FakeClient*> crowd;
  for (int i = 0; i < 1'500; ++i) crowd.push_back(&large.member("user" + std::to_string(i)));
  json::value interval;
  for (FakeClient* client : crowd) {
    interval =
        large.host.call(*client, "speaker:levels", json::object{{"enabled", true}, {"intervalMs", 200}})["intervalMs"];
  }
  CHECK(interval == 300);
  std::vector<SpeakerLevel> told;
  for (int i = 0; i < 100; ++i) told.push_back({.producer_id = large.producer(*crowd[i]), .minus_dbov = 40});
  for (FakeClient* client : crowd) client->clear();
  large.host.media().router().enter_audio_levels(told);
  large.host.media().run();
  CHECK(crowd.back()->last("speaker:levels").as_object().at("levels").as_array().size() == 32);
}

TEST_CASE_FIXTURE(Speaking, "who leaves gets no levels any more") {
  watch(alice);
  host.call(alice, "room:leave", json::object{});
  CHECK(router().levels_interval == 1s);
  CHECK(watch(alice).code() == "NOT_IN_ROOM");
}

}  // namespace sluice
