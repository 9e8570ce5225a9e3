#include "history/batch.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "sluice/store_columns.h"

namespace sluice::analytics {

namespace {

// Statements are read anew each time: one of many rows costs less than many of one. SQLite takes 32,766 parameters.
constexpr std::size_t kRowsPerStatement = 64;

template <class Row>
void move_to_end(std::vector<Row>& to, std::vector<Row>& from) {
  to.insert(to.end(), std::move_iterator{from.begin()}, std::move_iterator{from.end()});
  from.clear();
}

template <class Row>
void take_some(std::vector<Row>& from, std::vector<Row>& to, std::size_t& most) {
  const auto count = static_cast<std::ptrdiff_t>(std::min(from.size(), most));
  to.assign(std::move_iterator{from.begin()}, std::move_iterator{from.begin() + count});
  from.erase(from.begin(), from.begin() + count);
  most -= static_cast<std::size_t>(count);
}

// The placeholders of `rows` rows of `columns` values.
std::string places(std::size_t rows, std::size_t columns) {
  std::string row{"("};
  for (std::size_t i = 0; i < columns; ++i) row += i == 0 ? "?" : ",?";
  row += ')';
  std::string all;
  for (std::size_t i = 0; i < rows; ++i) all.append(i == 0 ? "" : ",").append(row);
  return all;
}

template <class Row, class Values>
void insert(StoreTransaction& store, std::string_view into, std::string_view conflict, std::span<const Row> rows,
            Values values) {
  while (!rows.empty()) {
    const auto some = rows.first(std::min(rows.size(), kRowsPerStatement));
    rows = rows.subspan(some.size());
    std::vector<StoreValue> parameters;
    for (const Row& row : some) values(row, parameters);
    const std::size_t columns = parameters.size() / some.size();
    store.query(std::string{into} + places(some.size(), columns) + std::string{conflict}, parameters);
  }
}

// Of rows with one key the last: a statement may not change one row twice (PostgreSQL).
template <class Row, class Key>
std::vector<Row> newest_of_each(std::span<const Row> rows, Key key) {
  const auto key_of = [&](const Row& row) { return std::invoke(key, row); };
  std::vector<Row> all{rows.begin(), rows.end()};
  std::ranges::stable_sort(all, {}, key_of);
  std::vector<Row> newest;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i + 1 == all.size() || key_of(all[i + 1]) != key_of(all[i])) newest.push_back(std::move(all[i]));
  }
  return newest;
}

constexpr std::string_view kIntoSessions =
    R"(INSERT INTO "analytics_session" ("id", "tenant", "room_id", "room_name", "meeting_id", "started_at", "seen_at",
"ended_at", "reason", "joins", "people", "left_out", "peak", "attended_ms", "talk_ms", "screen_ms", "recording_ms",
"streaming_ms", "viewers_peak", "viewers_in_all", "chat_messages", "reactions", "hands", "high", "medium", "low",
"erased") VALUES )";
// What has been erased stays so.
constexpr std::string_view kSameSession =
    R"( ON CONFLICT ("id") DO UPDATE SET "meeting_id" = excluded."meeting_id", "seen_at" = excluded."seen_at",
"ended_at" = excluded."ended_at", "reason" = excluded."reason", "joins" = excluded."joins",
"people" = excluded."people", "left_out" = excluded."left_out", "peak" = excluded."peak",
"attended_ms" = excluded."attended_ms", "talk_ms" = excluded."talk_ms", "screen_ms" = excluded."screen_ms",
"recording_ms" = excluded."recording_ms", "streaming_ms" = excluded."streaming_ms",
"viewers_peak" = excluded."viewers_peak", "viewers_in_all" = excluded."viewers_in_all",
"chat_messages" = excluded."chat_messages", "reactions" = excluded."reactions", "hands" = excluded."hands",
"high" = excluded."high", "medium" = excluded."medium", "low" = excluded."low",
"erased" = CASE WHEN "analytics_session"."erased" = 1 THEN 1 ELSE excluded."erased" END)";

constexpr std::string_view kIntoPeople =
    R"(INSERT INTO "analytics_person" ("session", "number", "user_id", "name", "role", "guest", "first_joined_at",
"last_left_at", "joins", "aways", "devices", "present_ms", "away_ms", "talk_ms", "camera_ms", "screen_ms",
"chat_messages", "reactions", "hands", "counted_at", "is_present", "is_away", "camera_on", "screen_on") VALUES )";
constexpr std::string_view kSamePerson =
    R"( ON CONFLICT ("session", "number") DO UPDATE SET "name" = excluded."name", "role" = excluded."role",
"last_left_at" = excluded."last_left_at", "joins" = excluded."joins", "aways" = excluded."aways",
"devices" = excluded."devices", "present_ms" = excluded."present_ms", "away_ms" = excluded."away_ms",
"talk_ms" = excluded."talk_ms", "camera_ms" = excluded."camera_ms", "screen_ms" = excluded."screen_ms",
"chat_messages" = excluded."chat_messages", "reactions" = excluded."reactions", "hands" = excluded."hands",
"counted_at" = excluded."counted_at", "is_present" = excluded."is_present", "is_away" = excluded."is_away",
"camera_on" = excluded."camera_on", "screen_on" = excluded."screen_on")";

constexpr std::string_view kIntoEvents =
    R"(INSERT INTO "analytics_event" ("session", "number", "at", "kind", "person", "participants") VALUES )";
constexpr std::string_view kSameEvent = R"( ON CONFLICT ("session", "number") DO NOTHING)";

constexpr std::string_view kIntoQuality =
    R"(INSERT INTO "analytics_quality" ("session", "resolution", "person", "at", "samples", "round_trip_ms",
"round_trip_max_ms", "jitter_ms", "jitter_max_ms", "loss_up", "loss_up_max", "loss_down", "loss_down_max", "up_bps",
"down_bps", "height", "frames_per_second", "freezes", "frozen_ms", "mos", "mos_min", "poor", "fair", "good",
"excellent") VALUES )";
// An hour is written again as it grows; where the clock was set back, the fuller one stays.
constexpr std::string_view kSameQuality =
    R"( ON CONFLICT ("session", "resolution", "person", "at") DO UPDATE SET "samples" = excluded."samples",
"round_trip_ms" = excluded."round_trip_ms", "round_trip_max_ms" = excluded."round_trip_max_ms",
"jitter_ms" = excluded."jitter_ms", "jitter_max_ms" = excluded."jitter_max_ms", "loss_up" = excluded."loss_up",
"loss_up_max" = excluded."loss_up_max", "loss_down" = excluded."loss_down",
"loss_down_max" = excluded."loss_down_max", "up_bps" = excluded."up_bps", "down_bps" = excluded."down_bps",
"height" = excluded."height", "frames_per_second" = excluded."frames_per_second", "freezes" = excluded."freezes",
"frozen_ms" = excluded."frozen_ms", "mos" = excluded."mos", "mos_min" = excluded."mos_min",
"poor" = excluded."poor", "fair" = excluded."fair", "good" = excluded."good", "excellent" = excluded."excellent"
WHERE excluded."samples" >= "analytics_quality"."samples")";

void push(std::vector<StoreValue>& out, std::initializer_list<StoreValue> values) {
  out.insert(out.end(), values.begin(), values.end());
}

void write_sessions(StoreTransaction& store, std::span<const SessionRow> rows, SessionId base) {
  const auto newest = newest_of_each(rows, &SessionRow::id);
  insert<SessionRow>(store, kIntoSessions, kSameSession, newest, [base](const SessionRow& row, auto& out) {
    const auto& counts = row.engagement;
    push(out, {base + row.id,
               row.tenant,
               row.room_id,
               row.room_name,
               row.meeting_id,
               row.started_at,
               row.seen_at,
               or_null(row.ended_at),
               row.reason,
               row.joins,
               row.people,
               row.left_out,
               row.peak,
               row.attended_ms,
               row.talk_ms,
               row.screen_ms,
               row.recording_ms,
               row.streaming_ms,
               row.viewers_peak,
               row.viewers_in_all,
               row.chat_messages,
               row.reactions,
               row.hands,
               counts ? StoreValue{counts->high} : StoreValue{},
               counts ? StoreValue{counts->medium} : StoreValue{},
               counts ? StoreValue{counts->low} : StoreValue{},
               store_flag(row.erased)});
  });
}

void write_people(StoreTransaction& store, std::span<const PersonRow> rows, SessionId base) {
  const auto newest = newest_of_each(rows, [](const PersonRow& row) { return std::pair{row.session, row.number}; });
  insert<PersonRow>(store, kIntoPeople, kSamePerson, newest, [base](const PersonRow& row, auto& out) {
    push(out, {base + row.session,
               row.number,
               row.user_id,
               row.name,
               row.role,
               store_flag(row.guest),
               row.first_joined_at,
               or_null(row.last_left_at),
               row.joins,
               row.aways,
               row.devices,
               row.present_ms,
               row.away_ms,
               row.talk_ms,
               row.camera_ms,
               row.screen_ms,
               row.chat_messages,
               row.reactions,
               row.hands,
               row.counted_at,
               store_flag(row.is_present),
               store_flag(row.is_away),
               store_flag(row.camera_on),
               store_flag(row.screen_on)});
  });
}

void write_events(StoreTransaction& store, std::span<const EventRow> rows, SessionId base) {
  insert<EventRow>(store, kIntoEvents, kSameEvent, rows, [base](const EventRow& row, auto& out) {
    push(out, {base + row.session, row.number, row.at, std::string{to_json(row.kind).as_string()}, row.person,
               row.participants});
  });
}

void write_quality(StoreTransaction& store, std::span<const QualityRow> rows, SessionId base) {
  const auto newest = newest_of_each(rows, [](const QualityRow& row) {
    return std::tuple{row.session, row.person, row.resolution, row.at};
  });
  insert<QualityRow>(store, kIntoQuality, kSameQuality, newest, [base](const QualityRow& row, auto& out) {
    const QualityFigures& f = row.figures;
    push(out, {base + row.session,
               std::int64_t{length_of(row.resolution).count()},
               row.person,
               row.at,
               f.samples,
               or_null(f.round_trip_ms),
               or_null(f.round_trip_max_ms),
               or_null(f.jitter_ms),
               or_null(f.jitter_max_ms),
               or_null(f.loss_up),
               or_null(f.loss_up_max),
               or_null(f.loss_down),
               or_null(f.loss_down_max),
               f.up_bps,
               f.down_bps,
               or_null(f.height),
               or_null(f.frames_per_second),
               f.freezes,
               f.frozen_ms,
               or_null(f.mos),
               or_null(f.mos_min),
               f.poor,
               f.fair,
               f.good,
               f.excellent});
  });
}

}  // namespace

void append(Batch& batch, Batch more) {
  move_to_end(batch.changes.sessions, more.changes.sessions);
  move_to_end(batch.changes.people, more.changes.people);
  move_to_end(batch.changes.events, more.changes.events);
  move_to_end(batch.quality, more.quality);
}

Batch take(Batch& batch, std::size_t most) {
  Batch out;
  take_some(batch.changes.sessions, out.changes.sessions, most);
  take_some(batch.changes.people, out.changes.people, most);
  take_some(batch.changes.events, out.changes.events, most);
  take_some(batch.quality, out.quality, most);
  return out;
}

void write(StoreTransaction& store, const Batch& batch, SessionId base) {
  write_sessions(store, batch.changes.sessions, base);
  write_people(store, batch.changes.people, base);
  write_events(store, batch.changes.events, base);
  write_quality(store, batch.quality, base);
}

}  // namespace sluice::analytics
