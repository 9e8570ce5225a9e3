#include <doctest/doctest.h>

#include "videoroom_fixture.h"

using namespace sluice;
using namespace sluice::testing;

namespace {

/// Anna is the host, Ben an attendee; both could send.
struct Meeting : VideoRoomGateway {
  explicit Meeting(json::object options = {}) : VideoRoomGateway{std::move(options)} {
    anna.clear();
    ben.clear();
  }
  Answer start(FakeClient& client) { return host.call(client, "screenshare:start"); }
  Answer stop(FakeClient& client) { return host.call(client, "screenshare:stop"); }
  Answer share(FakeClient& client, const std::string& send, const char* kind = "video") {
    return host.call(client, "produce",
                     json::object{{"transportId", send},
                                  {"kind", kind},
                                  {"source", "screen"},
                                  {"rtpParameters", json::object{{"codecs", json::array{}}}}});
  }
  json::value started_by(const std::string& id) { return {{"participantId", id}}; }
  json::value stopped_by(const std::string& id, const char* reason) {
    return {{"participantId", id}, {"reason", reason}};
  }

  FakeClient& anna = member("anna");
  FakeClient& ben = member("ben");
  std::string anna_id = participant_id(anna);
  std::string ben_id = participant_id(ben);
  std::string anna_send = transport(anna, "send");
  std::string ben_send = transport(ben, "send");
};

}  // namespace

TEST_CASE("a share is told to the whole room, and to who comes later") {
  Meeting meeting;
  CHECK(meeting.join(meeting.person("early"))["screenShare"].is_null());
  CHECK(meeting.start(meeting.ben).ok());
  CHECK(meeting.anna.last("screenshare:started") == meeting.started_by(meeting.ben_id));
  CHECK(meeting.ben.last("screenshare:started") == meeting.started_by(meeting.ben_id));
  CHECK(meeting.join(meeting.person("late"))["screenShare"] == meeting.started_by(meeting.ben_id));

  CHECK(meeting.stop(meeting.ben).ok());
  CHECK(meeting.anna.last("screenshare:stopped") == meeting.stopped_by(meeting.ben_id, "stopped"));
  CHECK(meeting.ben.last("screenshare:stopped") == meeting.stopped_by(meeting.ben_id, "stopped"));
  CHECK(meeting.join(meeting.person("later"))["screenShare"].is_null());
}

TEST_CASE("starting or stopping twice is one start and one stop") {
  Meeting meeting;
  CHECK(meeting.start(meeting.ben).ok());
  CHECK(meeting.start(meeting.ben).ok());
  CHECK(meeting.share(meeting.ben, meeting.ben_send).ok());
  CHECK(meeting.stop(meeting.ben).ok());
  CHECK(meeting.stop(meeting.ben).ok());
  CHECK(meeting.anna.sent("screenshare:started").size() == 1);
  CHECK(meeting.anna.sent("screenshare:stopped").size() == 1);
}

TEST_CASE("while somebody shares, another's share is refused with who it is") {
  Meeting meeting;
  SUBCASE("somebody said so") { CHECK(meeting.start(meeting.ben).ok()); }
  SUBCASE("somebody just sends a screen") { CHECK(meeting.share(meeting.ben, meeting.ben_send).ok()); }
  const Answer start = meeting.start(meeting.anna);
  CHECK(start.code() == "CONFLICT");
  CHECK(start.details() == json::object{{"participantId", meeting.ben_id}});
  const Answer produce = meeting.share(meeting.anna, meeting.anna_send);
  CHECK(produce.code() == "CONFLICT");
  CHECK(produce.details() == json::object{{"participantId", meeting.ben_id}});
  CHECK(meeting.produce(meeting.anna, meeting.anna_send, "webcam").ok());  // a camera is no screen
  CHECK(meeting.anna.sent("screenshare:started").size() == 1);

  meeting.stop(meeting.anna);  // not hers to stop
  CHECK(meeting.start(meeting.anna).code() == "CONFLICT");
  meeting.stop(meeting.ben);
  CHECK(meeting.start(meeting.anna).ok());
}

TEST_CASE("each room has its own share") {
  Meeting meeting;
  FakeClient& eve = meeting.member("eve", "elsewhere");
  CHECK(meeting.start(meeting.ben).ok());
  CHECK_FALSE(eve.got("screenshare:started"));
  CHECK(meeting.start(eve).ok());
}

TEST_CASE("a share ends when the last producer of the screen closes, picture or sound") {
  Meeting meeting;
  const std::string video = text(meeting.share(meeting.ben, meeting.ben_send).data(), "producerId");
  const std::string audio = text(meeting.share(meeting.ben, meeting.ben_send, "audio").data(), "producerId");
  CHECK(text(meeting.anna.last("producer:new"), "kind") == "audio");
  CHECK(text(meeting.anna.last("producer:new"), "source") == "screen");
  meeting.produce(meeting.ben, meeting.ben_send, "webcam");

  meeting.host.call(meeting.ben, "producer:close", json::object{{"producerId", video}});
  CHECK_FALSE(meeting.anna.got("screenshare:stopped"));
  SUBCASE("its owner closed it") {
    meeting.host.call(meeting.ben, "producer:close", json::object{{"producerId", audio}});
  }
  SUBCASE("the client said BYE") {
    meeting.host.media().producer(audio).end();
    meeting.host.run();
  }
  CHECK(meeting.anna.last("screenshare:stopped") == meeting.stopped_by(meeting.ben_id, "ended"));
  CHECK(meeting.start(meeting.anna).ok());
}

TEST_CASE("a share ends when the sharer leaves, whichever way") {
  Meeting meeting;
  SUBCASE("with a screen") {
    meeting.share(meeting.ben, meeting.ben_send);
    meeting.host.call(meeting.ben, "room:leave");
    CHECK_FALSE(meeting.ben.got("screenshare:stopped"));
  }
  SUBCASE("before there was a screen") {
    meeting.start(meeting.ben);
    meeting.host.call(meeting.ben, "room:leave");
  }
  SUBCASE("by a broken connection") {
    meeting.share(meeting.ben, meeting.ben_send);
    meeting.host.disconnect(meeting.ben);
  }
  CHECK(meeting.anna.last("screenshare:stopped") == meeting.stopped_by(meeting.ben_id, "left"));
  CHECK(meeting.anna.sent("screenshare:stopped").size() == 1);
  CHECK(meeting.start(meeting.anna).ok());
}

TEST_CASE("stopping closes the screen's producers and nothing else") {
  Meeting meeting;
  meeting.share(meeting.ben, meeting.ben_send);
  meeting.share(meeting.ben, meeting.ben_send, "audio");
  const std::string camera = meeting.producer(meeting.ben, "webcam");
  meeting.stop(meeting.ben);
  CHECK(meeting.anna.sent("producer:closed").size() == 2);
  CHECK(meeting.anna.sent("screenshare:stopped").size() == 1);
  meeting.host.run();
  CHECK(meeting.host.media().producers.size() == 1);
  CHECK_FALSE(meeting.host.media().producer(camera).closed());
}

TEST_CASE("a screen that could not be produced begins no share") {
  Meeting meeting;
  CHECK(meeting.share(meeting.ben, "nothing").code() == "NOT_FOUND");
  CHECK_FALSE(meeting.anna.got("screenshare:started"));
  CHECK(meeting.start(meeting.anna).ok());
}

TEST_CASE("a role may be too low to share") {
  Meeting meeting{{{"least_role", {{"share_screen", "presenter"}}}}};
  const Answer refused = meeting.start(meeting.ben);
  CHECK(refused.code() == "PERMISSION_DENIED");
  CHECK(refused.details() == json::object{{"requiredRole", "presenter"}, {"currentRole", "attendee"}});
  CHECK(meeting.share(meeting.ben, meeting.ben_send).code() == "PERMISSION_DENIED");
  CHECK(meeting.start(meeting.anna).ok());
  CHECK(meeting.start(meeting.person("nobody")).code() == "NOT_IN_ROOM");
}

TEST_CASE("where the options allow it, several share at once; a reload that forbids it stops nobody") {
  Meeting meeting{{{"single_screen_share", false}}};
  CHECK(meeting.start(meeting.ben).ok());
  CHECK(meeting.share(meeting.anna, meeting.anna_send).ok());
  CHECK(meeting.join(meeting.person("cleo"))["screenShare"] == meeting.started_by(meeting.ben_id));

  meeting.plugin->reconfigure(Config{json::value(json::object{})});
  FakeClient& dave = meeting.member("dave");
  CHECK(meeting.start(dave).details() == json::object{{"participantId", meeting.ben_id}});
  CHECK(meeting.share(meeting.anna, meeting.anna_send, "audio").ok());  // she shares already
  meeting.stop(meeting.ben);
  CHECK(meeting.start(dave).details() == json::object{{"participantId", meeting.anna_id}});
  CHECK_FALSE(dave.got("screenshare:started"));
}
