#include "history/upkeep.h"

#include <chrono>
#include <string>
#include <vector>

#include "history/quality_row.h"
#include "records/moment.h"
#include "sluice/store_columns.h"

namespace sluice::analytics {

namespace {

// Before when what is old; 0: nothing is.
struct Limits {
  std::int64_t s10 = 0;
  std::int64_t m1 = 0;
  std::int64_t h1 = 0;
  std::int64_t sessions = 0;
};

std::int64_t before(WallTime now, std::chrono::hours kept) { return kept.count() == 0 ? 0 : unix_ms(now - kept); }

Limits limits_of(const RetentionOptions& retention, WallTime now) {
  return {.s10 = before(now, std::chrono::hours{retention.s10_hours}),
          .m1 = before(now, std::chrono::days{retention.m1_days}),
          .h1 = before(now, std::chrono::days{retention.h1_days}),
          .sessions = before(now, std::chrono::days{retention.sessions_days})};
}

// A series of old rows, newest resolution first. Whole stretches of time go at once, as many rows as a unit may have.
bool delete_old_quality(StoreTransaction& store, Resolution resolution, std::int64_t limit) {
  if (limit == 0) return false;
  const std::int64_t seconds = length_of(resolution).count();
  const auto old = store.query(
      R"(SELECT "session", "person", "at" FROM "analytics_quality" WHERE "resolution" = ? AND "at" < ?
ORDER BY "at" LIMIT ?)",
      {seconds, limit, Upkeep::kRowsPerUnit});
  for (const StoreRow& row : old) {
    store.query(
        R"(DELETE FROM "analytics_quality" WHERE "session" = ? AND "resolution" = ? AND "person" = ? AND "at" = ?)",
        {row[0], seconds, row[1], row[2]});
  }
  return !old.empty();
}

void mark_old_sessions(StoreTransaction& store, std::int64_t limit) {
  if (limit == 0) return;
  store.query(
      R"(UPDATE "analytics_session" SET "erased" = 1 WHERE "started_at" < ? AND "ended_at" < ? AND "erased" = 0)",
      {limit, limit});
}

// Whether there was something.
bool delete_rows_of(StoreTransaction& store, const std::string& table, const std::string& key, SessionId session) {
  const auto some = store.query("SELECT " + key + " FROM \"" + table + R"(" WHERE "session" = ? LIMIT ?)",
                                {session, Upkeep::kRowsPerUnit});
  if (some.empty()) return false;
  std::string condition;
  for (std::size_t from = 0; from < key.size();) {
    const std::size_t end = std::min(key.find(", ", from), key.size());
    condition += " AND " + key.substr(from, end - from) + " = ?";
    from = end + 2;
  }
  for (const StoreRow& row : some) {
    std::vector<StoreValue> parameters{session};
    parameters.insert(parameters.end(), row.begin(), row.end());
    store.query("DELETE FROM \"" + table + R"(" WHERE "session" = ?)" + condition, parameters);
  }
  return true;
}

// Of a session that still lasts the rows go when it has ended.
bool delete_erased(StoreTransaction& store) {
  const auto erased = store.query(
      R"(SELECT "id" FROM "analytics_session" WHERE "erased" = 1 AND "ended_at" IS NOT NULL ORDER BY "id" LIMIT 1)");
  if (erased.empty()) return false;
  const SessionId session = StoreColumns{erased.front()}.integer();
  if (delete_rows_of(store, "analytics_quality", R"("resolution", "person", "at")", session)) return true;
  if (delete_rows_of(store, "analytics_event", R"("number")", session)) return true;
  if (delete_rows_of(store, "analytics_person", R"("number")", session)) return true;
  store.query(R"(DELETE FROM "analytics_session" WHERE "id" = ?)", {session});
  return true;
}

}  // namespace

void Upkeep::start() {
  timer_ = host_.timers().every(kInterval, [this] { sweep(); });
  sweep();
}

void Upkeep::sweep() {
  mark_next();
  delete_some();
}

void Upkeep::erase(const MeetingInfo& meeting) {
  if (to_erase_.size() >= kMostWaiting) {
    return host_.log().error("the analytics of a deleted meeting stay", {{"meeting", meeting.id}});
  }
  to_erase_.emplace_back(meeting.tenant, meeting.id);
  mark_next();
}

// What fails is tried again by the next sweep.
void Upkeep::mark_next() {
  if (marking_ || to_erase_.empty()) return;
  marking_ = true;
  in_store(
      host_, lifeline_,
      [meeting = to_erase_.front()](StoreTransaction& store) {
        store.query(R"(UPDATE "analytics_session" SET "erased" = 1 WHERE "tenant" = ? AND "meeting_id" = ?)",
                    {meeting.first, meeting.second});
        return Ok{};
      },
      [this](const Result<Ok, Error>& marked) {
        marking_ = false;
        if (!marked) return;
        to_erase_.pop_front();
        mark_next();
        delete_some();
      });
}

void Upkeep::delete_some() {
  if (std::exchange(deleting_, true)) return;
  in_store(
      host_, lifeline_,
      [limits = limits_of(retention_, host_.timers().wall_time())](StoreTransaction& store) {
        mark_old_sessions(store, limits.sessions);
        return delete_erased(store) || delete_old_quality(store, Resolution::s10, limits.s10) ||
               delete_old_quality(store, Resolution::m1, limits.m1) ||
               delete_old_quality(store, Resolution::h1, limits.h1);
      },
      [this](const Result<bool, Error>& more) {
        deleting_ = false;
        if (more && *more) delete_some();
      });
}

}  // namespace sluice::analytics
