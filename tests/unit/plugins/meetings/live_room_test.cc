#include <doctest/doctest.h>

#include "live_fixture.h"

namespace sluice::meetings::testing {
namespace {

using std::chrono::minutes;
using Fixture = LiveMeetingsFixture;

TEST_CASE("features that are off are permissions that nobody has") {
  Fixture fixture;
  fixture.create([](Meeting& m) {
    m.features = {.video_enabled = false,
                  .audio_enabled = false,
                  .screen_sharing_enabled = false,
                  .chat_enabled = false,
                  .recording_enabled = false,
                  .hand_raise_enabled = false,
                  .reactions_enabled = false};
    m.waiting_room_enabled = true;
  });
  const RoomPolicy& policy = fixture.live().policy();
  for (const Permission off :
       {Permission::publish_video, Permission::publish_audio, Permission::share_screen, Permission::chat,
        Permission::chat_private, Permission::chat_announce, Permission::upload_files, Permission::record,
        Permission::raise_hand, Permission::react}) {
    REQUIRE(policy.least_role.contains(off));
    CHECK_FALSE(policy.least_role.at(off).has_value());
  }
  CHECK(policy.waiting_room == std::optional{true});
}

TEST_CASE("a room follows what changes in the records") {
  Fixture fixture;
  Meeting meeting =
      fixture.create({Fixture::person("ben", Role::attendee), Fixture::address("eve@x.org", Role::presenter)});
  FakeRoom& room = fixture.live();
  Live& live = fixture.core.meetings;
  FakeClient& client = fixture.host.connect(user("ben"));
  FakeParticipant& ben = room.join(client, Role::attendee);

  SUBCASE("who is invited is expected, with his role") {
    CHECK(room.expected(user("ben"))->role == Role::attendee);
    CHECK(room.expected(with_email("eve", "eve@x.org"))->role == Role::presenter);
    CHECK(room.expected(user("anna"))->role == Role::host);
    live.invited(meeting, Fixture::person("zoe", Role::viewer), user("anna"));
    CHECK(room.expected(user("zoe"))->role == Role::viewer);
  }
  SUBCASE("a new role holds at once, and for who comes again") {
    live.role_changed(meeting, Fixture::person("ben", Role::co_host));
    CHECK(ben.role() == Role::co_host);
    CHECK(room.expected(user("ben"))->role == Role::co_host);
  }
  SUBCASE("who is removed goes out, and is expected no more") {
    live.removed(meeting, Fixture::person("ben", Role::attendee), "not today");
    CHECK(client.last("participant:removed").at("reason") == "not today");
    CHECK(room.size() == 0);
    CHECK(room.expected(user("ben")) == nullptr);
  }
  SUBCASE("a feature that is switched off is off, and a lock stays") {
    RoomPolicy locked = room.policy();
    locked.locked = true;
    room.set_policy(locked);
    meeting.features.chat_enabled = false;
    live.changed(meeting);
    CHECK(room.policy().locked);
    CHECK_FALSE(ben.may(Permission::chat));
  }
  SUBCASE("who is blocked goes out; the host cannot be") {
    FakeParticipant& anna = room.join(fixture.host.connect(user("anna")), Role::host);
    meeting.security.blocked_users = {"ben", "anna"};
    live.changed(meeting);
    CHECK(room.size() == 1);
    CHECK(room.find(anna.id()) != nullptr);
  }
  SUBCASE("who is deactivated is out of every room of the tenant, and no other") {
    FakeRoom& lobby = fixture.other_room("lobby", "campus1");
    lobby.join(fixture.host.connect(user("ben")));
    FakeRoom& elsewhere = fixture.other_room("lobby", "campus2");
    elsewhere.join(fixture.host.connect(user("ben", "campus2")));
    live.deactivated("campus1", "ben");
    CHECK(room.size() == 0);
    CHECK(lobby.size() == 0);
    CHECK(elsewhere.size() == 1);
  }
  SUBCASE("what is done to a meeting of another tenant with the same id concerns it not") {
    meeting.tenant = "campus2";
    live.removed(meeting, Fixture::person("ben", Role::attendee), "no");
    CHECK(room.size() == 1);
  }
}

TEST_CASE("who has to wait although invited") {
  Options options;
  const auto waits = [](Fixture& fixture, bool approval) {
    fixture.create([approval](Meeting& m) { m.require_host_approval = approval; },
                   {Fixture::person("ben", Role::attendee), Fixture::person("eve", Role::co_host)});
    FakeRoom& room = fixture.live();
    CHECK(room.expected(user("eve")) != nullptr);
    return room.expected(user("ben")) == nullptr;
  };
  SUBCASE("by default nobody") {
    Fixture fixture{options};
    CHECK_FALSE(waits(fixture, false));
  }
  SUBCASE("with the host's approval all but hosts") {
    Fixture fixture{options};
    CHECK(waits(fixture, true));
  }
  SUBCASE("where configured so") {
    options.invited_skip_waiting_room = false;
    Fixture fixture{options};
    CHECK(waits(fixture, false));
  }
}

TEST_CASE("who comes and goes is on record, and seen while in the room") {
  Fixture fixture;
  fixture.create();
  FakeRoom& room = fixture.live();
  FakeParticipant& ben = room.join(fixture.host.connect(with_email("ben", "Ben@X.org")), Role::presenter);
  ben.sends.audio = true;
  fixture.host.run();
  const auto in = fixture.core.meetings.in_room("campus1", "m");
  REQUIRE(in.size() == 1);
  CHECK(in[0].participant_id == ben.id());
  CHECK(in[0].email == "ben@x.org");
  CHECK(in[0].audio);
  CHECK_FALSE(in[0].away);
  CHECK(fixture.core.meetings.in_room("campus2", "m").empty());
  const std::string row = R"(SELECT "status" FROM "meetings_participant" WHERE "user_id" = 'ben')";
  CHECK(fixture.sql(row).at(0).at(0) == StoreValue{"joined"});
  room.leave(ben);
  fixture.host.run();
  CHECK(fixture.sql(row).at(0).at(0) == StoreValue{"left"});
}

TEST_CASE("a room of the meeting's name that somebody else has opened is closed when the meeting starts") {
  Fixture fixture;
  fixture.create();
  FakeClient& mallory = fixture.host.connect(user("mallory"));
  fixture.other_room("m", "campus1").join(mallory, Role::host);
  CHECK(fixture.live().size() == 0);
  CHECK(mallory.last("room:closed").at("reason") == "superseded");
}

TEST_CASE("figures of a live meeting") {
  Fixture fixture;
  fixture.create({Fixture::person("ben", Role::attendee)});
  CHECK(data(fixture.call("GET", "/{id}/live-stats", user("ben")), "live_stats.live") == false);
  FakeRoom& room = fixture.live();
  FakeParticipant& ben = room.join(fixture.host.connect(user("ben")));
  ben.sends.screen = true;
  fixture.host.advance(minutes{45});
  const HttpAnswer answer = fixture.call("GET", "/{id}/live-stats", user("ben"));
  CHECK(data(answer, "live_stats.current_participants") == 1);
  CHECK(data(answer, "live_stats.duration_minutes") == 45);
  CHECK(data(answer, "live_stats.screen_sharing") == true);
  for (const char* path : {"/{id}/live-stats", "/{id}/metrics", "/{id}/webrtc-config", "/{id}/health"}) {
    CAPTURE(path);
    CHECK(fixture.call("GET", path, user("ben")).status() == 200);
    CHECK(fixture.call("GET", path, user("zoe")).status() == 404);
    CHECK(fixture.call("GET", path, user("ben", "campus2")).status() == 404);
    CHECK(fixture.call("GET", path, guest()).status() == 401);
  }
  CHECK(data(fixture.call("GET", "/{id}/webrtc-config", user("ben")), "webrtc_config.router_id") == "m");
}

}  // namespace
}  // namespace sluice::meetings::testing
