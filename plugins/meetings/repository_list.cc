// Lists of meetings: one page, and how many there are.
#include "meeting_rows.h"
#include "repository.h"
#include "repository_steps.h"
#include "store_task.h"
#include "text.h"
#include "time_zone.h"

namespace sluice::meetings {

namespace {

constexpr std::int64_t kNamedInList = 20;
constexpr std::int64_t kOccurrencesOfAnEntry = 50;

// The condition of a question, with what stands for its `?`.
struct Where {
  std::string sql;
  std::vector<StoreValue> values;

  void add(std::string_view condition, std::initializer_list<StoreValue> more) {
    sql.append(sql.empty() ? "WHERE " : " AND ").append(condition);
    values.insert(values.end(), more);
  }
};

void add_viewer(Where& where, const std::string& tenant, const Viewer& viewer) {
  std::string sql = R"(m."id" IN (SELECT "meeting_id" FROM "meetings_participant"
                        WHERE "tenant" = ? AND "user_id" = ? AND "user_id" <> '' AND "status" <> 'removed')";
  if (viewer.email.empty()) return where.add(sql + ")", {tenant, viewer.user_id});
  sql += R"( UNION SELECT "meeting_id" FROM "meetings_participant"
             WHERE "tenant" = ? AND "email" = ? AND "user_id" = '' AND "status" <> 'removed'))";
  where.add(sql, {tenant, viewer.user_id, tenant, viewer.email});
}

void add_range(Where& where, const MeetingFilter& filter) {
  if (!filter.from && !filter.to) return;
  const std::int64_t from = filter.from ? to_ms(*filter.from) : std::numeric_limits<std::int64_t>::min();
  const std::int64_t to = filter.to ? to_ms(*filter.to) : std::numeric_limits<std::int64_t>::max();
  where.add(R"(m."start_at" < ? AND m."over_at" > ?)", {to, from});
  where.add(R"((m."type" <> 'recurring' OR EXISTS (SELECT 1 FROM "meetings_occurrence" o WHERE o."tenant" = m."tenant"
               AND o."meeting_id" = m."id" AND o."start_at" < ? AND o."end_at" > ?)))",
            {to, from});
}

Where where_of(const MeetingFilter& filter) {
  Where where;
  where.add(R"(m."tenant" = ? AND m."deleted_at" IS NULL)", {filter.tenant});
  if (filter.viewer) add_viewer(where, filter.tenant, *filter.viewer);
  if (filter.status) where.add(R"(m."status" = ?)", {name_of(*filter.status)});
  if (filter.type) where.add(R"(m."type" = ?)", {name_of(*filter.type)});
  add_range(where, filter);
  if (!filter.search.empty()) where.add(R"(m."search" LIKE ? ESCAPE '\')", {containing(filter.search)});
  return where;
}

std::string order_of(const MeetingFilter& filter) {
  const std::string way = filter.order == Order::asc ? " ASC" : " DESC";
  switch (filter.sort) {
    case MeetingSort::name:
      return R"( ORDER BY m."name")" + way + R"(, m."id")" + way;
    case MeetingSort::created_at:
      return R"( ORDER BY m."created_at")" + way + R"(, m."id")" + way;
    case MeetingSort::start_time:
      break;
  }
  return R"( ORDER BY m."start_at")" + way + R"(, m."id")" + way;
}

void read_occurrences(StoreTransaction& store, const MeetingFilter& filter, MeetingPage::Entry& entry) {
  const Meeting& meeting = entry.meeting;
  if (meeting.type != MeetingType::recurring || (!filter.from && !filter.to)) return;
  const auto rows = store.query(
      R"(SELECT "start_at", "end_at" FROM "meetings_occurrence" WHERE "tenant" = ? AND "meeting_id" = ?
         AND "start_at" < ? AND "end_at" > ? ORDER BY "start_at" LIMIT ?)",
      {meeting.tenant, meeting.id, filter.to ? to_ms(*filter.to) : std::numeric_limits<std::int64_t>::max(),
       filter.from ? to_ms(*filter.from) : std::numeric_limits<std::int64_t>::min(), kOccurrencesOfAnEntry});
  for (const StoreRow& row : rows) {
    entry.occurrences.push_back({.start = from_ms(number(row.at(0))), .end = from_ms(number(row.at(1)))});
  }
}

// Sorting many rows is quick where they are narrow: those of the page are read whole afterwards.
std::vector<std::string> ids_of_page(StoreTransaction& store, const MeetingFilter& filter, Where where) {
  where.values.insert(where.values.end(), {filter.limit, filter.offset});
  std::vector<std::string> ids;
  for (const StoreRow& row :
       store.query(R"(SELECT m."id" FROM "meetings_meeting" m )" + where.sql + order_of(filter) + " LIMIT ? OFFSET ?",
                   where.values)) {
    ids.push_back(text(row.at(0)));
  }
  return ids;
}

MeetingPage read_page(StoreTransaction& store, const MeetingFilter& filter) {
  Where where = where_of(filter);
  MeetingPage page;
  page.total =
      number(store.query(R"(SELECT count(*) FROM "meetings_meeting" m )" + where.sql, where.values).at(0).at(0));
  if (page.total <= filter.offset) return page;
  std::vector<std::string> ids = ids_of_page(store, filter, std::move(where));
  if (ids.empty()) return page;
  std::vector<StoreValue> values{filter.tenant};
  values.insert(values.end(), ids.begin(), ids.end());
  const auto rows = store.query("SELECT " + std::string{kMeetingColumns} +
                                    R"( FROM "meetings_meeting" m WHERE m."tenant" = ? AND m."id" IN )" +
                                    places(ids.size()) + order_of(filter),
                                values);
  for (const StoreRow& row : rows) {
    page.entries.push_back({.meeting = read_meeting(row), .invited = {}, .occurrences = {}});
  }
  auto names = names_of_invited(store, filter.tenant, ids, kNamedInList);
  for (MeetingPage::Entry& entry : page.entries) {
    entry.invited = std::move(names[entry.meeting.id]);
    read_occurrences(store, filter, entry);
  }
  return page;
}

}  // namespace

void Repository::list(MeetingFilter filter, Done<MeetingPage> done) {
  in_store<MeetingPage>(
      host_, lifeline_, [filter = std::move(filter)](StoreTransaction& store) { return read_page(store, filter); },
      std::move(done));
}

}  // namespace sluice::meetings
