#include "tests/unit/plugins/recording/recording_gateway.h"

namespace sluice::testing {

namespace {

struct Weekly {
  explicit Weekly() { gateway.host.bus().publish(MeetingStarted{gateway.meetings.info, room}); }
  HttpAnswer post(const std::string& verb, const Identity& who, const std::string& body = {}) {
    return gateway.part("recording", who, "recording/" + verb, body);
  }

  RecordingGateway gateway{{}, true};
  FakeRoom& room = gateway.room("meeting");
  FakeClient& anna = gateway.join(room, "anna");
};

}  // namespace

TEST_CASE("who manages a meeting records it, also from outside of its room") {
  Weekly weekly;
  const HttpAnswer started = weekly.post("start", user("cohost"), R"({"format": "mp3"})");
  REQUIRE(started.status() == 201);
  CHECK(started.body().at("data").at("type") == "audio");
  CHECK(weekly.anna.last("recording:started").at("by") == "User cohost");
  CHECK(weekly.gateway.meetings.figures.at("recording_active")(weekly.gateway.meetings.info) == json::value(true));
  CHECK(weekly.post("pause", user("cohost")).body().at("data").at("state") == "paused");
  CHECK(weekly.gateway.meetings.figures.at("recording_active")(weekly.gateway.meetings.info) == json::value(false));
  CHECK(weekly.post("resume", user("cohost")).status() == 200);
  CHECK(weekly.post("stop", user("cohost")).status() == 200);
  weekly.gateway.host.run();
  CHECK(weekly.gateway.meetings.figures.at("recording_duration")(weekly.gateway.meetings.info) == json::value(2));
  CHECK(weekly.post("start", user("cohost"), "[]").status() == 400);
}

TEST_CASE("a manager is bound by the policy of the meeting's room") {
  Weekly weekly;
  RecordingGateway::allow(weekly.room, Role::host);
  CHECK(weekly.post("start", user("cohost")).status() == 403);
  CHECK(weekly.post("start", user("host")).status() == 201);
  weekly.post("stop", user("host"));
  RecordingGateway::allow(weekly.room, std::nullopt);
  CHECK(weekly.post("start", user("host")).status() == 403);
}

TEST_CASE("a meeting that is not live is not recorded") {
  Weekly weekly;
  weekly.room.close("ended");
  CHECK(weekly.post("start", user("host")).status() == 409);
}

TEST_CASE("the meeting's list is for all who may see it; guests see what they were at") {
  Weekly weekly;
  const HttpAnswer started = weekly.post("start", user("host"));
  const std::string id{started.body().at("data").at("id").as_string()};
  weekly.post("stop", user("host"));
  weekly.gateway.host.run();
  weekly.gateway.produce();
  const HttpAnswer list = weekly.gateway.part("recordings", user("ben"), "recordings");
  REQUIRE(list.body().at("data").at("recordings").as_array().size() == 1);
  const json::value one = list.body().at("data").at("recordings").at(0);
  CHECK(one.at("id") == json::value(id));
  CHECK(one.at("meeting_id") == "meeting");
  CHECK(weekly.gateway.part("recordings", user("ben"), "recordings/" + id).status() == 200);
  CHECK(weekly.gateway.part("recordings", user("ben"), "recordings/other").status() == 404);
  // By the recording's own address it is the meetings' plugin that is asked.
  const char* const kOne = "/api/recordings/{id}";
  CHECK(weekly.gateway.rest("GET", kOne, user("ben"), {{"id", id}}).status() == 200);
  CHECK(weekly.gateway.rest("GET", kOne, user("eve"), {{"id", id}}).status() == 404);
  CHECK(weekly.gateway.rest("DELETE", kOne, user("ben"), {{"id", id}}).status() == 403);

  Identity guest = user("guest-9");
  guest.guest = true;
  FakeClient& stranger = weekly.gateway.host.connect(guest);
  weekly.room.join(stranger);
  CHECK(weekly.gateway.host.call(stranger, "recording:list")["total"] == 0);
  CHECK(weekly.gateway.host.call(weekly.gateway.join(weekly.room, "ben"), "recording:list")["total"] == 1);
  CHECK(weekly.gateway.rest("DELETE", kOne, user("cohost"), {{"id", id}}).status() == 200);
}

TEST_CASE("a deleted meeting takes its recordings with it, also the one that runs") {
  Weekly weekly;
  weekly.gateway.ends_at_once = false;
  const HttpAnswer started = weekly.post("start", user("host"));
  const std::string id{started.body().at("data").at("id").as_string()};
  weekly.gateway.host.bus().publish(MeetingDeleted{weekly.gateway.meetings.info});
  weekly.gateway.host.run();
  CHECK(weekly.gateway.state(id) == "deleted");
  CHECK(weekly.gateway.exists("sessions/" + id));  // its files are still open
  weekly.gateway.captures[0]->ended();
  weekly.gateway.host.run();
  weekly.gateway.host.run();
  CHECK(weekly.gateway.host.jobs().started.empty());
  CHECK_FALSE(weekly.gateway.exists("sessions/" + id));
}

}  // namespace sluice::testing
