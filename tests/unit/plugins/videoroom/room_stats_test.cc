// The statistics of a room by participant, as plugins ask for them.

#include "sluice/contracts/room_stats.h"

#include <doctest/doctest.h>

#include "tests/unit/plugins/videoroom/videoroom_fixture.h"

namespace sluice {
namespace {

using testing::FakeClient;

using Answer = std::optional<std::vector<ParticipantMediaStats>>;

struct Asking : testing::VideoRoomGateway {
  RoomStats& stats() { return *host.services().require<RoomStats>(); }
  Room& room() { return *rooms().find("", "lobby"); }
  RouterStats& told() { return host.media().router().router_stats; }
  void ask(Answer& answer) {
    stats().collect(room(), [&answer](std::vector<ParticipantMediaStats> told) { answer = std::move(told); });
  }
  static TransportStats transport_of(std::uint64_t bytes) {
    TransportStats stats;
    stats.bytes_received = bytes;
    return stats;
  }
  static RtpStreamStats stream_of(std::uint32_t ssrc) {
    RtpStreamStats stats;
    stats.ssrc = Ssrc{ssrc};
    return stats;
  }

  FakeClient& anna = member("anna");
  FakeClient& ben = member("ben");
};

}  // namespace

TEST_CASE_FIXTURE(Asking, "one question to the workers tells of everybody, in the order of arrival") {
  const std::string send = transport(anna, "send");
  const std::string receive = transport(anna, "recv");
  const std::string mic{produce(anna, send)["producerId"].as_string()};
  const std::string camera{produce(anna, send, "webcam", {{"paused", true}})["producerId"].as_string()};
  const std::string other = transport(ben, "send");
  told().transports = {
      {other, transport_of(3)}, {receive, transport_of(2)}, {send, transport_of(1)}, {"gone", transport_of(9)}};
  told().producers = {{camera, {stream_of(7), stream_of(8)}}, {"gone", {stream_of(9)}}};

  Answer answer;
  ask(answer);
  CHECK_FALSE(answer);
  host.run();
  REQUIRE(answer);
  REQUIRE(answer->size() == 2);
  const ParticipantMediaStats& first = answer->at(0);
  CHECK(first.participant_id == participant_id(anna));
  REQUIRE(first.transports.size() == 2);
  CHECK(first.transports[0].bytes_received + first.transports[1].bytes_received == 3);
  REQUIRE(first.tracks.size() == 2);
  const bool mic_first = first.tracks[0].track.producer_id == mic;
  const auto& audio = first.tracks[mic_first ? 0 : 1];
  const auto& video = first.tracks[mic_first ? 1 : 0];
  CHECK(audio.streams.empty());
  CHECK(video.track.producer_id == camera);
  CHECK(video.track.paused);
  REQUIRE(video.streams.size() == 2);
  CHECK(video.streams[1].ssrc == Ssrc{8});
  CHECK(answer->at(1).participant_id == participant_id(ben));
  REQUIRE(answer->at(1).transports.size() == 1);
  CHECK(answer->at(1).transports[0].bytes_received == 3);
  CHECK(answer->at(1).tracks.empty());
  CHECK_FALSE(host.media().router().stats_wanted.consumers);
}

TEST_CASE_FIXTURE(Asking, "who has come and gone meanwhile is told of as it is when the answer comes") {
  Answer answer;
  ask(answer);
  host.events().call(ben, "room:leave", json::object{});
  FakeClient& cora = person("cora");
  host.events().call(cora, "room:join", json::object{{"roomId", "lobby"}});
  host.run();
  REQUIRE(answer);
  REQUIRE(answer->size() == 2);
  CHECK(answer->at(0).participant_id == participant_id(anna));
  CHECK(answer->at(1).participant_id == participant_id(cora));
}

TEST_CASE_FIXTURE(Asking, "a room that closes is not told of any more") {
  Answer answer;
  ask(answer);
  room().close("test");
  SUBCASE("nor is") { host.run(); }
  SUBCASE("the next one of its name instead") { member("cora"); }
  CHECK_FALSE(answer);
}

TEST_CASE_FIXTURE(Asking, "a question in the middle of a room's end has no answer") {
  Answer answer;
  host.bus().on<RoomClosed>([&](const RoomClosed& event) {
    stats().collect(event.room, [&](std::vector<ParticipantMediaStats> told) { answer = std::move(told); });
  });
  room().close("test");
  host.run();
  CHECK_FALSE(answer);
}

}  // namespace sluice
