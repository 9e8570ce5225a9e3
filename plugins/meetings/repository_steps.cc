#include "repository_steps.h"

#include <algorithm>
#include <array>

#include "meeting_rows.h"

namespace sluice::meetings {

namespace {

bool same_person(const Invited& a, const Invited& b) {
  return a.user_id.empty() && b.user_id.empty() ? a.email == b.email : a.user_id == b.user_id;
}

}  // namespace

std::string places(std::size_t count) {
  std::string out = "(";
  for (std::size_t i = 0; i < count; ++i) out += i == 0 ? "?" : ", ?";
  return out + ")";
}

Error no_such_meeting() { return {ErrorCode::not_found, "there is no such meeting"}; }

Meeting present_meeting(StoreTransaction& store, const std::string& tenant, const std::string& id) {
  const auto rows = store.query("SELECT " + std::string{kMeetingColumns} +
                                    R"( FROM "meetings_meeting" m
                                        WHERE m."tenant" = ? AND m."id" = ? AND m."deleted_at" IS NULL)",
                                {tenant, id});
  if (rows.empty()) throw no_such_meeting();
  return read_meeting(rows.front());
}

std::vector<Invited> rows_of(StoreTransaction& store, const std::string& tenant, const std::string& meeting_id,
                             const Viewer& viewer) {
  std::vector<Invited> out;
  const std::string select = "SELECT " + std::string{kInvitedColumns} + R"( FROM "meetings_participant")";
  if (!viewer.user_id.empty()) {
    out = read_all_invited(store.query(select + R"( WHERE "tenant" = ? AND "user_id" = ? AND "meeting_id" = ?)"
                                                R"( AND "user_id" <> '')",
                                       {tenant, viewer.user_id, meeting_id}));
  }
  if (!viewer.email.empty()) {
    auto more = read_all_invited(store.query(select + R"( WHERE "tenant" = ? AND "email" = ? AND "meeting_id" = ?)"
                                                      R"( AND "user_id" = '')",
                                             {tenant, viewer.email, meeting_id}));
    std::ranges::move(more, std::back_inserter(out));
  }
  return out;
}

void replace_invited(StoreTransaction& store, const std::vector<Invited>& wanted, Repository::Written& out) {
  const Meeting& meeting = out.meeting;
  const auto rows = store.query("SELECT " + std::string{kInvitedColumns} +
                                    R"( FROM "meetings_participant" WHERE "tenant" = ? AND "meeting_id" = ?
                                        ORDER BY "position" LIMIT 10000)",
                                {meeting.tenant, meeting.id});
  const std::vector<Invited> present = read_all_invited(rows);
  for (Invited row : present) {
    const bool stays = row.user_id == meeting.creator_id ||
                       std::ranges::any_of(wanted, [&](const Invited& w) { return same_person(row, w); });
    const bool is_invited = row.status != InvitedStatus::removed && !row.walk_in;
    if (stays == is_invited || (!stays && row.walk_in)) continue;  // who came by himself was not invited, and stays so
    if (!stays) row.status = InvitedStatus::removed;
    if (stays && row.status == InvitedStatus::removed) row.status = InvitedStatus::invited;
    if (stays) row.walk_in = false;
    update_invited(store, meeting.tenant, row);
    (stays ? out.added : out.removed).push_back(std::move(row));
  }
  for (const Invited& invited : wanted) {
    const bool known = std::ranges::any_of(present, [&](const Invited& row) { return same_person(row, invited); });
    if (known) continue;
    insert_invited(store, meeting.tenant, invited);
    out.added.push_back(invited);
  }
}

void delete_for_good(StoreTransaction& store, const Meeting& meeting) {
  for (const std::string_view table :
       {"meetings_occurrence", "meetings_participant", "meetings_audit", "meetings_session"}) {
    store.query("DELETE FROM \"" + std::string{table} + R"(" WHERE "tenant" = ? AND "meeting_id" = ?)",
                {meeting.tenant, meeting.id});
  }
  store.query(R"(DELETE FROM "meetings_meeting" WHERE "tenant" = ? AND "id" = ?)", {meeting.tenant, meeting.id});
}

std::map<std::string, std::vector<std::string>> names_of_invited(StoreTransaction& store, const std::string& tenant,
                                                                 const std::vector<std::string>& ids,
                                                                 std::int64_t most) {
  std::map<std::string, std::vector<std::string>> out;
  if (ids.empty()) return out;
  std::vector<StoreValue> values{tenant};
  values.insert(values.end(), ids.begin(), ids.end());
  values.emplace_back(most);
  const auto rows = store.query(
      R"(SELECT "meeting_id", "user_id", "email" FROM (
           SELECT p."meeting_id", p."user_id", p."email",
                  row_number() OVER (PARTITION BY p."meeting_id" ORDER BY p."position") AS "n"
           FROM "meetings_participant" p JOIN "meetings_meeting" m ON m."tenant" = p."tenant" AND m."id" = p."meeting_id"
           WHERE p."tenant" = ? AND p."status" <> 'removed' AND p."walk_in" = 0 AND p."user_id" <> m."creator_id" AND p."meeting_id" IN )" +
          places(ids.size()) + R"() AS "ranked" WHERE "n" <= ? ORDER BY "meeting_id", "n" LIMIT 10000)",
      values);
  for (const StoreRow& row : rows) {
    const std::string& user_id = text(row.at(1));
    out[text(row.at(0))].push_back(user_id.empty() ? text(row.at(2)) : user_id);
  }
  return out;
}

}  // namespace sluice::meetings
