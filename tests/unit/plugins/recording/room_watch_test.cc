#include "tests/unit/plugins/recording/recording_gateway.h"

using namespace std::chrono_literals;

namespace sluice::testing {

namespace {

void say(RecordingGateway& gateway, FakeRoom& room, const std::string& text, const std::string& to = "all",
         const std::string& who = "anna") {
  gateway.host.bus().publish(ChatMessageSent{.room = room,
                                             .participant_id = "p-" + who,
                                             .user_id = who,
                                             .name = who == "anna" ? "Anna" : "Ben",
                                             .message_id = "1",
                                             .type = "text",
                                             .recipient = to,
                                             .text = text});
}

}  // namespace

TEST_CASE("who comes later is told that it is recorded, and whether it is paused") {
  RecordingGateway gateway;
  FakeRoom& room = gateway.room();
  FakeClient& anna = gateway.join(room, "anna", Role::host);
  gateway.begin(anna);
  CHECK(gateway.join(room, "ben").got("recording:started"));
  gateway.host.call(anna, "recording:pause");
  CHECK(gateway.join(room, "carl").last("recording:paused").at("by") == "User anna");
  gateway.host.call(anna, "recording:stop");
  CHECK_FALSE(gateway.join(room, "dora").got("recording:started"));
}

TEST_CASE("an empty room is recorded for a while, and then not any more") {
  RecordingGateway gateway{{{"empty_after_s", 30}}};
  FakeRoom& room = gateway.room();
  FakeClient& anna = gateway.join(room, "anna", Role::host);
  gateway.begin(anna);
  room.leave(*room.find("p-anna"));
  gateway.host.advance(29s);
  gateway.join(room, "ben");
  gateway.host.advance(60s);
  CHECK(gateway.captures[0]->did.empty());
  room.leave(*room.find("p-ben"));
  gateway.host.advance(30s);
  CHECK(gateway.captures[0]->did == Names{"end empty"});
}

TEST_CASE("a recording ends with its room, and after the longest time") {
  RecordingGateway gateway{{{"max_duration_minutes", 60}}};
  FakeRoom& room = gateway.room();
  const std::string id = gateway.begin(gateway.join(room, "anna", Role::host));
  room.close("closed");
  gateway.host.run();
  CHECK(gateway.captures[0]->did == Names{"end room_closed"});
  CHECK(gateway.state(id) == "producing");
  FakeRoom& other = gateway.room("other");
  gateway.begin(gateway.join(other, "anna", Role::host));
  gateway.host.advance(60min);
  CHECK(gateway.captures[1]->did == Names{"end max_duration"});
}

TEST_CASE("what is said to all goes into the transcript, unless it is paused or nobody wants one") {
  RecordingGateway gateway;
  FakeRoom& room = gateway.room();
  FakeClient& anna = gateway.join(room, "anna", Role::host);
  gateway.begin(anna);
  say(gateway, room, "hello");
  say(gateway, room, "secret", "p-ben");
  gateway.host.call(anna, "recording:pause");
  say(gateway, room, "meanwhile");
  CHECK(gateway.captures[0]->did == Names{"chat Anna: hello", "pause"});
  gateway.host.call(anna, "recording:stop");
  gateway.begin(anna, {{"chat", false}});
  say(gateway, room, "hello");
  CHECK(gateway.captures[1]->did.empty());
}

TEST_CASE("what is said by who has not consented is not in the transcript") {
  RecordingGateway gateway{{{"consent", "explicit"}}};
  FakeRoom& room = gateway.room();
  FakeClient& anna = gateway.join(room, "anna", Role::host);
  FakeClient& ben = gateway.join(room, "ben");
  const std::string id = gateway.begin(anna);
  const auto consent = [&](bool accepted) {
    gateway.host.call(ben, "recording:consent", {{"recordingId", id}, {"accepted", accepted}});
  };
  say(gateway, room, "not asked yet", "all", "ben");
  consent(false);
  say(gateway, room, "off the record", "all", "ben");
  say(gateway, room, "hello");
  consent(true);
  say(gateway, room, "on the record", "all", "ben");
  room.leave(*room.find("p-ben"));
  say(gateway, room, "and gone", "all", "ben");
  CHECK(gateway.captures[0]->did ==
        Names{"take p-anna", "leave out p-ben", "chat Anna: hello", "take p-ben", "chat Ben: on the record"});
}

TEST_CASE("a room records itself where that is configured, once for each gathering") {
  RecordingGateway gateway{{{"auto_record", true}, {"empty_after_s", 10}}};
  FakeRoom& room = gateway.room();
  FakeClient& anna = gateway.join(room, "anna", Role::host);
  REQUIRE(gateway.captures.size() == 1);
  CHECK(anna.last("recording:started").at("by").is_null());
  CHECK(gateway.audits == Names{"recording.start by gateway"});
  gateway.host.call(anna, "recording:stop");
  FakeClient& ben = gateway.join(room, "ben");
  CHECK(gateway.captures.size() == 1);  // the host has ended it
  CHECK_FALSE(ben.got("recording:started"));
  room.leave(*room.find("p-anna"));
  room.leave(*room.find("p-ben"));
  gateway.join(room, "carl");
  CHECK(gateway.captures.size() == 2);
}

TEST_CASE("a room that nobody may record does not record itself") {
  RecordingGateway gateway{{{"auto_record", true}}};
  FakeRoom& room = gateway.room();
  RecordingGateway::allow(room, std::nullopt);
  gateway.join(room, "anna", Role::host);
  CHECK(gateway.captures.empty());
}

TEST_CASE("a room that cannot record itself says so to those who moderate") {
  RecordingGateway gateway{{{"auto_record", true}}};
  gateway.capture_fails = true;
  FakeRoom& room = gateway.room();
  FakeClient& anna = gateway.join(room, "anna", Role::host);
  gateway.host.run();
  CHECK(anna.got("recording:failed"));
}

TEST_CASE("a meeting records itself as it says, and with what it says") {
  RecordingGateway gateway{{{"retention_days", 20}}, true};
  gateway.meetings.info.recording_config = {
      {"auto_record", true}, {"record_video", false}, {"record_chat", false}, {"retention_days", 30}};
  FakeRoom& room = gateway.room("meeting");
  gateway.host.bus().publish(MeetingStarted{gateway.meetings.info, room});
  CHECK(gateway.captures.empty());
  gateway.join(room, "anna");
  REQUIRE(gateway.captures.size() == 1);
  const auto& spec = gateway.captures[0]->spec;
  CHECK(spec.meeting_id == "meeting");
  CHECK(spec.settings.title == "Weekly");
  CHECK_FALSE(spec.settings.video);
  CHECK(spec.settings.audio);
  CHECK_FALSE(spec.settings.chat);
  CHECK(spec.settings.retention_days == 20);
  gateway.join(gateway.room("lobby"), "ben");
  CHECK(gateway.captures.size() == 1);
}

}  // namespace sluice::testing
