#include <doctest/doctest.h>

#include <filesystem>

#include "live_fixture.h"

namespace sluice::meetings::testing {
namespace {

using std::chrono::minutes;

/// A second process on the same database: the first one's rooms are gone, and nothing of it has stopped in order.
struct Restarted {
  explicit Restarted(LiveMeetingsFixture& before)
      : core{host, rooms}, context{host, before.context.options, core.meetings}, side{context, core, rooms, rooms} {
    host.use_store(before.store);
    host.advance(before.host.timers().now() - host.timers().now());
    context.users.load();
    side.begin();
    before.host.run();  // whose background answers for the shared database
    host.run();
  }

  FakeHost host{"meetings"};
  FakeRooms rooms{host};
  LiveCore core;
  Context context;
  LiveSide side;
};

TEST_CASE("a gateway that dies leaves meetings that are put right at its next start") {
  LiveMeetingsFixture fixture;
  const auto live = [&fixture](MeetingType type) {
    fixture.create([type](Meeting& m) {
      m.type = type;
      if (type == MeetingType::recurring) m.over_at = m.end_time + std::chrono::hours{24};
    });
    fixture.live().join(fixture.host.connect(user("anna")), Role::host);
    fixture.host.advance(minutes{10});  // checkpoints are written meanwhile
  };

  SUBCASE("a scheduled one whose time is not over may be started again") {
    live(MeetingType::scheduled);
    Restarted restarted{fixture};
    const Meeting record = fixture.record();
    CHECK(record.status == MeetingStatus::scheduled);
    REQUIRE(record.statistics);
    CHECK(record.statistics->total_joins == 1);
    CHECK(record.statistics->duration_seconds >= 540);
  }
  SUBCASE("a scheduled one whose time is over has ended when it was last seen") {
    live(MeetingType::scheduled);
    fixture.host.advance(minutes{120});
    Restarted restarted{fixture};
    const Meeting record = fixture.record();
    CHECK(record.status == MeetingStatus::ended);
    CHECK(record.statistics->total_joins == 1);
    CHECK(record.ended_at <= fixture.host.timers().wall_time());
  }
  SUBCASE("an instant one has ended") {
    live(MeetingType::instant);
    Restarted restarted{fixture};
    CHECK(fixture.record().status == MeetingStatus::ended);
  }
  SUBCASE("a recurring one waits for its next occurrence") {
    live(MeetingType::recurring);
    Restarted restarted{fixture};
    CHECK(fixture.record().status == MeetingStatus::scheduled);
  }
  const auto open = fixture.sql(R"(SELECT COUNT(*) FROM "meetings_session" WHERE "ended_at" IS NULL)");
  CHECK(open[0][0] == StoreValue{std::int64_t{0}});
  const auto interrupted = fixture.sql(R"(SELECT COUNT(*) FROM "meetings_session" WHERE "reason" = 'interrupted')");
  CHECK(interrupted[0][0] == StoreValue{std::int64_t{1}});
}

TEST_CASE("a gateway that stops in order writes how far its meetings have come") {
  Options options;
  options.checkpoint_ms = std::chrono::hours{10};
  LiveMeetingsFixture fixture{options};
  fixture.create();
  fixture.live().join(fixture.host.connect(user("anna")), Role::host);
  fixture.host.advance(minutes{30});
  fixture.side.stop();
  const auto rows = fixture.sql(R"(SELECT "duration_seconds" FROM "meetings_session")");
  CHECK(rows.at(0).at(0) == StoreValue{std::int64_t{1800}});
}

TEST_CASE("a record that says live without a room is ended, or started, when somebody asks for it") {
  LiveMeetingsFixture fixture;
  fixture.create();
  fixture.context.repository.change(
      "campus1", "m", std::nullopt, [](Meeting& m) { m.status = MeetingStatus::live; },
      [](const Result<Meeting, Error>&) {});
  fixture.host.run();
  SUBCASE("ended") {
    CHECK(fixture.end().status() == 200);
    CHECK(fixture.record().status == MeetingStatus::ended);
  }
  SUBCASE("started") {
    CHECK(fixture.start().status() == 200);
    CHECK(fixture.is_open());
  }
}

}  // namespace
}  // namespace sluice::meetings::testing
