// Who is invited to a meeting: list, add, remove, roles; and whom one may invite.
#include <algorithm>
#include <utility>

#include "door.h"
#include "meeting_draft.h"
#include "meeting_json.h"
#include "meeting_rows.h"
#include "routes.h"
#include "sluice/timers.h"
#include "text.h"
#include "time_zone.h"

namespace sluice::meetings {

struct PeopleQuery {
  static constexpr bool kSnakeCase = true;
  std::optional<std::int64_t> page;
  std::optional<std::int64_t> limit;
  std::optional<std::int64_t> offset;
};
BOOST_DESCRIBE_STRUCT(PeopleQuery, (), (page, limit, offset))

struct UserAnswer {
  static constexpr bool kSnakeCase = true;
  std::string id;
  std::string name;
  std::string email;
  std::string role;  ///< the kind of user
  std::string profile_image;
};
BOOST_DESCRIBE_STRUCT(UserAnswer, (), (id, name, email, role, profile_image))

namespace {

constexpr int kDefaultFound = 10;
constexpr int kMostFound = 50;
constexpr std::size_t kMostTypes = 20;
constexpr std::size_t kMostRemoved = 1'000;

bool is_same(const LiveParticipant& live, const Invited& row) {
  if (!row.user_id.empty()) return live.user_id == row.user_id;
  return !row.email.empty() && live.email == row.email && !live.guest;
}

json::value row_json(const Invited& row, const std::vector<LiveParticipant>& live) {
  const auto found = std::ranges::find_if(live, [&](const LiveParticipant& there) { return is_same(there, row); });
  return to_json(participant_answer(row, found == live.end() ? nullptr : &*found));
}

void list(Context& context, const rest::Call<Nothing, PeopleQuery>& call, rest::Reply reply) {
  const PeopleQuery& query = call.query;
  const Paging paging = paging_of(query.page, query.limit, query.offset, context.options);
  with_meeting(context, call.http, Standing::invited, std::move(reply),
               [&context, paging](Seen seen, rest::Reply& open) {
                 const Meeting& meeting = seen.view.meeting;
                 context.repository.participants(
                     meeting.tenant, meeting.id, paging.offset, paging.limit,
                     [&context, paging, meeting, reply = std::move(open)](Result<InvitedPage, Error> page) mutable {
                       answering(context.host, reply, [&] {
                         const InvitedPage& found = value_of(page);
                         const auto live = context.live.in_room(meeting.tenant, meeting.id);
                         json::array out;
                         for (const Invited& row : found.entries) out.push_back(row_json(row, live));
                         reply.member("pagination", paging_json(paging, out.size(), found.total));
                         reply.ok(json::object{{"participants", std::move(out)},
                                               {"total_count", found.total},
                                               {"connected_count", live.size()},
                                               {"max_participants", meeting.max_participants}});
                       });
                     });
               });
}

// Who is no host makes nobody one.
void demand_may_give(const Seen& seen, Role role, std::string_view path) {
  if (role != Role::host || seen.standing >= Standing::host) return;
  throw Error{ErrorCode::permission_denied,
              std::string{path} + ": only a host makes others hosts",
              {{"requiredRole", "host"}, {"currentRole", "co_host"}, {"path", path}}};
}

void demand_open(const Meeting& meeting) {
  if (meeting.status == MeetingStatus::scheduled || meeting.status == MeetingStatus::live) return;
  throw Error{ErrorCode::conflict, "the meeting is over", {{"status", to_json(meeting.status)}}};
}

std::string counted(std::size_t count, std::string_view what) {
  return std::to_string(count) + (count == 1 ? " participant " : " participants ") + std::string{what};
}

void answer_added(Context& context, const Seen& seen, const Repository::Added& added, rest::Reply& reply) {
  const Meeting& meeting = seen.view.meeting;
  json::array out;
  for (const Invited& who : added.added) {
    out.push_back(row_json(who, {}));
    context.live.invited(meeting, who, seen.caller);
    context.audit.record(meeting.tenant, meeting.id, seen.caller, "participant.add",
                         who.user_id.empty() ? who.email : who.user_id, {{"role", to_json(who.role)}});
  }
  const std::size_t count = out.size();
  // Invitations by mail are not sent by this plugin, and the answer says so.
  reply.ok(json::object{{"added_participants", std::move(out)},
                        {"already_invited", added.unchanged},
                        {"invitations_sent", 0},
                        {"notifications_sent", 0}},
           counted(count, "added successfully"));
}

void add(Context& context, const rest::Call<AddParticipants>& call, rest::Reply reply) {
  with_meeting(context, call.http, Standing::co_host, std::move(reply),
               [&context, people = call.body.participants](Seen seen, rest::Reply& open) {
                 const Meeting& meeting = seen.view.meeting;
                 demand_open(meeting);
                 if (people.empty()) refuse("participants", "must not be empty");
                 auto invited = read_people(people, meeting, context.options, context.host);
                 for (const Invited& who : invited) demand_may_give(seen, who.role, "participants");
                 const std::string tenant = meeting.tenant;
                 const std::string id = meeting.id;
                 context.repository.add_participants(
                     tenant, id, std::move(invited), context.options.participants_per_meeting,
                     [&context, seen = std::move(seen),
                      reply = std::move(open)](Result<Repository::Added, Error> added) mutable {
                       answering(context.host, reply, [&] { answer_added(context, seen, value_of(added), reply); });
                     });
               });
}

void answer_removed(Context& context, const Seen& seen, const Repository::Removed& removed, const std::string& reason,
                    rest::Reply& reply) {
  const Meeting& meeting = seen.view.meeting;
  json::array ids;
  for (const Invited& who : removed.removed) {
    ids.emplace_back(who.id);
    context.live.removed(meeting, who, reason);
    context.audit.record(meeting.tenant, meeting.id, seen.caller, "participant.remove",
                         who.user_id.empty() ? who.email : who.user_id, {{"reason", reason}});
  }
  const std::size_t count = ids.size();
  reply.ok(json::object{{"removed_participants", std::move(ids)}, {"remaining_count", removed.remaining}},
           counted(count, "removed successfully"));
}

void remove(Context& context, const rest::Call<RemoveParticipants>& call, rest::Reply reply) {
  const RemoveParticipants& body = call.body;
  if (body.participant_ids.empty()) refuse("participant_ids", "must not be empty");
  if (body.participant_ids.size() > kMostRemoved) refuse("participant_ids", "at most 1000 at a time");
  std::vector<std::string> ids{body.participant_ids.begin(), body.participant_ids.end()};
  const std::string reason = body.reason ? sanitise_text(*body.reason, 512) : "";
  with_meeting(context, call.http, Standing::co_host, std::move(reply),
               [&context, ids = std::move(ids), reason](Seen seen, rest::Reply& open) mutable {
                 const std::string tenant = seen.view.meeting.tenant;
                 const std::string id = seen.view.meeting.id;
                 context.repository.remove_participants(
                     tenant, id, std::move(ids), seen.standing,
                     [&context, reason, seen = std::move(seen),
                      reply = std::move(open)](Result<Repository::Removed, Error> removed) mutable {
                       answering(context.host, reply,
                                 [&] { answer_removed(context, seen, value_of(removed), reason, reply); });
                     });
               });
}

void answer_role(Context& context, const Seen& seen, const Repository::RoleChange& changed, rest::Reply& reply) {
  const Meeting& meeting = seen.view.meeting;
  const Invited& who = changed.now;
  context.live.role_changed(meeting, who);
  context.audit.record(meeting.tenant, meeting.id, seen.caller, "participant.role",
                       who.user_id.empty() ? who.email : who.user_id,
                       {{"from", to_json(changed.before)}, {"to", to_json(who.role)}});
  reply.ok(json::object{{"participant_id", who.id},
                        {"old_role", to_json(changed.before)},
                        {"new_role", to_json(who.role)},
                        {"updated_at", format_time(context.host.timers().wall_time(), "UTC")}},
           "Participant role updated successfully");
}

void change_role(Context& context, const HttpRequest& http, const std::string& participant, Role role,
                 rest::Reply reply) {
  with_meeting(context, http, Standing::host, std::move(reply),
               [&context, participant, role](Seen seen, rest::Reply& open) {
                 const std::string tenant = seen.view.meeting.tenant;
                 const std::string id = seen.view.meeting.id;
                 context.repository.change_role(
                     tenant, id, participant, role,
                     [&context, seen = std::move(seen),
                      reply = std::move(open)](Result<Repository::RoleChange, Error> changed) mutable {
                       answering(context.host, reply, [&] { answer_role(context, seen, value_of(changed), reply); });
                     });
               });
}

UserFilter filter_of(const SearchUsers& body, const std::string& tenant, const std::string& meeting_id) {
  const int limit = body.limit.value_or(kDefaultFound);
  if (limit < 1 || limit > kMostFound) refuse("limit", "must be between 1 and 50");
  UserFilter filter{.tenant = tenant,
                    .query = sanitise_text(body.query),
                    .user_types = {},
                    .not_in_meeting = body.exclude_current_participants.value_or(false) ? meeting_id : "",
                    .limit = limit};
  if (filter.query.empty()) refuse("query", "must not be empty");
  if (!body.user_types) return filter;
  if (body.user_types->size() > kMostTypes) refuse("user_types", "at most 20");
  filter.user_types.assign(body.user_types->begin(), body.user_types->end());
  return filter;
}

void answer_found(const UserPage& page, const std::string& query, rest::Reply& reply) {
  json::array out;
  for (const User& user : page.entries) {
    out.push_back(to_json(UserAnswer{.id = user.id,
                                     .name = user.name,
                                     .email = user.email,
                                     .role = user.user_type,
                                     .profile_image = user.profile_image}));
  }
  reply.ok(json::object{{"users", std::move(out)}, {"total_found", page.total}, {"search_query", query}});
}

void search(Context& context, const rest::Call<SearchUsers>& call, rest::Reply reply) {
  with_meeting(context, call.http, Standing::co_host, std::move(reply),
               [&context, body = call.body](const Seen& seen, rest::Reply& open) {
                 UserFilter filter = filter_of(body, seen.view.meeting.tenant, seen.view.meeting.id);
                 context.users.search(
                     std::move(filter), [&context, query = std::string{body.query},
                                         reply = std::move(open)](Result<UserPage, Error> page) mutable {
                       answering(context.host, reply, [&] { answer_found(value_of(page), query, reply); });
                     });
               });
}

const std::vector<ErrorCode> kErrors{ErrorCode::not_found, ErrorCode::permission_denied, ErrorCode::conflict,
                                     ErrorCode::limit_exceeded};

void serve_roles(Context& context) {
  serve<ChangeRoleOf>(context, "PUT", "/{id}/participants",
                      {.summary = "Gives a participant another role", .tag = "participants", .errors = kErrors},
                      [&context](const auto& call, rest::Reply reply) {
                        change_role(context, call.http, call.body.participant_id, call.body.new_role, std::move(reply));
                      });
  serve<ChangeRole>(context, "PATCH", "/{id}/participants/{participant_id}/role",
                    {.summary = "Gives a participant another role", .tag = "participants", .errors = kErrors},
                    [&context](const auto& call, rest::Reply reply) {
                      change_role(context, call.http, call.path("participant_id"), call.body.new_role,
                                  std::move(reply));
                    });
}

}  // namespace

void serve_people(Context& context) {
  serve<Nothing, PeopleQuery>(
      context, "GET", "/{id}/participants",
      {.summary = "Who is invited, and how those who are there are connected",
       .tag = "participants",
       .errors = {ErrorCode::not_found}},
      [&context](const auto& call, rest::Reply reply) { list(context, call, std::move(reply)); });
  serve<AddParticipants>(
      context, "POST", "/{id}/participants",
      {.summary = "Invites people, by user id or by e-mail address", .tag = "participants", .errors = kErrors},
      [&context](const auto& call, rest::Reply reply) { add(context, call, std::move(reply)); });
  serve<RemoveParticipants>(
      context, "DELETE", "/{id}/participants",
      {.summary = "Removes participants; who is in the room goes out", .tag = "participants", .errors = kErrors},
      [&context](const auto& call, rest::Reply reply) { remove(context, call, std::move(reply)); });
  serve_roles(context);
  serve<SearchUsers>(context, "POST", "/{id}/search-users",
                     {.summary = "Users of the directory whom one may invite",
                      .tag = "participants",
                      .errors = {ErrorCode::not_found, ErrorCode::permission_denied}},
                     [&context](const auto& call, rest::Reply reply) { search(context, call, std::move(reply)); });
}

}  // namespace sluice::meetings
