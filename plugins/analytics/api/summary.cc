#include "api/summary.h"

#include "api/report.h"
#include "api/rest_time.h"
#include "sluice/store_columns.h"

namespace sluice::analytics {

namespace {

constexpr std::int64_t kDayMs = 86'400'000;
constexpr const char* kWhere = R"( WHERE "tenant" = ? AND "erased" = 0 AND "meeting_id" <> ''
AND "started_at" >= ? AND "started_at" < ?)";

double ratio(std::int64_t part, std::int64_t whole) {
  return whole > 0 ? rounded(static_cast<double>(part) / static_cast<double>(whole)) : 0;
}

json::object totals(StoreTransaction& store, const std::vector<StoreValue>& where) {
  const auto rows = store.query(std::string{R"(SELECT COUNT(*), COUNT(DISTINCT "meeting_id"),
SUM(COALESCE("ended_at", "seen_at") - "started_at"), SUM("people"), SUM("joins"), MAX("peak"), SUM("attended_ms"),
SUM("chat_messages"), SUM("reactions"), SUM("hands"), SUM("talk_ms"), SUM("screen_ms"), SUM("recording_ms"),
SUM("streaming_ms"), SUM("high"), SUM("medium"), SUM("low"), SUM(CASE WHEN "ended_at" IS NULL THEN 1 END)
FROM "analytics_session")"} + kWhere,
                                where);
  StoreColumns in{rows.at(0)};
  json::object out;
  const std::int64_t sessions = in.sum();
  out["total_sessions"] = sessions;
  out["total_meetings"] = in.sum();
  const std::int64_t duration_ms = in.sum();
  out["total_duration_minutes"] = minutes_of(duration_ms);
  out["average_duration_minutes"] = sessions > 0 ? minutes_of(duration_ms / sessions) : 0;
  const std::int64_t people = in.sum();
  out["total_participants"] = people;
  out["average_participants_per_meeting"] = ratio(people, sessions);
  out["total_joins"] = in.sum();
  out["peak_participants"] = in.sum();
  out["average_participants"] = ratio(in.sum(), duration_ms);
  for (const char* const name : {"total_chat_messages", "total_reactions", "total_hands_raised"}) out[name] = in.sum();
  for (const char* const name :
       {"talk_duration", "screen_share_duration", "recording_duration", "streaming_duration"}) {
    out[name] = minutes_of(in.sum());
  }
  json::object engagement;
  for (const char* const name : {"high_engagement", "medium_engagement", "low_engagement"}) engagement[name] = in.sum();
  out["participant_engagement"] = std::move(engagement);
  out["live_meetings"] = in.sum();
  return out;
}

json::object quality(StoreTransaction& store, const std::vector<StoreValue>& where) {
  const auto rows =
      store.query(std::string{R"(SELECT SUM("poor"), SUM("fair"), SUM("good"), SUM("excellent") FROM "analytics_quality"
WHERE "resolution" = 3600 AND "person" = 0 AND "session" IN (SELECT "id" FROM "analytics_session")"} +
                      kWhere + ")",
                  where);
  StoreColumns in{rows.at(0)};
  const std::int64_t poor = in.sum(), fair = in.sum(), good = in.sum(), excellent = in.sum();
  const std::int64_t all = poor + fair + good + excellent;
  return {{"poor_percent", ratio(poor * 100, all)},
          {"fair_percent", ratio(fair * 100, all)},
          {"good_percent", ratio(good * 100, all)},
          {"excellent_percent", ratio(excellent * 100, all)}};
}

json::array days(StoreTransaction& store, const std::vector<StoreValue>& where) {
  json::array out;
  for (const StoreRow& row : store.query(std::string{R"(SELECT "started_at" / 86400000, COUNT(*), SUM("people"),
SUM(COALESCE("ended_at", "seen_at") - "started_at"), MAX("peak") FROM "analytics_session")"} +
                                             kWhere + R"( GROUP BY "started_at" / 86400000 ORDER BY 1 LIMIT 1000)",
                                         where)) {
    StoreColumns in{row};
    json::object day{{"date", format_day(in.sum() * kDayMs)}};
    day["sessions"] = in.sum();
    day["participants"] = in.sum();
    day["duration_minutes"] = minutes_of(in.sum());
    day["peak_participants"] = in.sum();
    out.push_back(std::move(day));
  }
  return out;
}

}  // namespace

json::object read_summary(StoreTransaction& store, const SummaryFilter& filter) {
  const std::vector<StoreValue> where{filter.tenant, filter.from, filter.to};
  json::object out = totals(store, where);
  out["from"] = format_time(filter.from);
  out["to"] = format_time(filter.to);
  out["connection_quality"] = quality(store, where);
  out["days"] = days(store, where);
  return out;
}

}  // namespace sluice::analytics
