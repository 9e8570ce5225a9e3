#include <doctest/doctest.h>

#include "live_fixture.h"

namespace sluice::meetings::testing {
namespace {

using Fixture = LiveMeetingsFixture;

TEST_CASE("health asks the database, and needs no account") {
  Fixture fixture;
  for (const char* path : {"/health", "/system/health"}) {
    CAPTURE(path);
    const HttpAnswer well = fixture.call("GET", path, guest());
    CHECK(well.status() == 200);
    CHECK(data(well, "health_status") == "healthy");
    CHECK(data(well, "services.database") == "connected");
    CHECK(data(well, "services.socket_io") == "active");
    CHECK(data(well, "services.media") == "operational");
    CHECK(data(well).as_object().contains("timestamp"));

    fixture.break_table("session");
    const HttpAnswer ill = fixture.call("GET", path, guest());
    CHECK(ill.status() == 503);
    CHECK(ill.body().at("success") == false);
    CHECK(data(ill, "services.database") == "unavailable");
    fixture.mend_table("session");
  }
  fixture.host.media().worker_stats.clear();
  CHECK(fixture.call("GET", "/health", guest()).status() == 503);
}

TEST_CASE("the status says since when, and the health of the media what is routed") {
  Fixture fixture;
  fixture.create();
  fixture.live();
  fixture.host.advance(std::chrono::seconds{90});
  CHECK(data(fixture.call("GET", "/status", guest()), "uptime_seconds") == 90);
  const HttpAnswer media = fixture.call("GET", "/system/webrtc-health", guest());
  CHECK(media.status() == 200);
  CHECK(media.body().at("status").at("available") == true);
  CHECK(media.body().at("status").at("activeRooms") == 1);
  CHECK(data(media, "status.workers") == 1);
  fixture.host.media().worker_stats.clear();
  CHECK(fixture.call("GET", "/system/webrtc-health", guest()).status() == 503);
}

TEST_CASE("figures of the system are those of the administrator's tenant") {
  Fixture fixture;
  fixture.create();
  FakeRoom& room = fixture.live();
  room.join(fixture.host.connect(user("anna")), Role::host);
  fixture.host.advance(std::chrono::hours{50});
  fixture.host.media().worker_stats.at(0).load = 0.25;

  const HttpAnswer answer = fixture.call("GET", "/system/stats", admin());
  CHECK(data(answer, "system_stats.total_meetings") == 1);
  CHECK(data(answer, "system_stats.active_meetings") == 1);
  CHECK(data(answer, "system_stats.active_participants") == 1);
  CHECK(data(answer, "system_stats.system_uptime") == "2 days");
  CHECK(data(answer, "system_stats.active_rooms") == 1);
  CHECK(data(answer, "system_stats.media_workers.load_distribution") == json::array{25});
  CHECK(data(answer, "system_stats.mediasoup_workers") == data(answer, "system_stats.media_workers"));
  const HttpAnswer other = fixture.call("GET", "/system/stats", admin("campus2"));
  CHECK(data(other, "system_stats.total_meetings") == 0);
  CHECK(data(other, "system_stats.active_meetings") == 0);
  CHECK(fixture.call("GET", "/system/stats", user("anna")).status() == 403);
  CHECK(fixture.call("GET", "/system/stats", guest()).status() == 401);

  fixture.break_table("meeting");
  CHECK(fixture.call("GET", "/system/stats", admin()).status() == 500);
}

}  // namespace
}  // namespace sluice::meetings::testing
