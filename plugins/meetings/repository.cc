#include "repository.h"

#include "meeting_rows.h"
#include "repository_steps.h"
#include "sluice/timers.h"
#include "store_task.h"
#include "text.h"
#include "time_zone.h"

namespace sluice::meetings {

namespace {

constexpr std::size_t kMostPurged = 100;
constexpr std::size_t kOccurrencesOfAStatement = 100;

void insert_occurrences(StoreTransaction& store, const Meeting& meeting, const std::vector<TimeSpan>& spans) {
  for (std::size_t first = 0; first < spans.size(); first += kOccurrencesOfAStatement) {
    std::string sql = R"(INSERT INTO "meetings_occurrence" ("tenant", "meeting_id", "start_at", "end_at") VALUES )";
    std::vector<StoreValue> values;
    for (std::size_t i = first; i < std::min(spans.size(), first + kOccurrencesOfAStatement); ++i) {
      sql += i == first ? "(?, ?, ?, ?)" : ", (?, ?, ?, ?)";
      for (StoreValue value : {StoreValue{meeting.tenant}, StoreValue{meeting.id}, StoreValue{to_ms(spans[i].start)},
                               StoreValue{to_ms(spans[i].end)}}) {
        values.push_back(std::move(value));
      }
    }
    store.query(sql, values);
  }
}

void replace_occurrences(StoreTransaction& store, const Meeting& meeting, const std::vector<TimeSpan>& spans) {
  store.query(R"(DELETE FROM "meetings_occurrence" WHERE "tenant" = ? AND "meeting_id" = ?)",
              {meeting.tenant, meeting.id});
  insert_occurrences(store, meeting, spans);
}

void demand_room_for_one_more(StoreTransaction& store, const Meeting& meeting, std::int64_t most) {
  const auto rows = store.query(
      R"(SELECT count(*) FROM "meetings_meeting" WHERE "tenant" = ? AND "creator_id" = ? AND "over_at" > ?
         AND "status" IN ('scheduled', 'live') AND "deleted_at" IS NULL)",
      {meeting.tenant, meeting.creator_id, to_ms(meeting.created_at)});
  if (number(rows.at(0).at(0)) >= most) {
    throw Error{ErrorCode::limit_exceeded, "you have too many meetings that are not over", {{"limit", most}}};
  }
}

void demand_version(const Meeting& meeting, std::int64_t expected) {
  if (meeting.version == expected) return;
  throw Error{ErrorCode::conflict, "the meeting was changed meanwhile: get it again", {{"version", meeting.version}}};
}

MeetingView find_view(StoreTransaction& store, const std::string& tenant, const std::string& id, const Viewer& viewer) {
  MeetingView view{.meeting = {}, .own = {}};
  const auto rows = store.query("SELECT " + std::string{kMeetingColumns} +
                                    R"(, m."deleted_at" FROM "meetings_meeting" m WHERE m."tenant" = ? AND m."id" = ?)",
                                {tenant, id});
  if (rows.empty()) throw no_such_meeting();
  view.meeting = read_meeting(rows.front());
  view.deleted = !std::holds_alternative<std::monostate>(rows.front().at(kMeetingColumnCount));
  view.own = rows_of(store, tenant, id, viewer);
  return view;
}

}  // namespace

Viewer viewer_of(const Identity& identity) {
  if (identity.guest) return {};
  return {.user_id = identity.user_id, .email = lower(identity.email)};
}

void Repository::create(Draft draft, std::int64_t most, Done<Meeting> done) {
  in_store<Meeting>(
      host_, lifeline_,
      [draft = std::move(draft), most](StoreTransaction& store) {
        demand_room_for_one_more(store, draft.meeting, most);
        insert_meeting(store, draft.meeting);
        insert_occurrences(store, draft.meeting, draft.occurrences);
        for (const Invited& invited : draft.invited) insert_invited(store, draft.meeting.tenant, invited);
        return draft.meeting;
      },
      std::move(done));
}

void Repository::find(std::string tenant, std::string id, Viewer viewer, Done<MeetingView> done) {
  in_store<MeetingView>(
      host_, lifeline_,
      [tenant = std::move(tenant), id = std::move(id), viewer = std::move(viewer)](StoreTransaction& store) {
        MeetingView view = find_view(store, tenant, id, viewer);
        if (view.deleted) throw no_such_meeting();
        return view;
      },
      std::move(done));
}

void Repository::find_even_deleted(std::string tenant, std::string id, Viewer viewer, Done<MeetingView> done) {
  in_store<MeetingView>(
      host_, lifeline_,
      [tenant = std::move(tenant), id = std::move(id), viewer = std::move(viewer)](StoreTransaction& store) {
        return find_view(store, tenant, id, viewer);
      },
      std::move(done));
}

void Repository::change(std::string tenant, std::string id, std::optional<std::int64_t> expected, Change change,
                        Done<Meeting> done) {
  in_store<Meeting>(
      host_, lifeline_,
      [tenant = std::move(tenant), id = std::move(id), expected, change = std::move(change),
       now = host_.timers().wall_time()](StoreTransaction& store) mutable {
        Meeting meeting = present_meeting(store, tenant, id);
        if (expected) demand_version(meeting, *expected);
        change(meeting);
        meeting.updated_at = now;
        ++meeting.version;
        update_meeting(store, meeting);
        return meeting;
      },
      std::move(done));
}

void Repository::write(Draft draft, People people, Done<Written> done) {
  in_store<Written>(
      host_, lifeline_,
      [draft = std::move(draft), people, now = host_.timers().wall_time()](StoreTransaction& store) mutable {
        Written out{.meeting = std::move(draft.meeting), .added = {}, .removed = {}};
        Meeting& meeting = out.meeting;
        demand_version(present_meeting(store, meeting.tenant, meeting.id), meeting.version);
        meeting.updated_at = now;
        ++meeting.version;
        update_meeting(store, meeting);
        replace_occurrences(store, meeting, draft.occurrences);
        if (people == People::replace) replace_invited(store, draft.invited, out);
        return out;
      },
      std::move(done));
}

void Repository::remove(std::string tenant, std::string id, Done<Meeting> done) {
  in_store<Meeting>(
      host_, lifeline_,
      [tenant = std::move(tenant), id = std::move(id), now = host_.timers().wall_time()](StoreTransaction& store) {
        MeetingView view = find_view(store, tenant, id, {});
        if (!view.deleted) {
          store.query(R"(UPDATE "meetings_meeting" SET "deleted_at" = ?, "updated_at" = ?, "version" = "version" + 1
                         WHERE "tenant" = ? AND "id" = ?)",
                      {to_ms(now), to_ms(now), tenant, id});
        }
        return std::move(view.meeting);
      },
      std::move(done));
}

void Repository::purge(WallTime before, Done<std::vector<Meeting>> done) {
  in_store<std::vector<Meeting>>(
      host_, lifeline_,
      [before](StoreTransaction& store) {
        const auto rows = store.query(
            "SELECT " + std::string{kMeetingColumns} + R"( FROM "meetings_meeting" m WHERE m."deleted_at" < ? LIMIT ?)",
            {to_ms(before), static_cast<std::int64_t>(kMostPurged)});
        std::vector<Meeting> gone;
        for (const StoreRow& row : rows) {
          gone.push_back(read_meeting(row));
          delete_for_good(store, gone.back());
        }
        return gone;
      },
      std::move(done));
}

void Repository::live_meetings(Done<std::vector<Meeting>> done) {
  in_store<std::vector<Meeting>>(
      host_, lifeline_,
      [](StoreTransaction& store) {
        std::vector<Meeting> out;
        const auto rows = store.query("SELECT " + std::string{kMeetingColumns} +
                                      R"( FROM "meetings_meeting" m WHERE m."status" = 'live'
                                          AND m."deleted_at" IS NULL LIMIT 10000)");
        for (const StoreRow& row : rows) out.push_back(read_meeting(row));
        return out;
      },
      std::move(done));
}

}  // namespace sluice::meetings
