#include "tests/unit/plugins/recording/recording_gateway.h"

using namespace std::chrono_literals;

namespace sluice::testing {

TEST_CASE("a recording is deleted with its files when its time is over, and its row is forgotten later") {
  RecordingGateway gateway{{{"retention_days", 2}}};
  FakeRoom& room = gateway.room();
  FakeClient& anna = gateway.join(room, "anna", Role::host);
  const std::string id = gateway.ready(anna);
  gateway.host.advance(47h);
  CHECK(gateway.state(id) == "ready");
  gateway.host.advance(2h);
  gateway.host.run();
  CHECK(gateway.state(id) == "deleted");
  CHECK_FALSE(gateway.exists("products/_/" + id));
  CHECK(gateway.host.call(anna, "recording:list")["total"] == 0);
  gateway.host.advance(24h * 31);
  CHECK(gateway.state(id).empty());
}

TEST_CASE("without a retention time, recordings stay") {
  RecordingGateway gateway;
  FakeRoom& room = gateway.room();
  const std::string id = gateway.ready(gateway.join(room, "anna", Role::host));
  gateway.host.advance(24h * 400);
  CHECK(gateway.state(id) == "ready");
  CHECK(gateway.exists("products/_/" + id + "/recording.mp4"));
}

TEST_CASE("who starts a recording may have it deleted earlier than the operator, not later") {
  RecordingGateway gateway{{{"retention_days", 2}}};
  FakeRoom& room = gateway.room();
  FakeClient& anna = gateway.join(room, "anna", Role::host);
  gateway.begin(anna, {{"retentionDays", 1}});
  CHECK(gateway.captures.back()->spec.settings.retention_days == 1);
  gateway.host.call(anna, "recording:stop");
  gateway.begin(anna, {{"retentionDays", 30}});
  CHECK(gateway.captures.back()->spec.settings.retention_days == 2);
}

}  // namespace sluice::testing
