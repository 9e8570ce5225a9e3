// Clients that take no offers: their sections are slots.

#include <doctest/doctest.h>

#include "sdp_fixture.h"

using namespace sluice;
using namespace sluice::testing;

namespace {

struct Player : SdpGateway {
  explicit Player(json::object options = {}) : SdpGateway{std::move(options)} {}
  Answer play(json::object more = {}, const Sections& sections = Sections{}.receives_audio("a").receives_video("v")) {
    more["fixed"] = true;
    return offer(viewer, sections, std::move(more));
  }
  Publisher anna = publisher("anna");
  Publisher ben = publisher("ben");
  FakeClient& viewer = member("viewer");
};

}  // namespace

TEST_CASE("all slots are answered as tracks at once, filled or not, and no offer is ever made") {
  Player player;
  REQUIRE(player.play().ok());
  const FakeDescription& answer = player.session().answers.at(0);
  CHECK(answer.track_mids() == Names{"a", "v"});
  CHECK(answer.tracks[0].stream_id == "lobby");
  CHECK_FALSE(player.viewer.got("sdp:tracks"));

  const std::string mic = player.publish(player.anna, "mic");
  CHECK(SdpGateway::tracks(player.viewer) == Names{"a=" + mic});
  const std::string webcam = player.publish(player.anna, "webcam");
  CHECK(SdpGateway::tracks(player.viewer) == Names{"a=" + mic, "v=" + webcam});
  player.unpublish(player.anna, mic);
  CHECK(SdpGateway::tracks(player.viewer) == Names{"v=" + webcam});
  CHECK_FALSE(player.viewer.got("sdp:offer"));
  CHECK(player.host.media().consumers.size() == 2);
}

TEST_CASE("a slot keeps its producer until that one ends; then it takes the oldest that is not shown") {
  Player player;
  const std::string first = player.publish(player.anna, "webcam");
  const std::string second = player.publish(player.ben, "webcam");
  const std::string third = player.publish(player.anna, "screen");
  player.play();
  CHECK(SdpGateway::tracks(player.viewer) == Names{"v=" + first});
  player.unpublish(player.ben, second);
  CHECK(SdpGateway::tracks(player.viewer) == Names{"v=" + first});
  player.unpublish(player.anna, first);
  CHECK(SdpGateway::tracks(player.viewer) == Names{"v=" + third});
}

TEST_CASE("picture and sound are of one participant where that is possible") {
  Player player;
  const std::string anna_webcam = player.publish(player.anna, "webcam");
  const std::string ben_mic = player.publish(player.ben, "mic");
  const std::string ben_webcam = player.publish(player.ben, "webcam");
  SUBCASE("sound first") {
    player.play();
    CHECK(SdpGateway::tracks(player.viewer) == Names{"a=" + ben_mic, "v=" + ben_webcam});
  }
  SUBCASE("picture first") {
    const std::string anna_mic = player.publish(player.anna, "mic");
    player.play({}, Sections{}.receives_video("v").receives_audio("a"));
    CHECK(SdpGateway::tracks(player.viewer) == Names{"v=" + anna_webcam, "a=" + anna_mic});
  }
}

TEST_CASE("several slots of a kind show several producers") {
  Player player;
  const std::string one = player.publish(player.anna, "webcam");
  const std::string two = player.publish(player.ben, "webcam");
  player.play({}, Sections{}.receives_video("x").receives_video("y"));
  CHECK(SdpGateway::tracks(player.viewer) == Names{"x=" + one, "y=" + two});
}

TEST_CASE("a participant that is not in the room cannot be asked for") {
  SdpGateway gateway;
  FakeClient& viewer = gateway.member("viewer");
  const Answer answer =
      gateway.offer(viewer, Sections{}.receives_video("v"), {{"fixed", true}, {"participantId", "nobody"}});
  CHECK(answer.code() == "NOT_FOUND");
  CHECK(gateway.host.media().transports.empty());
}

TEST_CASE("a participant that publishes nothing yet is waited for") {
  Player player;
  player.publish(player.anna, "webcam");
  player.play({{"participantId", player.participant_id(player.ben.client)}});
  CHECK_FALSE(player.viewer.got("sdp:tracks"));
  const std::string webcam = player.publish(player.ben, "webcam");
  CHECK(SdpGateway::tracks(player.viewer) == Names{"v=" + webcam});
  player.host.call(player.ben.client, "room:leave");
  CHECK(SdpGateway::tracks(player.viewer).empty());
}

TEST_CASE("a producer that a slot cannot carry is passed over") {
  Player player;
  player.play();
  player.host.media().anything_can_be_consumed = false;
  player.publish(player.anna, "webcam");
  CHECK_FALSE(player.viewer.got("sdp:tracks"));
  player.host.media().anything_can_be_consumed = true;
  player.publish(player.ben, "mic");
  CHECK(SdpGateway::tracks(player.viewer).size() == 2);  // tried again
}

TEST_CASE("a pause is told") {
  Player player;
  const std::string webcam = player.publish(player.anna, "webcam");
  player.play();
  player.host.call(player.anna.client, "producer:pause", json::object{{"producerId", webcam}});
  CHECK(player.viewer.last("sdp:tracks").at("tracks").as_array()[0].at("paused") == json::value(true));
}

TEST_CASE("slots count as consumers") {
  Player player{{{"consumers_per_participant", 1}}};
  CHECK(player.play().code() == "LIMIT_EXCEEDED");
  CHECK(player.host.media().consumers.empty());
  CHECK(player.host.media().sdp.sessions.empty());
  CHECK(player.play({}, Sections{}.receives_video("v")).ok());
}

TEST_CASE("a publisher that takes no offers and does not subscribe has no slots filled") {
  Player player;
  player.publish(player.anna, "webcam");
  player.play({{"subscribe", false}}, Sections{}.sends_audio("s").receives_video("v"));
  CHECK_FALSE(player.viewer.got("sdp:tracks"));
  CHECK(player.session().answers.at(0).accepted == Names{"s"});
}
