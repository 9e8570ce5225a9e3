#include "tests/unit/plugins/recording/recording_gateway.h"

namespace sluice::testing {

namespace {

struct Lobby {
  explicit Lobby(json::object options = {}) : gateway{std::move(options)} {}
  Answer call(FakeClient& client, std::string_view event, const json::object& data = {}) {
    return gateway.host.call(client, event, json::value(data));
  }

  RecordingGateway gateway;
  FakeRoom& room = gateway.room();
  FakeClient& anna = gateway.join(room, "anna", Role::host);
  FakeClient& ben = gateway.join(room, "ben");
};

}  // namespace

TEST_CASE("a recording begins when its row is stored, and everybody in the room is told") {
  Lobby lobby;
  const Answer started = lobby.call(lobby.anna, "recording:start", {{"layout", "speaker"}, {"chat", false}});
  REQUIRE(started.ok());
  CHECK(started["state"] == "capturing");
  const std::string id{started["recordingId"].as_string()};
  CHECK(lobby.gateway.state(id) == "capturing");
  const json::value told = lobby.ben.last("recording:started");
  CHECK(told.at("recordingId") == json::value(id));
  CHECK(told.at("by") == "User anna");
  CHECK(told.at("consentRequired") == false);
  REQUIRE(lobby.gateway.captures.size() == 1);
  const auto& spec = lobby.gateway.captures[0]->spec;
  CHECK(spec.settings.layout == recording::Layout::speaker);
  CHECK_FALSE(spec.settings.chat);
  CHECK(spec.settings.title == "The lobby");
  CHECK(spec.folder == lobby.gateway.folder / ("recordings/sessions/" + id));
  CHECK(lobby.gateway.news == Names{"started"});
  CHECK(lobby.gateway.audits == Names{"recording.start by anna"});
}

TEST_CASE("who may not record is refused, whatever it asks for") {
  Lobby lobby;
  for (const char* event : {"recording:start", "recording:stop", "recording:pause", "recording:resume"}) {
    CAPTURE(event);
    CHECK(lobby.call(lobby.ben, event).code() == "PERMISSION_DENIED");
    CHECK(lobby.call(lobby.gateway.host.connect(user("eve")), event).code() == "NOT_IN_ROOM");
  }
  CHECK(lobby.call(lobby.ben, "recording:layout", {{"layout", "grid"}}).code() == "PERMISSION_DENIED");
  CHECK(lobby.gateway.captures.empty());
}

TEST_CASE("what cannot be recorded is refused before anything begins") {
  Lobby lobby;
  CHECK(lobby.call(lobby.anna, "recording:start", {{"layout", "mosaic"}}).code() == "INVALID_PAYLOAD");
  CHECK(lobby.call(lobby.anna, "recording:start", {{"retentionDays", -1}}).code() == "INVALID_PAYLOAD");
  CHECK(lobby.call(lobby.anna, "recording:start", {{"video", false}, {"audio", false}}).code() == "INVALID_PAYLOAD");
  CHECK(lobby.call(lobby.anna, "recording:start", {{"watermark", true}}).code() == "UNSUPPORTED");
  CHECK(lobby.gateway.captures.empty());
  CHECK(lobby.gateway.begin(lobby.anna) != "");
}

TEST_CASE("a room has one recording at a time") {
  Lobby lobby;
  const std::string id = lobby.gateway.begin(lobby.anna);
  const Answer second = lobby.call(lobby.anna, "recording:start");
  CHECK(second.code() == "CONFLICT");
  CHECK(second.details().at("recordingId") == json::value(id));
  lobby.call(lobby.anna, "recording:stop");
  CHECK(lobby.gateway.begin(lobby.anna) != id);
}

TEST_CASE("no more rooms are recorded than may be") {
  Lobby lobby{{{"max_recordings_at_once", 1}}};
  FakeRoom& other = lobby.gateway.room("other");
  FakeClient& carl = lobby.gateway.join(other, "carl", Role::host);
  lobby.gateway.begin(lobby.anna);
  const Answer refused = lobby.call(carl, "recording:start");
  CHECK(refused.code() == "LIMIT_EXCEEDED");
  CHECK(refused.details().at("limit") == 1);
  lobby.call(lobby.anna, "recording:stop");
  CHECK(lobby.call(carl, "recording:start").ok());
}

TEST_CASE("without free space no recording begins, and the answer says how much there is") {
  Lobby lobby{{{"least_free_mb", 100'000'000}}};
  const Answer refused = lobby.call(lobby.anna, "recording:start");
  CHECK(refused.code() == "LIMIT_EXCEEDED");
  CHECK(refused.message().find("MB free, a recording needs 100000000 MB") != std::string::npos);
  CHECK(lobby.gateway.captures.empty());
  CHECK(lobby.call(lobby.anna, "recording:stop").code() == "CONFLICT");
}

TEST_CASE("a capture that cannot begin leaves nothing that is listed") {
  Lobby lobby;
  lobby.gateway.capture_fails = true;
  CHECK(lobby.call(lobby.anna, "recording:start").code() == "INTERNAL");
  CHECK_FALSE(lobby.ben.got("recording:started"));
  CHECK(lobby.call(lobby.anna, "recording:list")["total"] == 0);
  lobby.gateway.capture_fails = false;
  CHECK(lobby.call(lobby.anna, "recording:start").ok());
}

TEST_CASE("a recording is paused, goes on and ends") {
  Lobby lobby;
  const std::string id = lobby.gateway.begin(lobby.anna);
  CHECK(lobby.call(lobby.anna, "recording:resume").code() == "CONFLICT");
  CHECK(lobby.call(lobby.anna, "recording:pause")["state"] == "paused");
  CHECK(lobby.gateway.state(id) == "paused");
  CHECK(lobby.ben.last("recording:paused").at("by") == "User anna");
  CHECK(lobby.call(lobby.anna, "recording:pause").code() == "CONFLICT");
  CHECK(lobby.call(lobby.anna, "recording:resume")["state"] == "capturing");
  CHECK(lobby.ben.last("recording:resumed").at("recordingId") == json::value(id));
  CHECK(lobby.call(lobby.anna, "recording:layout", {{"layout", "grid"}}).ok());
  CHECK(lobby.call(lobby.anna, "recording:stop")["state"] == "captured");
  CHECK(lobby.ben.last("recording:stopped").at("reason") == "stopped");
  CHECK(lobby.gateway.captures[0]->did == Names{"pause", "resume", "layout grid", "end stopped"});
  CHECK(lobby.gateway.news == Names{"started", "stopped", "started", "stopped"});
  CHECK(lobby.gateway.audits == Names{"recording.start by anna", "recording.pause by anna", "recording.resume by anna",
                                      "recording.stop by anna"});
  CHECK(lobby.call(lobby.anna, "recording:stop").code() == "CONFLICT");
}

TEST_CASE("a recording is produced once its files are closed, and those who were there are told") {
  Lobby lobby;
  lobby.gateway.ends_at_once = false;
  const std::string id = lobby.gateway.begin(lobby.anna);
  lobby.call(lobby.anna, "recording:stop");
  CHECK(lobby.gateway.host.jobs().started.empty());
  CHECK(lobby.call(lobby.anna, "recording:list")["recordings"].at(0).at("state") == "captured");
  lobby.gateway.captures[0]->ended();
  lobby.gateway.host.run();
  CHECK_FALSE(lobby.gateway.captures[0]->alive);
  REQUIRE(lobby.gateway.host.jobs().started.size() == 1);
  CHECK(lobby.gateway.state(id) == "producing");
  FakeClient& late = lobby.gateway.join(lobby.room, "late");

  lobby.gateway.produce();
  CHECK(lobby.gateway.state(id) == "ready");
  const json::value ready = lobby.ben.last("recording:ready");
  CHECK(ready.at("recordingId") == json::value(id));
  CHECK(ready.at("duration") == 90.0);
  CHECK(ready.at("url").as_string().starts_with("/api/recordings/" + id + "/file?ticket="));
  CHECK(lobby.anna.got("recording:ready"));
  CHECK_FALSE(late.got("recording:ready"));
  CHECK(lobby.gateway.news == Names{"started", "stopped", "ready ready"});
  CHECK_FALSE(lobby.gateway.exists("sessions/" + id));
  CHECK_FALSE(lobby.gateway.exists("output/" + id));
}

TEST_CASE("a room's list has what one was at, with addresses that are one's own") {
  Lobby lobby;
  const std::string id = lobby.gateway.ready(lobby.anna);
  const json::value mine = lobby.call(lobby.anna, "recording:list")["recordings"];
  REQUIRE(mine.as_array().size() == 1);
  CHECK(mine.at(0).at("recordingId") == json::value(id));
  CHECK(mine.at(0).at("state") == "ready");
  CHECK(mine.at(0).at("type") == "video");
  CHECK(mine.at(0).at("thumbnail").as_string().find("/files/thumbnail.jpg?ticket=") != std::string::npos);
  const json::value bens = lobby.call(lobby.ben, "recording:list")["recordings"];
  CHECK(bens.at(0).at("url") != mine.at(0).at("url"));
  CHECK(lobby.call(lobby.gateway.join(lobby.room, "late"), "recording:list")["total"] == 0);
  FakeRoom& elsewhere = lobby.gateway.room("elsewhere");
  CHECK(lobby.call(lobby.gateway.join(elsewhere, "anna"), "recording:list")["total"] == 0);
}

TEST_CASE("trouble with the disk is told to all; a full one ends the recording") {
  Lobby lobby;
  const std::string id = lobby.gateway.begin(lobby.anna);
  lobby.gateway.captures[0]->trouble(recording::CaptureTrouble::disk_slow, "the disk is slow");
  CHECK(lobby.ben.last("recording:status").at("trouble") == "disk_slow");
  CHECK(lobby.gateway.state(id) == "capturing");
  lobby.gateway.captures[0]->trouble(recording::CaptureTrouble::disk_full, "the disk is full");
  lobby.gateway.host.run();
  CHECK(lobby.ben.last("recording:status").at("message") == "the disk is full");
  CHECK(lobby.ben.last("recording:stopped").at("reason") == "disk_full");
  CHECK(lobby.gateway.captures[0]->did.back() == "end disk_full");
}

TEST_CASE("draining ends what runs, begins nothing, and waits until the files are closed") {
  Lobby lobby;
  lobby.gateway.ends_at_once = false;
  lobby.gateway.begin(lobby.anna);
  lobby.gateway.core->drain();
  CHECK_FALSE(lobby.gateway.core->drained());
  CHECK(lobby.call(lobby.anna, "recording:start").code() == "DRAINING");
  lobby.gateway.captures[0]->ended();
  lobby.gateway.host.run();
  CHECK(lobby.gateway.core->drained());
  CHECK(lobby.gateway.host.jobs().started.empty());  // the next start finds it
}

TEST_CASE("a gateway that stops lets go of captures, also of one whose row is being written") {
  Lobby lobby;
  lobby.gateway.ends_at_once = false;
  lobby.gateway.begin(lobby.anna);
  lobby.call(lobby.anna, "recording:stop");
  lobby.gateway.captures[0]->ended();
  lobby.gateway.begin(lobby.anna);
  lobby.gateway.core->stop();
  CHECK_FALSE(lobby.gateway.captures[0]->alive);
  CHECK_FALSE(lobby.gateway.captures[1]->alive);
}

}  // namespace sluice::testing
