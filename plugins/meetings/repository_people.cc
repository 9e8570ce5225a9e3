// Who is invited to a meeting: the questions of Repository about participants.
#include <algorithm>

#include "meeting_rows.h"
#include "repository.h"
#include "repository_steps.h"
#include "sluice/timers.h"
#include "store_task.h"

namespace sluice::meetings {

namespace {

/// Rows of one meeting, with those who came without being invited; one more is not written.
constexpr std::int64_t kMostRows = 10'000;
constexpr std::int64_t kNamedInMeeting = 1'000;

std::int64_t count_present(StoreTransaction& store, const std::string& tenant, const std::string& meeting_id) {
  return number(store
                    .query(R"(SELECT count(*) FROM "meetings_participant"
                              WHERE "tenant" = ? AND "meeting_id" = ? AND "status" <> 'removed')",
                           {tenant, meeting_id})
                    .at(0)
                    .at(0));
}

std::vector<Invited> read_present(StoreTransaction& store, const std::string& tenant, const std::string& meeting_id,
                                  std::int64_t limit, std::int64_t offset) {
  return read_all_invited(store.query("SELECT " + std::string{kInvitedColumns} +
                                          R"( FROM "meetings_participant" WHERE "tenant" = ? AND "meeting_id" = ?
                                              AND "status" <> 'removed' ORDER BY "position" LIMIT ? OFFSET ?)",
                                      {tenant, meeting_id, limit, offset}));
}

// By the row's id, or the user's.
std::optional<Invited> row_by_id(StoreTransaction& store, const std::string& tenant, const std::string& meeting_id,
                                 const std::string& id) {
  const auto rows = store.query("SELECT " + std::string{kInvitedColumns} +
                                    R"( FROM "meetings_participant" WHERE "tenant" = ? AND "meeting_id" = ?
                                        AND ("id" = ? OR ("user_id" = ? AND "user_id" <> ''))
                                        AND "status" <> 'removed' LIMIT 1)",
                                {tenant, meeting_id, id, id});
  if (rows.empty()) return std::nullopt;
  return read_invited(rows.front());
}

// The row that speaks of this person; one of an address alone where the user is not known yet.
std::optional<Invited> row_of(StoreTransaction& store, const std::string& tenant, const Invited& who) {
  auto rows = rows_of(store, tenant, who.meeting_id, {.user_id = who.user_id, .email = who.email});
  if (rows.empty()) return std::nullopt;
  return std::move(rows.front());
}

void demand_removable(const Meeting& meeting, const Invited& row, Standing by) {
  if (row.user_id == meeting.creator_id) {
    throw Error{ErrorCode::conflict, "whose meeting it is, stays in it", {{"participantId", row.id}}};
  }
  if (row.role == Role::host && by < Standing::host) {
    throw Error{ErrorCode::permission_denied,
                "only a host removes a host",
                {{"requiredRole", "host"}, {"currentRole", "co_host"}}};
  }
}

// Whether something was written.
bool add_one(StoreTransaction& store, const std::string& tenant, Invited& who) {
  std::optional<Invited> row = row_of(store, tenant, who);
  if (!row) {
    insert_invited(store, tenant, who);
    return true;
  }
  if (row->status != InvitedStatus::removed && !row->walk_in) return false;
  if (row->status == InvitedStatus::removed) row->status = InvitedStatus::invited;
  row->walk_in = false;
  row->role = who.role;
  if (!who.name.empty()) row->name = who.name;
  update_invited(store, tenant, *row);
  who = *row;
  return true;
}

}  // namespace

void Repository::invited_names(std::string tenant, std::string meeting_id, Done<std::vector<std::string>> done) {
  in_store<std::vector<std::string>>(
      host_, lifeline_,
      [tenant = std::move(tenant), meeting_id = std::move(meeting_id)](StoreTransaction& store) {
        auto names = names_of_invited(store, tenant, {meeting_id}, kNamedInMeeting);
        return std::move(names[meeting_id]);
      },
      std::move(done));
}

void Repository::find_whole(std::string tenant, std::string id, Done<Whole> done) {
  in_store<Whole>(
      host_, lifeline_,
      [tenant = std::move(tenant), id = std::move(id)](StoreTransaction& store) {
        Whole out{.meeting = present_meeting(store, tenant, id), .people = {}};
        out.people = read_present(store, tenant, id, kMostRows, 0);
        return out;
      },
      std::move(done));
}

void Repository::participants(std::string tenant, std::string meeting_id, std::int64_t offset, std::int64_t limit,
                              Done<InvitedPage> done) {
  in_store<InvitedPage>(
      host_, lifeline_,
      [tenant = std::move(tenant), meeting_id = std::move(meeting_id), offset, limit](StoreTransaction& store) {
        return InvitedPage{.entries = read_present(store, tenant, meeting_id, std::min(limit, kMostRows), offset),
                           .total = count_present(store, tenant, meeting_id)};
      },
      std::move(done));
}

void Repository::add_participants(std::string tenant, std::string meeting_id, std::vector<Invited> invited,
                                  std::int64_t most, Done<Added> done) {
  in_store<Added>(
      host_, lifeline_,
      [tenant = std::move(tenant), meeting_id = std::move(meeting_id), invited = std::move(invited),
       most](StoreTransaction& store) mutable {
        static_cast<void>(present_meeting(store, tenant, meeting_id));
        Added out;
        for (Invited& who : invited) {
          if (add_one(store, tenant, who)) {
            out.added.push_back(std::move(who));
          } else {
            ++out.unchanged;
          }
        }
        if (!out.added.empty() && count_present(store, tenant, meeting_id) > most) {
          throw Error{ErrorCode::limit_exceeded, "so many cannot be invited", {{"limit", most}}};
        }
        return out;
      },
      std::move(done));
}

void Repository::remove_participants(std::string tenant, std::string meeting_id, std::vector<std::string> ids,
                                     Standing by, Done<Removed> done) {
  in_store<Removed>(
      host_, lifeline_,
      [tenant = std::move(tenant), meeting_id = std::move(meeting_id), ids = std::move(ids),
       by](StoreTransaction& store) {
        const Meeting meeting = present_meeting(store, tenant, meeting_id);
        Removed out;
        for (const std::string& id : ids) {
          std::optional<Invited> row = row_by_id(store, tenant, meeting_id, id);
          if (!row) continue;
          demand_removable(meeting, *row, by);
          row->status = InvitedStatus::removed;
          update_invited(store, tenant, *row);
          out.removed.push_back(std::move(*row));
        }
        out.remaining = count_present(store, tenant, meeting_id);
        return out;
      },
      std::move(done));
}

void Repository::change_role(std::string tenant, std::string meeting_id, std::string id, Role role,
                             Done<RoleChange> done) {
  in_store<RoleChange>(
      host_, lifeline_,
      [tenant = std::move(tenant), meeting_id = std::move(meeting_id), id = std::move(id),
       role](StoreTransaction& store) {
        const Meeting meeting = present_meeting(store, tenant, meeting_id);
        std::optional<Invited> row = row_by_id(store, tenant, meeting_id, id);
        if (!row) throw Error{ErrorCode::not_found, "there is no such participant"};
        if (row->user_id == meeting.creator_id && role != Role::host) {
          throw Error{ErrorCode::conflict, "whose meeting it is, hosts it", {{"participantId", row->id}}};
        }
        RoleChange change{.before = row->role, .now = std::move(*row)};
        change.now.role = role;
        change.now.walk_in = false;  // who is given a role is wanted
        update_invited(store, tenant, change.now);
        return change;
      },
      std::move(done));
}

void Repository::record_presence(std::string tenant, Invited who, Done<Invited> done) {
  in_store<Invited>(
      host_, lifeline_,
      [tenant = std::move(tenant), who = std::move(who)](StoreTransaction& store) mutable {
        static_cast<void>(present_meeting(store, tenant, who.meeting_id));
        std::optional<Invited> row = row_of(store, tenant, who);
        if (!row) {
          if (count_present(store, tenant, who.meeting_id) >= kMostRows) {
            throw Error{ErrorCode::limit_exceeded, "so many participants are not kept", {{"limit", kMostRows}}};
          }
          who.walk_in = true;
          insert_invited(store, tenant, who);
          return std::move(who);
        }
        if (row->user_id.empty()) row->user_id = who.user_id;
        if (!who.name.empty()) row->name = who.name;
        if (who.joined_at) row->joined_at = who.joined_at;
        row->left_at = who.left_at;
        // Who has been removed stays so: he left because of it. If he comes again, it is as somebody who is not
        // invited, and what he was before does not come back with him.
        if (row->status != InvitedStatus::removed) {
          row->status = who.status;
        } else if (who.status == InvitedStatus::joined) {
          row->status = who.status;
          row->role = who.role;
          row->walk_in = true;
        }
        update_invited(store, tenant, *row);
        return std::move(*row);
      },
      std::move(done));
}

}  // namespace sluice::meetings
