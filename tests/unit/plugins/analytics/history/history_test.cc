#include <doctest/doctest.h>

#include <filesystem>

#include "tests/unit/plugins/analytics/history/analytics_store.h"

namespace sluice::analytics::testing {
namespace {

using Fixture = AnalyticsStore;

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "sluice-analytics-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error{"no temporary folder"};
    path_ = pattern;
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] std::string database() const { return (path_ / "store.db").string(); }

 private:
  std::filesystem::path path_;
};

TEST_CASE("what happens is written within ten seconds, and read as it was") {
  Fixture all;
  FakeRoom& room = all.room("lobby", "north");
  FakeParticipant& anna = all.join(room, "anna", Role::host);
  all.heard(room, anna, 20, true);
  all.says(room, anna);
  all.host.advance(10s);
  const auto sessions = all.sessions();
  REQUIRE(sessions.size() == 1);
  CHECK(sessions[0].id == 1);
  CHECK(sessions[0].tenant == "north");
  CHECK(sessions[0].chat_messages == 1);
  CHECK(sessions[0].attended_ms == 10'000);
  CHECK(!sessions[0].ended_at);
  const auto people = all.people(sessions[0]);
  REQUIRE(people.size() == 1);
  CHECK(people[0].user_id == "anna");
  CHECK(people[0].role == "host");
  CHECK(people[0].talk_ms == 1'000);
  CHECK(people[0].present_ms == 10'000);
  CHECK(all.count("event") == 1);
  CHECK(all.host.metrics().value("rows_written_total") == 3);
  CHECK(all.host.metrics().value("open_sessions") == 1);

  room.close("closed");
  all.host.advance(10s);
  CHECK(all.sessions().at(0).reason == "closed");
  CHECK(all.sessions().at(0).engagement);
}

TEST_CASE("quality is kept by ten seconds, minutes and hours") {
  Fixture all;
  FakeRoom& room = all.room("lobby");
  FakeParticipant& anna = all.join(room, "anna");
  all.sample_for(120s, room, anna, good_sample());
  room.close("closed");
  all.host.advance(10s);
  const auto series = all.read<std::vector<QualityRow>>([](StoreTransaction& in) {
    SeriesFilter filter;
    filter.session = 1;
    filter.resolution = Resolution::s10;
    filter.person = 1;
    filter.to = INT64_MAX;
    return series_of(in, filter);
  });
  std::int64_t samples = 0;
  for (const QualityRow& row : series) samples += row.figures.samples;
  CHECK(samples == 120);
  CHECK(series.at(1).figures.samples == 10);
  CHECK(series.at(1).figures.round_trip_ms == 40.0);
  CHECK(series.at(1).at % 10'000 == 0);
  const auto whole = all.read<std::vector<QualitySummary>>([](StoreTransaction& in) { return quality_of(in, 1); });
  REQUIRE(whole.size() == 2);  // the room, and anna
  CHECK(whole[1].figures.samples == 120);
  CHECK(whole[1].figures.mos == doctest::Approx(4.2));
  CHECK(whole[1].figures.excellent == 120);
  CHECK(whole[1].figures.down_bps == 1'500'000);
  CHECK(!whole[1].figures.jitter_ms);
}

TEST_CASE("sessions that a crash has left open are closed with when they were seen last") {
  const TemporaryFolder folder;
  {
    Fixture all({}, folder.database());
    FakeRoom& room = all.room("lobby");
    all.join(room, "anna");
    all.host.advance(25s);  // the last write was at 20 s
  }                         // killed
  Fixture again({}, folder.database());
  const auto sessions = again.sessions();
  REQUIRE(sessions.size() == 1);
  CHECK(sessions[0].reason == "crashed");
  CHECK(sessions[0].ended_at == sessions[0].started_at + 20'000);
  CHECK(sessions[0].engagement == EngagementCounts{.high = 0, .medium = 0, .low = 1});
  CHECK(again.people(sessions[0]).at(0).present_ms == 20'000);

  SUBCASE("ids go on behind those that there are") {
    again.join(again.room("attic"), "ben");
    again.host.advance(10s);
    CHECK(again.sessions().at(0).id == 2);
  }
}

TEST_CASE("what is not written for want of a store waits and is written later") {
  Fixture all;
  FakeRoom& room = all.room("lobby");
  FakeParticipant& anna = all.join(room, "anna");
  SUBCASE("it takes no more") { all.store.full = true; }
  SUBCASE("it fails") { all.store.broken = true; }
  all.sample_for(30s, room, anna, good_sample());
  room.leave(anna);
  room.close("closed");
  all.host.advance(10s);
  CHECK(all.count("session") == 0);
  CHECK(all.host.metrics().value("flush_failures_total") == 4);
  CHECK(all.host.metrics().value("waiting_rows") > 0);
  all.store.full = all.store.broken = false;
  all.host.advance(10s);
  CHECK(all.sessions().at(0).reason == "closed");
  CHECK(all.people(all.sessions().at(0)).at(0).present_ms == 30'000);
  CHECK(all.count("event") == 2);
  CHECK(all.host.metrics().value("waiting_rows") == 0);
  CHECK(all.host.metrics().value("rows_dropped_total") == 0);
}

TEST_CASE("of too much that waits the eldest is dropped and counted") {
  Batch batch;
  batch.quality.resize(Writer::kMostQuality + 5);
  batch.quality.back().at = 77;
  FakeHost host{"analytics"};
  SqliteStore sqlite{host, "analytics"};
  BreakableStore store{host, sqlite};
  store.full = true;
  HistoryMetrics metrics{host.metrics()};
  Writer writer{host, metrics, [&](Batch& out, bool) { out = std::exchange(batch, {}); }};
  writer.flush(true);
  CHECK(host.metrics().value("rows_dropped_total") == 5);
  CHECK(host.metrics().value("waiting_rows") == static_cast<double>(Writer::kMostQuality));
}

TEST_CASE("who wants to read reads what is new, or hears that it cannot") {
  Fixture all;
  FakeRoom& room = all.room("lobby");
  all.join(room, "anna");
  all.host.advance(3s);
  std::optional<bool> written;
  SUBCASE("it works") {
    all.history->flush_then(&room, [&](const Result<Ok, Error>& result) { written = result.has_value(); });
    all.host.run();
    CHECK(written == true);
    CHECK(all.sessions().at(0).attended_ms == 3'000);
  }
  SUBCASE("the store is full") {
    all.store.full = true;
    all.history->flush_then(&room, [&](const Result<Ok, Error>& result) { written = result.has_value(); });
    CHECK(written == false);
  }
}

TEST_CASE("when the plugin stops all that there is is handed to the store") {
  Fixture all;
  FakeRoom& room = all.room("lobby");
  FakeParticipant& anna = all.join(room, "anna");
  all.sample_for(15s, room, anna, good_sample());
  all.table.stop();
  all.history->finish();
  CHECK(all.sessions().at(0).reason == "gateway_stopped");
  CHECK(all.count("quality") >= 6);
}

TEST_CASE("what is over its time goes, of each resolution at its own") {
  RetentionOptions retention;
  retention.s10_hours = 1;
  retention.m1_days = 1;
  retention.h1_days = 2;
  retention.sessions_days = 3;
  Fixture all(retention);
  FakeRoom& room = all.room("lobby");
  FakeParticipant& anna = all.join(room, "anna");
  all.sample_for(60s, room, anna, good_sample());
  room.close("closed");
  const auto rows = [&](int seconds) {
    return all.read<std::int64_t>([=](StoreTransaction& in) {
      return std::get<std::int64_t>(
          in.query(R"(SELECT COUNT(*) FROM "analytics_quality" WHERE "resolution" = ?)", {std::int64_t{seconds}})
              .at(0)
              .at(0));
    });
  };
  // What a sweep sets going ends when the clock stands still again; the next one is in time for all.
  const auto pass = [&](Duration time) {
    all.host.advance(time);
    all.host.advance(Upkeep::kInterval);
  };
  pass(30min);
  CHECK(rows(10) > 0);
  pass(1h);
  CHECK(rows(10) == 0);
  CHECK(rows(60) > 0);
  pass(24h);
  CHECK(rows(60) == 0);
  CHECK(rows(3'600) > 0);
  pass(24h);
  CHECK(rows(3'600) == 0);
  CHECK(all.count("session") == 1);
  pass(24h);
  CHECK(all.count("session") == 0);
  CHECK(all.count("person") == 0);
  CHECK(all.count("event") == 0);
}

TEST_CASE("a retention of 0 keeps for ever") {
  RetentionOptions retention;
  retention.s10_hours = retention.m1_days = retention.h1_days = retention.sessions_days = 0;
  Fixture all(retention);
  FakeRoom& room = all.room("lobby");
  FakeParticipant& anna = all.join(room, "anna");
  all.sample_for(20s, room, anna, good_sample());
  room.close("closed");
  all.host.advance(24h);
  all.host.advance(24h * 365);
  CHECK(all.count("session") == 1);
  CHECK(all.count("quality") > 0);
}

TEST_CASE("a meeting that is deleted as soon as it ends leaves nothing that was still to be written") {
  Fixture all;
  FakeRoom& room = all.room("meeting");
  FakeParticipant& anna = all.join(room, "anna");
  all.sampled(room, anna, good_sample());
  room.close("ended");
  all.host.bus().publish(MeetingDeleted{all.meetings.info});
  all.history->erase(all.meetings.info);
  all.host.run();
  CHECK(all.sessions().empty());
  all.host.advance(10min);
  CHECK(all.count("session") == 0);
  CHECK(all.count("person") == 0);
  CHECK(all.count("quality") == 0);
}

TEST_CASE("a meeting that is deleted takes all that is kept of it with it, and no other's") {
  Fixture all;
  FakeRoom& room = all.room("meeting");
  FakeParticipant& anna = all.join(room, "anna");
  all.join(all.room("lobby"), "ben");
  all.sample_for(20s, room, anna, good_sample());
  SUBCASE("it is over") {
    room.close("ended");
    all.host.advance(10s);
  }
  SUBCASE("it ends later") {}
  SUBCASE("the store fails at first") {
    room.close("ended");
    all.host.advance(10s);
    all.store.broken = true;
    all.history->erase(all.meetings.info);
    all.host.run();
    all.store.broken = false;
    CHECK(all.count("session") == 2);
  }
  all.host.bus().publish(MeetingDeleted{all.meetings.info});
  all.history->erase(all.meetings.info);
  all.host.run();
  SessionFilter filter;
  filter.meeting_id = "meeting";
  CHECK(all.sessions(filter).empty());
  if (all.rooms.find("", "meeting") != nullptr) room.close("ended");
  all.host.advance(10min);
  CHECK(all.count("session") == 1);
  CHECK(all.count("person") == 1);
  CHECK(all.count("quality") == 0);
  CHECK(all.sessions().at(0).room_id == "lobby");
}

}  // namespace
}  // namespace sluice::analytics::testing
