#include "audit.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

#include "meeting_rows.h"
#include "sluice/bus.h"
#include "sluice/log.h"
#include "store_task.h"
#include "time_zone.h"

namespace sluice::meetings {

namespace {

constexpr std::size_t kMostDetailBytes = 4'096;
/// Entries that wait to be written; more are dropped, and the log says so.
constexpr std::size_t kMostWaiting = 5'000;
constexpr std::chrono::milliseconds kWriteDelay{200};
constexpr std::chrono::hours kClearInterval{1};
/// Deleted at a time, so that the store is not held up.
constexpr std::int64_t kMostCleared = 5'000;

json::object bounded(json::object details) {
  if (json::serialize(details).size() > kMostDetailBytes) return {{"omitted", true}};
  return details;
}

std::int64_t next_number(StoreTransaction& store, const std::string& tenant, const std::string& meeting_id) {
  return number(store
                    .query(R"(SELECT coalesce(max("id"), 0) + 1 FROM "meetings_audit"
                              WHERE "tenant" = ? AND "meeting_id" = ?)",
                           {tenant, meeting_id})
                    .at(0)
                    .at(0));
}

// Events on the bus speak of any room; the trail is kept of meetings.
bool is_meeting(StoreTransaction& store, const std::string& tenant, const std::string& id) {
  return !store.query(R"(SELECT 1 FROM "meetings_meeting" WHERE "tenant" = ? AND "id" = ?)", {tenant, id}).empty();
}

void insert_entry(StoreTransaction& store, const std::string& tenant, const AuditEntry& entry, std::int64_t most) {
  const std::int64_t id = next_number(store, tenant, entry.meeting_id);
  store.query(R"(INSERT INTO "meetings_audit" ("tenant", "meeting_id", "id", "at", "actor_id", "actor_name", "action",
                 "target", "details") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?))",
              {tenant, entry.meeting_id, id, to_ms(entry.at), entry.actor_id, entry.actor_name, entry.action,
               entry.target, json::serialize(entry.details)});
  if (id <= most) return;
  store.query(R"(DELETE FROM "meetings_audit" WHERE "tenant" = ? AND "meeting_id" = ? AND "id" <= ?)",
              {tenant, entry.meeting_id, id - most});
}

AuditEntry read_entry(const StoreRow& row) {
  return {.meeting_id = text(row.at(0)),
          .at = from_ms(number(row.at(1))),
          .actor_id = text(row.at(2)),
          .actor_name = text(row.at(3)),
          .action = text(row.at(4)),
          .target = text(row.at(5)),
          .details = json::parse(text(row.at(6))).as_object()};
}

}  // namespace

AuditTrail::AuditTrail(Host& host, const Options& options) : host_{host}, options_{options} {}

void AuditTrail::start() {
  host_.bus().on<AuditEvent>([this](const AuditEvent& event) {
    if (event.room_id.empty()) return;
    record(event.tenant, event.room_id, event.actor, event.action, event.target, event.details);
  });
  clear_timer_ = host_.timers().every(kClearInterval, [this] { clear_out(); });
}

void AuditTrail::record(std::string_view tenant, std::string_view meeting_id, const Identity& actor,
                        std::string_view action, std::string_view target, json::object details) {
  if (waiting_.size() >= kMostWaiting) {
    host_.log().error("the audit trail loses an entry: too many wait for the store", {{"action", action}});
    return;
  }
  waiting_.push_back({.tenant = std::string{tenant},
                      .entry = {.meeting_id = std::string{meeting_id},
                                .at = host_.timers().wall_time(),
                                .actor_id = actor.user_id,
                                .actor_name = actor.name,
                                .action = sanitise_text(action, 64),
                                .target = sanitise_text(target),
                                .details = bounded(std::move(details))}});
  if (!write_timer_) write_timer_ = host_.timers().after(kWriteDelay, [this] { flush(); });
}

void AuditTrail::flush() {
  write_timer_.cancel();
  if (waiting_.empty()) return;
  in_store<Ok>(
      host_, lifeline_,
      [waiting = std::exchange(waiting_, {}),
       most = std::int64_t{options_.audit_rows_per_meeting}](StoreTransaction& store) {
        for (const auto& [tenant, entry] : waiting) {
          if (is_meeting(store, tenant, entry.meeting_id)) insert_entry(store, tenant, entry, most);
        }
        return Ok{};
      },
      [this](const Result<Ok, Error>& written) {
        if (!written) host_.log().error("the audit trail was not written", {{"error", written.error().what()}});
      });
}

void AuditTrail::clear_out() {
  const WallTime before = host_.timers().wall_time() - options_.audit_retention_hours;
  in_store<Ok>(
      host_, lifeline_,
      [before](StoreTransaction& store) {
        // The newest row to go bounds the work of one turn.
        const auto rows =
            store.query(R"(SELECT "at" FROM "meetings_audit" WHERE "at" < ? ORDER BY "at" LIMIT 1 OFFSET ?)",
                        {to_ms(before), kMostCleared});
        const std::int64_t until = rows.empty() ? to_ms(before) : number(rows.front().front());
        store.query(R"(DELETE FROM "meetings_audit" WHERE "at" < ?)", {until});
        return Ok{};
      },
      [](const Result<Ok, Error>&) {});
}

void AuditTrail::list(std::string tenant, std::string meeting_id, std::int64_t offset, std::int64_t limit, Done done) {
  flush();  // what was done a moment ago is in it
  in_store<AuditPage>(
      host_, lifeline_,
      [tenant = std::move(tenant), meeting_id = std::move(meeting_id), offset, limit](StoreTransaction& store) {
        AuditPage page;
        page.total =
            number(store
                       .query(R"(SELECT count(*) FROM "meetings_audit" WHERE "tenant" = ? AND "meeting_id" = ?)",
                              {tenant, meeting_id})
                       .at(0)
                       .at(0));
        const auto rows = store.query(
            R"(SELECT "meeting_id", "at", "actor_id", "actor_name", "action", "target", "details" FROM "meetings_audit"
               WHERE "tenant" = ? AND "meeting_id" = ? ORDER BY "id" DESC LIMIT ? OFFSET ?)",
            {tenant, meeting_id, limit, offset});
        for (const StoreRow& row : rows) page.entries.push_back(read_entry(row));
        return page;
      },
      std::move(done));
}

}  // namespace sluice::meetings
