#pragma once

#include "history/history.h"
#include "history/migrations.h"
#include "history/reading.h"
#include "tests/unit/plugins/analytics/records/analytics_rooms.h"
#include "tests/unit/plugins/sqlite_store.h"

namespace sluice::analytics::testing {

/// The store that a test may break; it answers in the order of the questions, as the real one.
class BreakableStore final : public Store {
 public:
  BreakableStore(FakeHost& host, Store& inner) : host_{host}, inner_{inner} { host.use_store(*this); }
  void migrate(std::span<const Migration> migrations) override { inner_.migrate(migrations); }
  void transact_raw(Function<void(StoreTransaction&)> work, Function<void(std::exception_ptr)> done) override {
    if (full) throw Error{ErrorCode::limit_exceeded, "too much work waits for the store"};
    if (!broken) return inner_.transact_raw(std::move(work), std::move(done));
    host_.background().run_raw(
        [] {}, [done = std::move(done)]() mutable { done(std::make_exception_ptr(std::runtime_error{"disk full"})); });
  }
  bool broken = false;
  bool full = false;

 private:
  FakeHost& host_;
  Store& inner_;
};

/// Rooms whose history is kept in a real database.
class AnalyticsStore : public AnalyticsRooms {
 public:
  explicit AnalyticsStore(RetentionOptions retention = {}, const std::string& path = ":memory:")
      : sqlite{host, "analytics", path}, store{host, sqlite} {
    store.migrate(migrations());
    history = std::make_unique<History>(host, table, retention);
    history->start();
    table.start([this](const Room&, const Session& session) { history->ended(session); });
    host.run();
  }
  std::int64_t count(const std::string& name) {
    return std::get<std::int64_t>(sqlite.database().query("SELECT COUNT(*) FROM analytics_" + name).at(0).at(0));
  }
  template <class T>
  T read(const std::function<T(StoreTransaction&)>& work) {
    std::optional<T> out;
    sqlite.transact([&](StoreTransaction& transaction) { return work(transaction); },
                    [&](JobResult<T> result) { out.emplace(std::move(result.value())); });
    host.run();
    return std::move(*out);
  }
  std::vector<SessionRow> sessions(SessionFilter filter = {}) {
    return read<std::vector<SessionRow>>([=](StoreTransaction& in) { return find_sessions(in, filter); });
  }
  std::vector<PersonRow> people(const SessionRow& session) {
    return read<std::vector<PersonRow>>(
        [=](StoreTransaction& in) { return people_of(in, session.id, session.seen_at); });
  }
  /// As the desk tells it, once.
  void sampled(Room& room, const Participant& who, const QualitySample& quality) {
    const ParticipantSample samples[] = {{.participant_id = who.id(), .quality = quality}};
    history->sampled(RoomSample{.room = room, .at = host.timers().wall_time(), .participants = samples});
  }
  /// Seconds pass, each with its sample.
  void sample_for(std::chrono::seconds length, Room& room, const Participant& who, const QualitySample& quality) {
    for (std::chrono::seconds i{}; i < length; ++i) {
      sampled(room, who, quality);
      host.advance(1s);
    }
  }

  SqliteStore sqlite;
  BreakableStore store;
  std::unique_ptr<History> history;
};

inline QualitySample good_sample(double round_trip_ms = 40) {
  QualitySample out;
  out.round_trip_ms = round_trip_ms;
  out.mos = 4.2;
  out.grade = Grade::excellent;
  out.up_bps = 500'000;
  out.down_bps = 1'500'000;
  return out;
}

}  // namespace sluice::analytics::testing
