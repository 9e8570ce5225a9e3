#include <algorithm>

#include "plugins/recording/migrations.h"
#include "plugins/recording/records.h"
#include "tests/unit/plugins/recording/recording_gateway.h"

namespace sluice::testing {

TEST_CASE("sessions that a dead process has left are produced by the next one") {
  TemporaryFolder folder;
  const std::string database = folder / "store.db";
  const std::string root = folder / "recordings";
  const auto insert = [&](SqliteStore& store, const std::string& id, recording::State state, int attempts) {
    recording::Record record;
    record.id = id;
    record.room_id = "lobby";
    record.started_by = "anna";
    record.state = state;
    record.settings.title = "Weekly";
    record.started_at = 1'000;
    record.attempts = attempts;
    store.transact(
        [record](StoreTransaction& t) {
          recording::insert(t, record);
          return Ok{};
        },
        [](JobResult<Ok>) {});
  };
  const auto session = [&](const std::string& id) {
    std::filesystem::create_directories(root + "/sessions/" + id);
    std::ofstream{root + "/sessions/" + id + "/journal.jsonl"} << "\n";
  };

  FakeHost host{"recording"};
  SqliteStore store{host, "recording", database};
  FakeRooms rooms{host};
  store.migrate(recording::migrations());
  insert(store, "capturing", recording::State::capturing, 0);
  insert(store, "paused", recording::State::paused, 0);
  insert(store, "producing", recording::State::producing, 1);
  insert(store, "restarted", recording::State::producing, 3);
  insert(store, "nothing", recording::State::capturing, 0);
  insert(store, "stored", recording::State::ready, 1);
  for (const char* id : {"capturing", "paused", "producing", "restarted", "stored", "stranger"}) session(id);
  std::filesystem::create_directories(root + "/output/producing");

  json::object options{{"production", {{"at_once", 10}}}};
  recording::Core core{host, RecordingGateway::options_of(options, root), nullptr};
  core.start();
  host.run();
  host.run();
  const auto state = [&](const std::string& id) {
    return std::get<std::string>(
        store.database()
            .query(R"(SELECT "state" FROM "recording_recordings" WHERE "id" = ?)", {StoreValue{id}})
            .at(0)
            .at(0));
  };
  CHECK(host.jobs().started.size() == 4);
  CHECK(state("capturing") == "producing");
  CHECK(state("paused") == "producing");
  CHECK(state("producing") == "producing");
  CHECK(state("restarted") == "producing");  // the gateway's ends are not the production's failures
  CHECK(state("nothing") == "failed");
  CHECK(state("stored") == "ready");
  CHECK(std::filesystem::exists(root + "/sessions/restarted"));
  CHECK_FALSE(std::filesystem::exists(root + "/sessions/stored"));
  CHECK_FALSE(std::filesystem::exists(root + "/output/producing"));
  CHECK(std::filesystem::exists(root + "/sessions/stranger"));
  CHECK(std::ranges::count(
            host.log().lines,
            std::pair{LogLevel::warning, std::string{"a session on the disk belongs to no recording"}}) == 1);
}

}  // namespace sluice::testing
