#include "history/reading.h"

#include <algorithm>
#include <utility>

#include "sluice/store_columns.h"

namespace sluice::analytics {

namespace {

SessionRow read_session(const StoreRow& row) {
  StoreColumns in{row};
  SessionRow out;
  out.id = in.integer();
  for (std::string* const text : {&out.tenant, &out.room_id, &out.room_name, &out.meeting_id}) *text = in.text();
  out.started_at = in.integer();
  out.seen_at = in.integer();
  out.ended_at = in.maybe_integer();
  out.reason = in.text();
  for (std::int64_t* const number : {&out.joins, &out.people, &out.left_out, &out.peak, &out.attended_ms, &out.talk_ms,
                                     &out.screen_ms, &out.recording_ms, &out.streaming_ms, &out.viewers_peak,
                                     &out.viewers_in_all, &out.chat_messages, &out.reactions, &out.hands}) {
    *number = in.integer();
  }
  const auto high = in.maybe_integer(), medium = in.maybe_integer(), low = in.maybe_integer();
  if (high && medium && low) out.engagement = EngagementCounts{*high, *medium, *low};
  return out;
}

PersonRow read_person(const StoreRow& row) {
  StoreColumns in{row};
  PersonRow out;
  out.session = in.integer();
  out.number = in.integer();
  for (std::string* const text : {&out.user_id, &out.name, &out.role}) *text = in.text();
  out.guest = in.flag();
  out.first_joined_at = in.integer();
  out.last_left_at = in.maybe_integer();
  for (std::int64_t* const number :
       {&out.joins, &out.aways, &out.devices, &out.present_ms, &out.away_ms, &out.talk_ms, &out.camera_ms,
        &out.screen_ms, &out.chat_messages, &out.reactions, &out.hands, &out.counted_at}) {
    *number = in.integer();
  }
  for (bool* const flag : {&out.is_present, &out.is_away, &out.camera_on, &out.screen_on}) *flag = in.flag();
  return out;
}

EventRow read_event(const StoreRow& row) {
  StoreColumns in{row};
  EventRow out;
  out.session = in.integer();
  out.number = in.integer();
  out.at = in.integer();
  out.kind = from_json<EventKind>(json::value(in.text()));
  out.person = in.integer();
  out.participants = in.integer();
  return out;
}

QualityFigures read_figures(StoreColumns& in) {
  QualityFigures out;
  out.samples = in.sum();
  for (auto* const number : {&out.round_trip_ms, &out.round_trip_max_ms, &out.jitter_ms, &out.jitter_max_ms,
                             &out.loss_up, &out.loss_up_max, &out.loss_down, &out.loss_down_max}) {
    *number = in.maybe_number();
  }
  out.up_bps = in.sum();
  out.down_bps = in.sum();
  out.height = in.maybe_number();
  out.frames_per_second = in.maybe_number();
  out.freezes = in.sum();
  out.frozen_ms = in.sum();
  out.mos = in.maybe_number();
  out.mos_min = in.maybe_number();
  for (std::int64_t* const seconds : {&out.poor, &out.fair, &out.good, &out.excellent}) *seconds = in.sum();
  return out;
}

constexpr const char* kSessionColumns =
    R"("id", "tenant", "room_id", "room_name", "meeting_id", "started_at", "seen_at", "ended_at", "reason", "joins",
"people", "left_out", "peak", "attended_ms", "talk_ms", "screen_ms", "recording_ms", "streaming_ms", "viewers_peak",
"viewers_in_all", "chat_messages", "reactions", "hands", "high", "medium", "low")";

constexpr const char* kFigures =
    R"("samples", "round_trip_ms", "round_trip_max_ms", "jitter_ms", "jitter_max_ms", "loss_up", "loss_up_max",
"loss_down", "loss_down_max", "up_bps", "down_bps", "height", "frames_per_second", "freezes", "frozen_ms", "mos",
"mos_min", "poor", "fair", "good", "excellent")";

// A mean of means is weighted by how many samples each stands for.
constexpr const char* kSummedFigures =
    R"(SUM("samples"), SUM("round_trip_ms" * "samples") / SUM(CASE WHEN "round_trip_ms" IS NOT NULL THEN "samples" END),
MAX("round_trip_max_ms"), SUM("jitter_ms" * "samples") / SUM(CASE WHEN "jitter_ms" IS NOT NULL THEN "samples" END),
MAX("jitter_max_ms"), SUM("loss_up" * "samples") / SUM(CASE WHEN "loss_up" IS NOT NULL THEN "samples" END),
MAX("loss_up_max"), SUM("loss_down" * "samples") / SUM(CASE WHEN "loss_down" IS NOT NULL THEN "samples" END),
MAX("loss_down_max"), SUM("up_bps" * "samples") / SUM("samples"), SUM("down_bps" * "samples") / SUM("samples"),
SUM("height" * "samples") / SUM(CASE WHEN "height" IS NOT NULL THEN "samples" END),
SUM("frames_per_second" * "samples") / SUM(CASE WHEN "frames_per_second" IS NOT NULL THEN "samples" END),
SUM("freezes"), SUM("frozen_ms"), SUM("mos" * "samples") / SUM(CASE WHEN "mos" IS NOT NULL THEN "samples" END),
MIN("mos_min"), SUM("poor"), SUM("fair"), SUM("good"), SUM("excellent"))";

std::int64_t seconds_of(Resolution resolution) { return length_of(resolution).count(); }

}  // namespace

std::vector<SessionRow> find_sessions(StoreTransaction& store, const SessionFilter& filter) {
  std::string sql = std::string{"SELECT "} + kSessionColumns + R"( FROM "analytics_session" WHERE "erased" = 0)";
  std::vector<StoreValue> parameters;
  const auto demand = [&](const char* condition, StoreValue value) {
    sql += std::string{" AND "} + condition;
    parameters.push_back(std::move(value));
  };
  if (filter.tenant) demand(R"("tenant" = ?)", *filter.tenant);
  if (!filter.meeting_id.empty()) demand(R"("meeting_id" = ?)", filter.meeting_id);
  if (!filter.room_id.empty()) demand(R"("room_id" = ?)", filter.room_id);
  if (filter.id) demand(R"("id" = ?)", *filter.id);
  if (filter.from) demand(R"("seen_at" >= ?)", *filter.from);
  if (filter.to) demand(R"("started_at" < ?)", *filter.to);
  if (filter.before) demand(R"("id" < ?)", *filter.before);
  if (filter.open_only) sql += R"( AND "ended_at" IS NULL)";
  sql += R"( ORDER BY "id" DESC LIMIT ?)";
  parameters.emplace_back(filter.limit);
  std::vector<SessionRow> out;
  for (const StoreRow& row : store.query(sql, parameters)) out.push_back(read_session(row));
  return out;
}

std::vector<PersonRow> people_of(StoreTransaction& store, SessionId session, std::int64_t seen_at) {
  const auto rows = store.query(
      R"(SELECT "session", "number", "user_id", "name", "role", "guest", "first_joined_at", "last_left_at", "joins",
"aways", "devices", "present_ms", "away_ms", "talk_ms", "camera_ms", "screen_ms", "chat_messages", "reactions",
"hands", "counted_at", "is_present", "is_away", "camera_on", "screen_on"
FROM "analytics_person" WHERE "session" = ? ORDER BY "number" LIMIT 10000)",
      {session});
  std::vector<PersonRow> out;
  out.reserve(rows.size());
  for (const StoreRow& row : rows) out.push_back(settle(read_person(row), seen_at));
  return out;
}

std::vector<EventRow> events_of(StoreTransaction& store, SessionId session, std::int64_t after, std::int64_t limit) {
  std::vector<EventRow> out;
  for (const StoreRow& row : store.query(
           R"(SELECT "session", "number", "at", "kind", "person", "participants" FROM "analytics_event"
WHERE "session" = ? AND "number" > ? ORDER BY "number" LIMIT ?)",
           {session, after, limit})) {
    out.push_back(read_event(row));
  }
  return out;
}

std::optional<PersonNumber> number_of(StoreTransaction& store, SessionId session, const std::string& user_id) {
  const auto rows = store.query(R"(SELECT "number" FROM "analytics_person" WHERE "session" = ? AND "user_id" = ?)",
                                {session, user_id});
  return rows.empty() ? std::nullopt : std::optional{StoreColumns{rows.front()}.integer()};
}

std::vector<QualityRow> series_of(StoreTransaction& store, const SeriesFilter& filter) {
  const QualityKey after = filter.after.value_or(QualityKey{.person = -1, .at = 0});
  const auto rows = store.query(
      std::string{R"(SELECT "person", "at", )"} + kFigures +
          R"( FROM "analytics_quality" WHERE "session" = ? AND "resolution" = ?
AND "person" BETWEEN ? AND ? AND "at" >= ? AND "at" < ? AND ("person" > ? OR ("person" = ? AND "at" > ?))
ORDER BY "person", "at" LIMIT ?)",
      {filter.session, seconds_of(filter.resolution), std::max(filter.person.value_or(0), after.person),
       filter.person.value_or(INT64_MAX), filter.from, filter.to, after.person, after.person, after.at, filter.limit});
  std::vector<QualityRow> out;
  out.reserve(rows.size());
  for (const StoreRow& row : rows) {
    StoreColumns in{row};
    QualityRow& one = out.emplace_back();
    one.session = filter.session;
    one.resolution = filter.resolution;
    one.person = in.integer();
    one.at = in.integer();
    one.figures = read_figures(in);
  }
  return out;
}

std::vector<QualitySummary> quality_of(StoreTransaction& store, SessionId session) {
  const auto rows = store.query(std::string{R"(SELECT "person", )"} + kSummedFigures +
                                    R"( FROM "analytics_quality" WHERE "session" = ? AND "resolution" = ?
GROUP BY "person" ORDER BY "person" LIMIT 10000)",
                                {session, seconds_of(Resolution::h1)});
  std::vector<QualitySummary> out;
  for (const StoreRow& row : rows) {
    StoreColumns in{row};
    QualitySummary& one = out.emplace_back();
    one.person = in.integer();
    one.figures = read_figures(in);
  }
  return out;
}

}  // namespace sluice::analytics
