// Meetings: update, cancel, delete.
#include <algorithm>
#include <utility>

#include "door.h"
#include "edit.h"
#include "meeting_draft.h"
#include "meeting_json.h"
#include "routes.h"
#include "sluice/timers.h"
#include "time_zone.h"

namespace sluice::meetings {

namespace {

/// Of one series; the oldest are forgotten, whose time is over.
constexpr std::size_t kMostCancelled = 1'000;

void demand_not_over(const Meeting& meeting) {
  if (meeting.status == MeetingStatus::scheduled || meeting.status == MeetingStatus::live) return;
  throw Error{ErrorCode::conflict, "the meeting is over", {{"status", to_json(meeting.status)}}};
}

// The names of the fields that a request has: what the audit trail keeps of it.
json::object fields_of(const UpdateMeeting& request) {
  json::array names;
  const json::value written = to_json(request);
  for (const auto& member : written.as_object()) names.emplace_back(member.key());
  return {{"fields", std::move(names)}};
}

void tell_the_room(Context& context, const Repository::Written& written, const Identity& by) {
  if (written.meeting.status != MeetingStatus::live) return;
  context.live.changed(written.meeting);
  for (const Invited& who : written.added) context.live.invited(written.meeting, who, by);
  for (const Invited& who : written.removed) context.live.removed(written.meeting, who, "no longer invited");
}

void answer_meeting(Context& context, const Seen& seen, const Meeting& meeting, std::string_view message,
                    rest::Reply& reply) {
  context.repository.invited_names(meeting.tenant, meeting.id,
                                   [&context, meeting, standing = seen.standing, message = std::string{message},
                                    reply = std::move(reply)](Result<std::vector<std::string>, Error> names) mutable {
                                     answering(context.host, reply, [&] {
                                       reply.header("ETag", entity_tag(meeting));
                                       reply.ok(
                                           to_json(meeting_answer(meeting, std::move(value_of(names)), standing,
                                                                  &context.live, context.host.timers().wall_time())),
                                           message);
                                     });
                                   });
}

void update(Context& context, const rest::Call<UpdateMeeting>& call, rest::Reply reply) {
  Edit edit;
  edit.change = [&context, request = call.body](const Seen& seen) {
    demand_not_over(seen.view.meeting);
    Edited edited{.meeting = seen.view.meeting};
    apply_update(request, context.options, edited.meeting);
    if (request.meeting_password) edited.password = *request.meeting_password;
    if (request.participants) {
      edited.people = read_people(*request.participants, edited.meeting, context.options, context.host);
    }
    return edited;
  };
  edit.finish = [&context, details = fields_of(call.body)](const Seen& seen, const Repository::Written& written,
                                                           rest::Reply& open) {
    const Meeting& meeting = written.meeting;
    context.audit.record(meeting.tenant, meeting.id, seen.caller, "meeting.update", {}, details);
    tell_the_room(context, written, seen.caller);
    answer_meeting(context, seen, meeting, "Meeting updated successfully", open);
  };
  edit_meeting(context, call.http, std::move(reply), std::move(edit));
}

Edited cancel_all(const Seen& seen, const std::string& reason) {
  Edited edited{.meeting = seen.view.meeting};
  if (edited.meeting.status == MeetingStatus::cancelled) {
    edited.unchanged = true;
    return edited;
  }
  if (edited.meeting.status != MeetingStatus::scheduled) {
    throw Error{ErrorCode::conflict,
                "a meeting that is live is ended, and what has ended stays so",
                {{"status", to_json(edited.meeting.status)}}};
  }
  edited.meeting.status = MeetingStatus::cancelled;
  edited.meeting.cancel_reason = reason;
  return edited;
}

Edited cancel_one(const Seen& seen, const std::string& reason, const std::string& recurrence_id) {
  Edited edited{.meeting = seen.view.meeting};
  Meeting& meeting = edited.meeting;
  demand_not_over(meeting);
  if (!meeting.recurrence) refuse("recurrence_id", "is for recurring meetings");
  const std::optional<WallTime> at = parse_time(recurrence_id, meeting.timezone);
  if (!at) refuse("recurrence_id", "must be an RFC 3339 time, such as 2025-07-30T10:00:00Z");
  auto& cancelled = meeting.recurrence->cancelled;
  edited.unchanged = std::ranges::count(cancelled, to_ms(*at), &CancelledOccurrence::at_ms) > 0;
  if (edited.unchanged) return edited;
  if (cancelled.size() >= kMostCancelled) cancelled.erase(cancelled.begin());
  cancelled.push_back({.at_ms = to_ms(*at), .reason = reason});
  edited.occurs_at = at;
  return edited;
}

void cancel(Context& context, const rest::Call<CancelMeeting>& call, rest::Reply reply) {
  const std::string reason = call.body.reason ? sanitise_text(*call.body.reason, 512) : "";
  const std::string one = call.body.recurrence_id.value_or("");
  Edit edit;
  edit.change = [reason, one](const Seen& seen) {
    return one.empty() ? cancel_all(seen, reason) : cancel_one(seen, reason, one);
  };
  edit.finish = [&context, reason, one](const Seen& seen, const Repository::Written& written, rest::Reply& open) {
    const Meeting& meeting = written.meeting;
    context.audit.record(meeting.tenant, meeting.id, seen.caller, one.empty() ? "meeting.cancel" : "occurrence.cancel",
                         one, {{"reason", reason}});
    answer_meeting(context, seen, meeting,
                   one.empty() ? "Meeting cancelled successfully" : "Occurrence cancelled successfully", open);
  };
  edit_meeting(context, call.http, std::move(reply), std::move(edit));
}

void answer_deleted(const std::string& id, rest::Reply& reply) {
  reply.ok(json::object{{"id", id}, {"is_deleted", true}}, "Meeting deleted successfully");
}

void mark_deleted(Context& context, const Meeting& meeting, const Identity& by, rest::Reply reply) {
  context.repository.remove(meeting.tenant, meeting.id,
                            [&context, by, reply = std::move(reply)](Result<Meeting, Error> gone) mutable {
                              answering(context.host, reply, [&] {
                                const Meeting& deleted = value_of(gone);
                                context.audit.record(deleted.tenant, deleted.id, by, "meeting.delete");
                                answer_deleted(deleted.id, reply);
                              });
                            });
}

void end_and_delete(Context& context, Meeting meeting, const Identity& by, rest::Reply reply) {
  context.live.end(std::move(meeting), by, "deleted",
                   [&context, by, reply = std::move(reply)](Result<Meeting, Error> ended) mutable {
                     if (!ended) return reply.fail(ended.error());
                     mark_deleted(context, *ended, by, std::move(reply));
                   });
}

void remove(Context& context, const rest::Call<>& call, rest::Reply reply) {
  const Identity& caller = call.caller();
  context.repository.find_even_deleted(
      caller.tenant, call.path("id"), viewer_of(caller),
      [&context, caller, reply = std::move(reply)](Result<MeetingView, Error> found) mutable {
        answering(context.host, reply, [&] {
          MeetingView& view = value_of(found);
          const Standing standing = caller_access(caller, view.meeting, view.own, context.options);
          // What is deleted is still there for who deletes it again, and for nobody else.
          if (view.deleted && standing < Standing::host) throw Error{ErrorCode::not_found, "there is no such meeting"};
          demand(standing, Standing::host);
          if (view.deleted) return answer_deleted(view.meeting.id, reply);
          if (view.meeting.status != MeetingStatus::live) {
            return mark_deleted(context, view.meeting, caller, std::move(reply));
          }
          end_and_delete(context, std::move(view.meeting), caller, std::move(reply));
        });
      });
}

}  // namespace

void serve_changes(Context& context) {
  const json::object meeting = schema_of<MeetingAnswer>();
  const std::vector<ErrorCode> errors{ErrorCode::not_found, ErrorCode::permission_denied, ErrorCode::conflict};
  serve<UpdateMeeting>(context, "PUT", "/{id}",
                       {.summary = "Changes what the body names; If-Match guards against changes of others",
                        .tag = "meetings",
                        .data = meeting,
                        .errors = errors},
                       [&context](const auto& call, rest::Reply reply) { update(context, call, std::move(reply)); });
  serve<CancelMeeting>(context, "POST", "/{id}/cancel",
                       {.summary = "Cancels a meeting, or one occurrence of a recurring one",
                        .tag = "meetings",
                        .data = meeting,
                        .errors = errors},
                       [&context](const auto& call, rest::Reply reply) { cancel(context, call, std::move(reply)); });
  serve(context, "DELETE", "/{id}",
        {.summary = "Deletes a meeting; one that is live ends first; again is success, too",
         .tag = "meetings",
         .errors = {ErrorCode::not_found, ErrorCode::permission_denied}},
        [&context](const auto& call, rest::Reply reply) { remove(context, call, std::move(reply)); });
}

}  // namespace sluice::meetings
