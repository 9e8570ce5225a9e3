#include "core/admin/access/audit_tables.h"

#include <limits>
#include <utility>

#include "sluice/utc_text.h"

namespace sluice::admin {

namespace {

const std::string& text(const StoreValue& value) { return std::get<std::string>(value); }

AuditRecord record_of(const StoreRow& row) {
  return {.seq = std::get<std::int64_t>(row[0]),
          .time = utc_text(wall_time_of_ms(std::get<std::int64_t>(row[1]))),
          .who = text(row[2]),
          .shown_by = text(row[3]),
          .token_id = text(row[4]),
          .address = text(row[5]),
          .method = text(row[6]),
          .path = text(row[7]),
          .status = std::get<std::int64_t>(row[8])};
}

}  // namespace

bool is_refusal(int status) noexcept { return status == 401 || status == 403; }

void add_record(StoreTransaction& store, const AuditRecord& record, WallTime now) {
  store.query(
      "INSERT INTO admin_audit (time, who, shown_by, token_id, address, method, path, status) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      {unix_ms_of(now), record.who, record.shown_by, record.token_id, record.address, record.method, record.path,
       record.status});
}

std::vector<AuditRecord> records(StoreTransaction& store, const AuditQuery& query) {
  std::string sql =
      "SELECT seq, time, who, shown_by, token_id, address, method, path, status FROM admin_audit WHERE seq < ?";
  std::vector<StoreValue> parameters{query.before.value_or(std::numeric_limits<std::int64_t>::max())};
  if (query.who) {
    sql += " AND who = ?";
    parameters.emplace_back(*query.who);
  }
  sql += " ORDER BY seq DESC LIMIT ?";
  parameters.emplace_back(static_cast<std::int64_t>(query.limit));
  std::vector<AuditRecord> out;
  const auto rows = store.query(sql, parameters);
  for (const StoreRow& row : rows) out.push_back(record_of(row));
  return out;
}

void keep_within(StoreTransaction& store, const AuditBounds& bounds) {
  store.query("DELETE FROM admin_audit WHERE time < ?", {unix_ms_of(bounds.oldest)});
  // OFFSET n is the first record too many; without one the comparison with NULL keeps everything.
  store.query("DELETE FROM admin_audit WHERE seq <= (SELECT seq FROM admin_audit ORDER BY seq DESC LIMIT 1 OFFSET ?)",
              {static_cast<std::int64_t>(bounds.records)});
  store.query(
      "DELETE FROM admin_audit WHERE status IN (401, 403) AND seq <= (SELECT seq FROM admin_audit "
      "WHERE status IN (401, 403) ORDER BY seq DESC LIMIT 1 OFFSET ?)",
      {static_cast<std::int64_t>(bounds.refused)});
}

}  // namespace sluice::admin
