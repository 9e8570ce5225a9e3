#include "records.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <variant>

namespace sluice::recording {

namespace {

constexpr std::string_view kColumns =
    R"("id", "tenant", "meeting_id", "room_id", "started_by", "started_by_name", "state", "settings", "report", "files",
       "started_at", "ended_at", "retention_until", "error", "attempts")";

std::string select(std::string_view condition) {
  return "SELECT " + std::string{kColumns} + R"( FROM "recording_recordings" )" + std::string{condition};
}

template <class T>
std::string text_of(const T& value) {
  return json::serialize(to_json(value));
}

std::string word_of(State state) { return std::string{to_json(state).as_string()}; }

Record read(const StoreRow& row) {
  std::size_t next = 0;
  const auto text = [&] { return std::get<std::string>(row.at(next++)); };
  const auto integer = [&] { return std::get<std::int64_t>(row.at(next++)); };
  Record out;
  out.id = text();
  out.tenant = text();
  out.meeting_id = text();
  out.room_id = text();
  out.started_by = text();
  out.started_by_name = text();
  out.state = from_json<State>(json::value(text()));
  out.settings = from_json<Settings>(json::parse(text()));
  out.report = from_json<ProductionReport>(json::parse(text()));
  out.files = from_json<std::vector<KeptFile>>(json::parse(text()));
  out.started_at = integer();
  out.ended_at = integer();
  out.retention_until = integer();
  out.error = text();
  out.attempts = static_cast<int>(integer());
  return out;
}

std::vector<Record> read_all(const std::vector<StoreRow>& rows) {
  std::vector<Record> out;
  out.reserve(rows.size());
  for (const StoreRow& row : rows) out.push_back(read(row));
  return out;
}

/// `?, ?`
std::string placeholders(std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += i == 0 ? "?" : ", ?";
  return out;
}

}  // namespace

void insert(StoreTransaction& store, const Record& record) {
  ProductionReport report = record.report;
  report.files.clear();
  store.query(
      R"(INSERT INTO "recording_recordings" ("id", "tenant", "meeting_id", "room_id", "started_by",
                   "started_by_name", "state", "settings", "report", "files", "started_at", "ended_at",
                   "retention_until", "error", "attempts", "title")
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?))",
      {record.id, record.tenant, record.meeting_id, record.room_id, record.started_by, record.started_by_name,
       word_of(record.state), text_of(record.settings), text_of(report), text_of(record.files), record.started_at,
       record.ended_at, record.retention_until, record.error, std::int64_t{record.attempts}, record.settings.title});
}

std::optional<Record> find(StoreTransaction& store, const std::string& id) {
  const auto rows = store.query(select(R"(WHERE "id" = ?)"), {id});
  return rows.empty() ? std::nullopt : std::optional{read(rows.front())};
}

bool change_state(StoreTransaction& store, const std::string& id, std::initializer_list<State> from, State to) {
  std::vector<StoreValue> values{word_of(to), id};
  for (const State one : from) values.emplace_back(word_of(one));
  return !store
              .query(R"(UPDATE "recording_recordings" SET "state" = ? WHERE "id" = ? AND "state" IN ()" +
                         placeholders(from.size()) + R"() RETURNING 1)",
                     values)
              .empty();
}

bool mark_captured(StoreTransaction& store, const std::string& id, UnixMs ended_at) {
  return !store
              .query(R"(UPDATE "recording_recordings" SET "state" = 'captured', "ended_at" = ?
                        WHERE "id" = ? AND "state" IN ('capturing', 'paused') RETURNING 1)",
                     {ended_at, id})
              .empty();
}

std::optional<Record> begin_production(StoreTransaction& store, const std::string& id) {
  store.query(R"(UPDATE "recording_recordings" SET "state" = 'producing', "attempts" = "attempts" + 1
                 WHERE "id" = ? AND "state" = 'captured')",
              {id});
  std::optional<Record> out = find(store, id);
  return out && out->state == State::producing ? out : std::nullopt;
}

bool put_back(StoreTransaction& store, const std::string& id) {
  return !store
              .query(R"(UPDATE "recording_recordings" SET "state" = 'captured', "attempts" = MAX("attempts" - 1, 0)
                        WHERE "id" = ? AND "state" = 'producing' RETURNING 1)",
                     {id})
              .empty();
}

bool mark_ready(StoreTransaction& store, const Record& record) {
  ProductionReport report = record.report;
  report.files.clear();
  return !store
              .query(R"(UPDATE "recording_recordings"
                        SET "state" = 'ready', "report" = ?, "files" = ?, "retention_until" = ?, "error" = ''
                        WHERE "id" = ? AND "state" = 'producing' RETURNING 1)",
                     {text_of(report), text_of(record.files), record.retention_until, record.id})
              .empty();
}

bool mark_failed(StoreTransaction& store, const std::string& id, const std::string& error, UnixMs retention_until) {
  return !store
              .query(R"(UPDATE "recording_recordings" SET "state" = 'failed', "error" = ?, "retention_until" = ?
                        WHERE "id" = ? AND "state" IN ('capturing', 'paused', 'captured', 'producing') RETURNING 1)",
                     {error, retention_until, id})
              .empty();
}

void add_people(StoreTransaction& store, const std::string& id, const std::vector<Person>& people) {
  for (const Person& one : people) {
    store.query(R"(INSERT INTO "recording_people" ("recording_id", "user_id", "moderator") VALUES (?, ?, ?)
                   ON CONFLICT ("recording_id", "user_id")
                   DO UPDATE SET "moderator" = CASE WHEN excluded."moderator" = 1 THEN 1
                                                    ELSE "recording_people"."moderator" END)",
                {id, one.user_id, std::int64_t{one.moderator ? 1 : 0}});
  }
}

std::optional<Person> find_person(StoreTransaction& store, const std::string& id, const std::string& user_id) {
  const auto rows = store.query(
      R"(SELECT "moderator" FROM "recording_people" WHERE "recording_id" = ? AND "user_id" = ?)", {id, user_id});
  if (rows.empty()) return std::nullopt;
  return Person{.user_id = user_id, .moderator = std::get<std::int64_t>(rows.front().at(0)) != 0};
}

std::set<std::string> people_of(StoreTransaction& store, const std::string& id) {
  std::set<std::string> out;
  for (const StoreRow& row :
       store.query(R"(SELECT "user_id" FROM "recording_people" WHERE "recording_id" = ? LIMIT 10000)", {id})) {
    out.insert(std::get<std::string>(row.at(0)));
  }
  return out;
}

RecordPage list(StoreTransaction& store, const Filter& filter, std::int64_t offset, std::int64_t limit) {
  std::string condition = R"(WHERE "state" <> 'deleted' AND "tenant" = ?)";
  std::vector<StoreValue> values{filter.tenant};
  if (filter.room_id) {
    condition += R"( AND "room_id" = ?)";
    values.emplace_back(*filter.room_id);
  }
  if (filter.meeting_id) {
    condition += R"( AND "meeting_id" = ?)";
    values.emplace_back(*filter.meeting_id);
  }
  if (filter.user_id) {
    condition += R"( AND ("started_by" = ?
                      OR "id" IN (SELECT "recording_id" FROM "recording_people" WHERE "user_id" = ?)))";
    values.emplace_back(*filter.user_id);
    values.emplace_back(*filter.user_id);
  }
  RecordPage page;
  const auto count = store.query(R"(SELECT COUNT(*) FROM "recording_recordings" )" + condition, values);
  page.total = std::get<std::int64_t>(count.at(0).at(0));
  values.emplace_back(limit);
  values.emplace_back(offset);
  page.records =
      read_all(store.query(select(condition + R"( ORDER BY "started_at" DESC, "id" LIMIT ? OFFSET ?)"), values));
  return page;
}

std::vector<Record> newest(StoreTransaction& store, std::int64_t limit) {
  return read_all(
      store.query(select(R"(WHERE "state" <> 'deleted' ORDER BY "started_at" DESC, "id" LIMIT ?)"), {limit}));
}

std::vector<Record> unfinished(StoreTransaction& store) {
  return read_all(store.query(select(R"(WHERE "state" IN ('capturing', 'paused', 'captured', 'producing')
                                        ORDER BY "started_at", "id" LIMIT 10000)")));
}

bool mark_deleted(StoreTransaction& store, const std::string& id, UnixMs now) {
  return !store
              .query(R"(UPDATE "recording_recordings" SET "state" = 'deleted', "deleted_at" = ?
                        WHERE "id" = ? AND "state" <> 'deleted' RETURNING 1)",
                     {now, id})
              .empty();
}

void mark_meeting_deleted(StoreTransaction& store, const std::string& tenant, const std::string& meeting_id,
                          UnixMs now) {
  store.query(R"(UPDATE "recording_recordings" SET "state" = 'deleted', "deleted_at" = ?
                 WHERE "tenant" = ? AND "meeting_id" = ? AND "state" <> 'deleted')",
              {now, tenant, meeting_id});
}

std::vector<std::string> mark_expired(StoreTransaction& store, UnixMs now, std::int64_t limit) {
  std::vector<std::string> out;
  const auto rows = store.query(
      R"(UPDATE "recording_recordings" SET "state" = 'deleted', "deleted_at" = ?
         WHERE "id" IN (SELECT "id" FROM "recording_recordings"
                        WHERE "state" IN ('ready', 'failed') AND "retention_until" > 0 AND "retention_until" <= ?
                        LIMIT ?)
         RETURNING "id")",
      {now, now, limit});
  for (const StoreRow& row : rows) out.push_back(std::get<std::string>(row.at(0)));
  return out;
}

std::vector<Record> to_purge(StoreTransaction& store, std::int64_t limit) {
  return read_all(store.query(select(R"(WHERE "state" = 'deleted' AND "purged" = 0 LIMIT ?)"), {limit}));
}

void mark_purged(StoreTransaction& store, const std::string& id) {
  store.query(R"(UPDATE "recording_recordings" SET "purged" = 1, "files" = '[]' WHERE "id" = ?)", {id});
  store.query(R"(DELETE FROM "recording_people" WHERE "recording_id" = ?)", {id});
}

void forget_deleted(StoreTransaction& store, UnixMs before, std::int64_t limit) {
  store.query(R"(DELETE FROM "recording_recordings"
                 WHERE "id" IN (SELECT "id" FROM "recording_recordings"
                                WHERE "state" = 'deleted' AND "purged" = 1 AND "deleted_at" < ? LIMIT ?))",
              {before, limit});
}

}  // namespace sluice::recording
