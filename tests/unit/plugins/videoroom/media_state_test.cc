// What a participant sends, what is held of it, and what rosters show of both.

#include <doctest/doctest.h>

#include "moderation_fixture.h"

using namespace sluice;
using namespace sluice::testing;
using namespace std::chrono_literals;

namespace {

json::value media(bool audio, bool video, bool screen) {
  return json::value{{"audio", audio}, {"video", video}, {"screen", screen}};
}

/// A room in which the attendee sends everything there is.
struct Speech : Assembly {
  std::string transport_id = transport(anton, "send");
  FakeProducer& mic = of("mic");
  FakeProducer& camera = of("webcam");
  FakeProducer& screen = of("screen");

  Speech() { clear(); }
  FakeProducer& of(const std::string& source) {
    return host.media().producer(text(produce(anton, transport_id, source).data(), "producerId"));
  }
  Answer mute(const std::string& kind, const std::string& who = {}) {
    return ask(cora, "participant:mute", whom(who.empty() ? id(anton) : who, {{"kind", kind}}));
  }
  Answer ask_unmute(const std::string& kind) {
    return ask(cora, "participant:ask-unmute", whom(id(anton), {{"kind", kind}}));
  }
  Answer resume(const FakeProducer& producer) { return ask(anton, "producer:resume", {{"producerId", producer.id()}}); }
  std::vector<std::string> held() {
    const json::object participant = seen(anton);  // Named, so that it outlives the loop over its array
    std::vector<std::string> out;
    for (const json::value& kind : participant.at("muted").as_array()) out.emplace_back(kind.as_string());
    return out;
  }
};

}  // namespace

TEST_CASE("a moderator mutes a kind: it is not forwarded from then on, and all see it") {
  struct Case {
    const char* kind;
    bool mic, camera, screen;
  };
  constexpr Case kCases[] = {
      {"audio", true, false, false}, {"video", false, true, true}, {"screen", false, false, true}};
  for (const Case& one : kCases) {
    CAPTURE(one.kind);
    Speech speech;
    REQUIRE(speech.mute(one.kind).ok());
    CHECK(speech.mic.paused() == one.mic);
    CHECK(speech.camera.paused() == one.camera);
    CHECK(speech.screen.paused() == one.screen);
    CHECK(speech.anton.last("mute:remote") == json::value{{"kind", one.kind}, {"by", speech.id(speech.cora)}});
    const json::value seen = speech.vera.last("participant:updated").at("participant");
    CHECK(seen.at("muted") == json::value(json::array{one.kind}));
    CHECK(seen.at("media") == media(!one.mic, !one.camera, !one.screen));
    CHECK(speech.vera.got("producer:paused"));
    CHECK_FALSE(speech.vera.got("mute:remote"));
  }
}

TEST_CASE("a muted producer stays paused whatever its client does") {
  Speech speech;
  speech.mute("audio");
  const Answer refused = speech.resume(speech.mic);
  CHECK(refused.code() == "PERMISSION_DENIED");
  CHECK(refused.details() == json::object{{"muted", "audio"}});
  CHECK(speech.ask(speech.anton, "media:toggle", {{"source", "mic"}, {"enabled", true}}).code() == "PERMISSION_DENIED");
  CHECK(speech.ask(speech.anton, "mute:self", {{"muted", false}}).code() == "PERMISSION_DENIED");
  CHECK(speech.ask(speech.anton, "producer:pause", {{"producerId", speech.mic.id()}}).ok());
  CHECK(speech.resume(speech.mic).code() == "PERMISSION_DENIED");
  CHECK(speech.mic.paused());
  CHECK(speech.resume(speech.camera).ok());  // another kind

  // Another microphone, or one that calls itself the screen's sound.
  for (const char* source : {"mic", "screen"}) {
    CAPTURE(source);
    const Answer answer = speech.ask(speech.anton, "produce",
                                     {{"transportId", speech.transport_id},
                                      {"kind", "audio"},
                                      {"source", source},
                                      {"paused", false},
                                      {"rtpParameters", json::object{{"codecs", json::array{}}}}});
    REQUIRE(answer.ok());
    const FakeProducer& producer = speech.host.media().producer(text(answer.data(), "producerId"));
    CHECK(producer.paused());
    CHECK(speech.resume(producer).code() == "PERMISSION_DENIED");
    CHECK(speech.vera.last("producer:new").at("paused").as_bool());
  }
  // By SDP.
  speech.ask(speech.anton, "producer:close", {{"producerId", speech.mic.id()}});
  REQUIRE(speech.offer(speech.anton, Sections{}.sends_audio("0")).ok());
  CHECK(speech.vera.last("producer:new").at("paused").as_bool());
  for (const auto& [id, producer] : speech.host.media().producers) {
    if (producer->kind() == MediaKind::audio) CHECK(producer->paused());
  }
}

TEST_CASE("leaving and coming back does not lift a mute") {
  Speech speech;
  speech.mute("audio");
  speech.ask(speech.anton, "room:leave");
  const Answer joined = speech.join(speech.anton);
  CHECK(joined["self"].at("muted") == json::value(json::array{"audio"}));
  CHECK(speech.producer_of(speech.anton, "mic").paused());
  CHECK_FALSE(speech.producer_of(speech.anton, "webcam").paused());
}

TEST_CASE("to be asked to unmute lifts the hold; the client alone turns it on") {
  Speech speech;
  speech.mute("audio");
  speech.clear();
  REQUIRE(speech.ask_unmute("audio").ok());
  CHECK(speech.anton.last("unmute:requested") == json::value{{"kind", "audio"}, {"by", speech.id(speech.cora)}});
  CHECK(speech.mic.paused());
  CHECK(speech.held().empty());
  CHECK(speech.vera.last("participant:updated").at("participant").at("muted").as_array().empty());
  CHECK(speech.resume(speech.mic).ok());
  CHECK_FALSE(speech.mic.paused());
  CHECK(speech.vera.last("participant:updated").at("participant").at("media") == media(true, true, true));
}

TEST_CASE("who is not muted may be asked, too") {
  Speech speech;
  speech.ask(speech.anton, "mute:self", {{"muted", true}});
  speech.clear();
  CHECK(speech.ask_unmute("audio").ok());
  CHECK(speech.anton.got("unmute:requested"));
  CHECK_FALSE(speech.vera.got("participant:updated"));
}

TEST_CASE("a moderator lifts its own mute by resuming, and others' not") {
  Assembly assembly;
  FakeProducer& mic = assembly.producer_of(assembly.cora, "mic");
  assembly.ask(assembly.hanna, "participant:mute", whom(assembly.id(assembly.cora), {{"kind", "audio"}}));
  CHECK(mic.paused());
  CHECK(assembly.ask(assembly.cora, "producer:resume", {{"producerId", mic.id()}}).ok());
  CHECK_FALSE(mic.paused());
  CHECK(assembly.seen(assembly.cora)["muted"].as_array().empty());
}

TEST_CASE("all are muted at once, but who moderates; the room hears of it in one message") {
  Speech speech;
  FakeProducer& of_petra = speech.producer_of(speech.petra, "mic");
  FakeProducer& of_cora = speech.producer_of(speech.cora, "mic");
  FakeProducer& of_hanna = speech.producer_of(speech.hanna, "mic");
  speech.clear();
  REQUIRE(speech.mute("audio", "all").ok());
  CHECK(speech.mic.paused());
  CHECK(of_petra.paused());
  CHECK_FALSE(of_cora.paused());
  CHECK_FALSE(of_hanna.paused());
  CHECK(speech.vera.got("mute:remote"));
  CHECK_FALSE(speech.hanna.got("mute:remote"));
  CHECK_FALSE(speech.stranger.got("mute:remote"));
  speech.host.advance(500ms);
  CHECK_FALSE(speech.hanna.got("participant:updated"));
  REQUIRE(speech.hanna.sent("participants:changed").size() == 1);
  CHECK(speech.hanna.last("participants:changed").at("updated").as_array().size() == 3);
  speech.clear();
  speech.mute("audio", "all");  // they are already
  speech.host.advance(500ms);
  CHECK(speech.hanna.sent().empty());
  CHECK(speech.vera.sent().empty());
}

TEST_CASE("a plugin mutes and unmutes by the contract") {
  Speech speech;
  Participant& anton = speech.participant(speech.anton);
  anton.mute(MediaKind::video);
  CHECK(anton.muted(MediaKind::video));
  CHECK_FALSE(anton.muted(MediaKind::audio));
  CHECK(speech.camera.paused());
  CHECK(speech.anton.last("mute:remote") == json::value{{"kind", "video"}, {"by", nullptr}});
  CHECK(anton.sending().audio);
  CHECK_FALSE(anton.sending().video);
  anton.unmute(MediaKind::video);
  CHECK_FALSE(anton.muted(MediaKind::video));
  CHECK(speech.camera.paused());
}

TEST_CASE("media:toggle pauses and resumes all of a source; mute:self is its short form for the microphone") {
  Speech speech;
  CHECK(speech.ask(speech.anton, "media:toggle", {{"source", "webcam"}, {"enabled", false}}).ok());
  CHECK(speech.camera.paused());
  CHECK_FALSE(speech.mic.paused());
  CHECK(speech.vera.last("producer:paused").at("producerId") == json::value(speech.camera.id()));
  CHECK(speech.seen(speech.anton)["media"] == media(true, false, true));
  CHECK(speech.ask(speech.anton, "media:toggle", {{"source", "webcam"}, {"enabled", true}}).ok());
  CHECK_FALSE(speech.camera.paused());
  CHECK(speech.ask(speech.anton, "mute:self", {{"muted", true}}).ok());
  CHECK(speech.mic.paused());
  CHECK(speech.ask(speech.anton, "mute:self", {{"muted", false}}).ok());
  CHECK_FALSE(speech.mic.paused());

  CHECK(speech.ask(speech.vera, "media:toggle", {{"source", "mic"}, {"enabled", true}}).ok());  // nothing to turn on
  CHECK(speech.ask(speech.anton, "media:toggle", {{"source", "hat"}, {"enabled", true}}).code() == "INVALID_PAYLOAD");
  CHECK(speech.ask(speech.anton, "media:toggle", {{"source", "mic"}}).code() == "INVALID_PAYLOAD");
  CHECK(speech.ask(speech.anton, "mute:self").code() == "INVALID_PAYLOAD");
  FakeClient& outside = speech.person("outside");
  CHECK(speech.ask(outside, "mute:self", {{"muted", true}}).code() == "NOT_IN_ROOM");
}

TEST_CASE("rosters follow what is sent: one update for what one turn changes, none for what changes nothing") {
  Assembly assembly;
  const auto updates = [&] { return assembly.vera.sent("participant:updated").size(); };
  assembly.offer(assembly.anton, Sections{}.sends_audio("0").sends_video("1"));
  CHECK(updates() == 1);
  CHECK(assembly.vera.last("participant:updated").at("participant").at("media") == media(true, true, false));
  const std::string second = assembly.producer(assembly.anton, "mic");
  CHECK(updates() == 1);  // it was heard before
  assembly.ask(assembly.anton, "producer:close", {{"producerId", second}});
  CHECK(updates() == 1);
  assembly.ask(assembly.anton, "media:toggle", {{"source", "mic"}, {"enabled", false}});
  CHECK(updates() == 2);
  assembly.ask(assembly.anton, "media:toggle", {{"source", "mic"}, {"enabled", false}});
  CHECK(updates() == 2);
  assembly.offer(assembly.anton, Sections{});
  CHECK(updates() == 3);
  CHECK(assembly.seen(assembly.anton)["media"] == media(false, false, false));
}

TEST_CASE("a large room hears of media in its batches") {
  Assembly assembly{{{"batch_presence_above", 2}}};
  assembly.host.advance(1s);
  assembly.clear();
  assembly.producer(assembly.anton, "mic");
  assembly.producer(assembly.petra, "mic");
  CHECK_FALSE(assembly.vera.got("participants:changed"));
  assembly.host.advance(1s);
  CHECK_FALSE(assembly.vera.got("participant:updated"));
  REQUIRE(assembly.vera.sent("participants:changed").size() == 1);
  CHECK(assembly.vera.last("participants:changed").at("updated").as_array().size() == 2);
}
