// What the room tells plugins of its media, and the taps that it gives them.

#include "sluice/contracts/media_taps.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "sdp_fixture.h"

namespace sluice {
namespace {

using testing::Answer;
using testing::FakeClient;

std::string describe(const PublishedTrack& track) {
  const json::value source = to_json(track.source);
  return std::string{to_string(track.kind)} + " " + std::string{source.as_string()} + (track.paused ? " paused" : "");
}

/// Outlives the gateway, whose end is heard, too.
struct Heard {
  std::vector<std::string> told;
  std::function<void(const TrackPublished&)> on_published;
  std::function<void(const TrackChanged&)> on_changed;
  std::function<void(const TrackEnded&)> on_ended;
  std::function<void(const SpeakerChanged&)> on_speaker;
};

/// What a plugin hears, and that what it hears of is so.
struct Listening : Heard, testing::SdpGateway {
  explicit Listening(json::object options = {}) : SdpGateway{std::move(options)} {
    host.bus().on<TrackPublished>([this](const TrackPublished& event) {
      hear("published", event.room, event.track);
      CHECK(is_there(event.room, event.track));
      if (on_published) on_published(event);
    });
    host.bus().on<TrackChanged>([this](const TrackChanged& event) {
      hear("changed", event.room, event.track);
      CHECK(is_there(event.room, event.track));
      if (on_changed) on_changed(event);
    });
    host.bus().on<TrackEnded>([this](const TrackEnded& event) {
      hear("ended", event.room, event.track);
      CHECK_FALSE(is_there(event.room, event.track));
      if (on_ended) on_ended(event);
    });
    host.bus().on<SpeakerChanged>([this](const SpeakerChanged& event) {
      const Participant* now = taps().dominant_speaker(event.room);
      CHECK((now == nullptr ? "" : now->id()) == event.participant_id);
      told.push_back("speaker " + (event.participant_id.empty() ? "nobody" : name_of(event.participant_id)));
      if (on_speaker) on_speaker(event);
    });
    host.bus().on<ParticipantLeft>([this](const ParticipantLeft&) { told.emplace_back("left"); });
    host.bus().on<RoomClosed>([this](const RoomClosed& event) {
      told.emplace_back("closed");
      CHECK(taps().tracks(event.room).empty());
    });
  }

  void hear(std::string_view what, const Room& room, const PublishedTrack& track) {
    CHECK(room.id() == "lobby");
    told.push_back(std::string{what} + " " + describe(track));
  }
  bool is_there(Room& room, const PublishedTrack& track) {
    const std::vector<PublishedTrack> tracks = taps().tracks(room);
    return std::ranges::any_of(tracks, [&](const PublishedTrack& one) {
      return one.producer_id == track.producer_id && one.participant_id == track.participant_id &&
             one.paused == track.paused;
    });
  }
  std::string name_of(std::string_view id) {
    Participant* found = room().find(id);
    return found == nullptr ? "who has gone" : found->name();
  }
  MediaTaps& taps() { return *host.services().require<MediaTaps>(); }
  Room& room() { return *rooms().find("", "lobby"); }
  Participant& participant(FakeClient& client) { return rooms().participant_of(client); }
  std::vector<std::string> take_told() { return std::exchange(told, {}); }
  void lead(const std::string& producer_id) {
    host.media().router().enter_dominant_speaker({.producer_id = producer_id, .minus_dbov = 27, .voice = true});
    host.media().run();
  }
};

using Told = std::vector<std::string>;

struct Anna : Listening {
  using Listening::Listening;
  FakeClient& anna = member("anna");
};

}  // namespace

TEST_CASE_FIXTURE(Anna, "tracks are told as they come, change and go, and listed by age") {
  const std::string transport_id = transport(anna, "send");
  const std::string mic{produce(anna, transport_id)["producerId"].as_string()};
  produce(anna, transport_id, "webcam", {{"paused", true}});
  const std::string screen{produce(anna, transport_id, "screen")["producerId"].as_string()};
  CHECK(take_told() == Told{"published audio mic", "published video webcam paused", "published video screen"});
  const auto tracks = taps().tracks(room());
  REQUIRE(tracks.size() == 3);
  CHECK(tracks[0].producer_id == mic);
  CHECK(tracks[0].participant_id == participant_id(anna));
  CHECK(tracks[2].producer_id == screen);

  host.call(anna, "producer:pause", json::object{{"producerId", mic}});
  host.call(anna, "producer:pause", json::object{{"producerId", mic}});
  host.call(anna, "media:toggle", json::object{{"source", "webcam"}, {"enabled", true}});
  host.call(anna, "mute:self", json::object{{"muted", false}});
  CHECK(take_told() == Told{"changed audio mic paused", "changed video webcam", "changed audio mic"});
  host.call(anna, "producer:close", json::object{{"producerId", mic}});
  host.call(anna, "screenshare:stop");
  host.media().producer(taps().tracks(room()).front().producer_id).end();
  host.run();
  CHECK(take_told() == Told{"ended audio mic", "ended video screen", "ended video webcam"});
  CHECK(taps().tracks(room()).empty());
}

TEST_CASE_FIXTURE(Anna, "the codec of a track is that of its media, not of what repairs it") {
  const json::array codecs{json::object{{"mimeType", "audio/red"}, {"payloadType", 63}, {"clockRate", 48000}},
                           json::object{{"mimeType", "audio/opus"}, {"payloadType", 111}, {"clockRate", 48000}}};
  const Answer made = host.call(anna, "produce",
                                json::object{{"transportId", transport(anna, "send")},
                                             {"kind", "audio"},
                                             {"source", "mic"},
                                             {"rtpParameters", json::object{{"codecs", codecs}}}});
  REQUIRE(made.ok());
  CHECK(taps().tracks(room()).front().mime_type == "audio/opus");
}

TEST_CASE_FIXTURE(Anna, "who speaks SDP publishes like everybody") {
  REQUIRE(offer(anna, testing::Sections{}.sends_audio("0").sends_video("1")).ok());
  CHECK(take_told() == Told{"published audio mic", "published video webcam"});
  REQUIRE(offer(anna, testing::Sections{}.sends_video("1")).ok());
  CHECK(take_told() == Told{"ended audio mic"});
}

TEST_CASE_FIXTURE(Anna, "a mute by a moderator changes the tracks that it holds") {
  FakeClient& cora = member("cora");
  participant(cora).set_role(Role::host);
  producer(anna);
  producer(anna, "webcam");
  take_told();
  REQUIRE(host.call(cora, "participant:mute", json::object{{"participantId", participant_id(anna)}, {"kind", "audio"}})
              .ok());
  CHECK(take_told() == Told{"changed audio mic paused"});
  participant(anna).mute(MediaKind::video);
  CHECK(take_told() == Told{"changed video webcam paused"});
  producer(anna, "webcam");
  CHECK(take_told() == Told{"published video webcam paused"});
}

TEST_CASE_FIXTURE(Anna, "the tracks of who leaves end before it has left, and those of a room before it has closed") {
  producer(anna);
  producer(anna, "webcam");
  take_told();
  SUBCASE("somebody leaves") {
    host.call(anna, "room:leave");
    const Told heard = take_told();
    REQUIRE(heard.size() == 3);
    CHECK(heard.back() == "left");
  }
  SUBCASE("the room is closed") {
    room().close("test");
    const Told heard = take_told();
    REQUIRE(heard.size() == 4);
    CHECK(heard[2] == "left");
    CHECK(heard[3] == "closed");
  }
}

TEST_CASE_FIXTURE(Anna, "a tap is of the room's own router and of a track in this room") {
  const std::string mic = producer(anna);
  const auto tap = taps().tap(room(), {.producer_id = mic, .paused = true});
  CHECK(tap->producer_id() == mic);
  CHECK(tap->paused());
  const auto code_of = [&](Room& in, const std::string& id) {
    try {
      static_cast<void>(taps().tap(in, {.producer_id = id}));
    } catch (const Error& error) {
      return error.code();
    }
    return ErrorCode::internal;
  };
  CHECK(code_of(room(), "nobody") == ErrorCode::not_found);
  member("bob", "elsewhere");
  CHECK(code_of(*rooms().find("", "elsewhere"), mic) == ErrorCode::not_found);
  host.call(anna, "producer:close", json::object{{"producerId", mic}});
  CHECK(code_of(room(), mic) == ErrorCode::not_found);
}

TEST_CASE_FIXTURE(Anna, "who leads is told when it changes, and that nobody does when it leaves") {
  FakeClient& bob = member("bob");
  const std::string mic = producer(anna);
  const std::string other = producer(bob);
  take_told();
  CHECK(taps().dominant_speaker(room()) == nullptr);
  lead(mic);
  lead(mic);
  lead(other);
  CHECK(taps().dominant_speaker(room()) == &participant(bob));
  CHECK(take_told() == Told{"speaker anna", "speaker bob"});
  host.call(bob, "room:leave");
  CHECK(take_told() == Told{"ended audio mic", "speaker nobody", "left"});
  CHECK(taps().dominant_speaker(room()) == nullptr);
}

TEST_CASE_FIXTURE(Anna, "a plugin may take the participant away whatever it hears of") {
  FakeClient& bob = member("bob");
  const auto remove = [this](const Room& in, const std::string& id) {
    CHECK(&in == &room());
    if (Participant* found = room().find(id)) found->remove("test");
  };
  SUBCASE("published") {
    on_published = [&](const TrackPublished& event) { remove(event.room, event.track.participant_id); };
    CHECK(offer(anna, testing::Sections{}.sends_audio("0").sends_video("1")).code() == "NOT_IN_ROOM");
    CHECK(take_told() == Told{"published audio mic", "ended audio mic", "left"});
  }
  SUBCASE("published by a client that has offered before") {
    REQUIRE(offer(anna, testing::Sections{}.sends_audio("0")).ok());
    take_told();
    on_published = [&](const TrackPublished& event) { remove(event.room, event.track.participant_id); };
    CHECK(offer(anna, testing::Sections{}.sends_audio("0").sends_video("1")).code() == "NOT_IN_ROOM");
    CHECK(std::ranges::count(told, "left") == 1);
  }
  SUBCASE("ended by an offer") {
    REQUIRE(offer(anna, testing::Sections{}.sends_audio("0")).ok());
    take_told();
    on_ended = [&](const TrackEnded& event) { remove(event.room, event.track.participant_id); };
    CHECK_FALSE(offer(anna, testing::Sections{}.sends(std::string{"0"}, MediaKind::audio, 77).sends_video("1")).ok());
    CHECK(std::ranges::count(told, "left") == 1);
  }
  SUBCASE("changed") {
    producer(anna);
    producer(anna);
    on_changed = [&](const TrackChanged& event) { remove(event.room, event.track.participant_id); };
    take_told();
    host.call(anna, "media:toggle", json::object{{"source", "mic"}, {"enabled", false}});
    CHECK(take_told().size() == 4);
  }
  SUBCASE("ended") {
    const std::string mic = producer(anna);
    producer(anna, "webcam");
    on_ended = [&](const TrackEnded& event) { remove(event.room, event.track.participant_id); };
    take_told();
    host.call(anna, "producer:close", json::object{{"producerId", mic}});
    CHECK(take_told() == Told{"ended audio mic", "ended video webcam", "left"});
  }
  SUBCASE("ended, since it leaves") {
    producer(anna);
    producer(anna, "webcam");
    on_ended = [&](const TrackEnded& event) { remove(event.room, event.track.participant_id); };
    take_told();
    host.call(anna, "room:leave");
    CHECK(std::ranges::count(told, "left") == 1);
  }
  SUBCASE("leads") {
    const std::string mic = producer(anna);
    on_speaker = [&](const SpeakerChanged& event) { remove(event.room, std::string{event.participant_id}); };
    lead(mic);
    CHECK(std::ranges::count(told, "left") == 1);
  }
  host.run();
  CHECK(room().size() == 1);
  CHECK(taps().tracks(room()).empty());
  CHECK(rooms().participant_of(bob).name() == "bob");
}

}  // namespace sluice
