#include "history/recovery.h"

#include <vector>

#include "history/reading.h"
#include "records/engagement.h"
#include "sluice/store_columns.h"

namespace sluice::analytics {

namespace {

void close_session(StoreTransaction& store, SessionId id, std::int64_t started_at, std::int64_t seen_at) {
  const std::vector<PersonRow> people = people_of(store, id, seen_at);
  const EngagementCounts counts = count_engagement(people, seen_at - started_at);
  store.query(
      R"(UPDATE "analytics_session" SET "ended_at" = "seen_at", "reason" = 'crashed', "high" = ?, "medium" = ?,
"low" = ? WHERE "id" = ?)",
      {counts.high, counts.medium, counts.low, id});
}

}  // namespace

SessionId recover(StoreTransaction& store) {
  constexpr auto kOpen =
      R"(SELECT "id", "started_at", "seen_at" FROM "analytics_session" WHERE "ended_at" IS NULL ORDER BY "id" LIMIT 500)";
  for (auto open = store.query(kOpen); !open.empty(); open = store.query(kOpen)) {
    for (const StoreRow& row : open) {
      StoreColumns in{row};
      const SessionId id = in.integer();
      const std::int64_t started_at = in.integer();
      close_session(store, id, started_at, in.integer());
    }
  }
  const auto last = store.query(R"(SELECT MAX("id") FROM "analytics_session")");
  return StoreColumns{last.at(0)}.maybe_integer().value_or(0);
}

}  // namespace sluice::analytics
