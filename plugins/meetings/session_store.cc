#include "session_store.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

#include "sluice/store.h"
#include "store_task.h"
#include "time_zone.h"

namespace sluice::meetings {

namespace {

constexpr const char* kPut = R"sql(
INSERT INTO "meetings_session" ("tenant", "meeting_id", "id", "started_at", "seen_at", "ended_at", "reason",
  "duration_seconds", "total_joins", "max_participants", "total_participants", "average_participants", "figures")
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT ("tenant", "meeting_id", "id") DO UPDATE SET "seen_at" = excluded."seen_at",
  "ended_at" = excluded."ended_at", "reason" = excluded."reason", "duration_seconds" = excluded."duration_seconds",
  "total_joins" = excluded."total_joins", "max_participants" = excluded."max_participants",
  "total_participants" = excluded."total_participants", "average_participants" = excluded."average_participants",
  "figures" = excluded."figures")sql";

constexpr const char* kUnfinished = R"sql(
SELECT "id", "started_at", "seen_at", "duration_seconds", "total_joins", "max_participants", "total_participants",
  "average_participants", "figures"
FROM "meetings_session" WHERE "tenant" = ? AND "meeting_id" = ? AND "ended_at" IS NULL
ORDER BY "started_at" DESC LIMIT 1)sql";

std::int64_t integer(const StoreValue& value) {
  const auto* number = std::get_if<std::int64_t>(&value);
  return number == nullptr ? 0 : *number;
}

double real(const StoreValue& value) {
  const auto* number = std::get_if<double>(&value);
  return number == nullptr ? static_cast<double>(integer(value)) : *number;
}

std::string text(const StoreValue& value) {
  const auto* found = std::get_if<std::string>(&value);
  return found == nullptr ? std::string{} : *found;
}

std::vector<StoreValue> values(const SessionRow& row) {
  const StoreValue ended = row.ended_at ? StoreValue{to_ms(*row.ended_at)} : StoreValue{};
  return {row.tenant,
          row.meeting_id,
          row.id,
          to_ms(row.started_at),
          to_ms(row.seen_at),
          ended,
          row.reason,
          row.numbers.duration_seconds,
          row.numbers.total_joins,
          row.numbers.max_participants,
          row.numbers.total_participants,
          row.numbers.average_participants,
          json::serialize(row.figures)};
}

SessionRow read(const std::string& tenant, const std::string& meeting_id, const StoreRow& row) {
  return {.tenant = tenant,
          .meeting_id = meeting_id,
          .id = text(row[0]),
          .started_at = from_ms(integer(row[1])),
          .seen_at = from_ms(integer(row[2])),
          .numbers = {.duration_seconds = integer(row[3]),
                      .total_joins = integer(row[4]),
                      .max_participants = integer(row[5]),
                      .total_participants = integer(row[6]),
                      .average_participants = real(row[7])},
          .figures = json::parse(text(row[8])).as_object()};
}

}  // namespace

void SessionStore::put(std::vector<SessionRow> rows, Done<Ok> done) {
  in_store<Ok>(
      host_, lifeline_,
      [rows = std::move(rows)](StoreTransaction& store) {
        for (const SessionRow& row : rows) store.query(kPut, values(row));
        return Ok{};
      },
      std::move(done));
}

void SessionStore::unfinished(std::string tenant, std::string meeting_id, Done<std::optional<SessionRow>> done) {
  in_store<std::optional<SessionRow>>(
      host_, lifeline_,
      [tenant = std::move(tenant), meeting_id = std::move(meeting_id)](StoreTransaction& store) {
        const auto rows = store.query(kUnfinished, {tenant, meeting_id});
        return rows.empty() ? std::nullopt : std::optional{read(tenant, meeting_id, rows.front())};
      },
      std::move(done));
}

void SessionStore::totals(std::string tenant, Done<StoredTotals> done) {
  in_store<StoredTotals>(
      host_, lifeline_,
      [tenant = std::move(tenant)](StoreTransaction& store) {
        const auto meetings = store.query(
            R"(SELECT COUNT(*) FROM "meetings_meeting" WHERE "tenant" = ? AND "deleted_at" IS NULL)", {tenant});
        const auto sessions = store.query(
            R"(SELECT COUNT(*), COALESCE(SUM("total_participants"), 0) FROM "meetings_session" WHERE "tenant" = ?)",
            {tenant});
        return StoredTotals{.meetings = integer(meetings.at(0).at(0)),
                            .sessions = integer(sessions.at(0).at(0)),
                            .participants = integer(sessions.at(0).at(1))};
      },
      std::move(done));
}

void SessionStore::tenant_for_guests(std::string meeting_id, Done<std::optional<std::string>> done) {
  in_store<std::optional<std::string>>(
      host_, lifeline_,
      [meeting_id = std::move(meeting_id)](StoreTransaction& store) -> std::optional<std::string> {
        const auto rows = store.query(
            R"(SELECT "tenant" FROM "meetings_meeting" WHERE "id" = ? AND "deleted_at" IS NULL LIMIT 2)", {meeting_id});
        if (rows.size() != 1) return std::nullopt;  // ids are random: two of them are nobody's
        return text(rows.front().at(0));
      },
      std::move(done));
}

void SessionStore::ping(Done<Ok> done) {
  in_store<Ok>(
      host_, lifeline_,
      [](StoreTransaction& store) {
        store.query(R"(SELECT COUNT(*) FROM "meetings_session" WHERE "tenant" = '' AND "meeting_id" = '')");
        return Ok{};
      },
      std::move(done));
}

}  // namespace sluice::meetings
