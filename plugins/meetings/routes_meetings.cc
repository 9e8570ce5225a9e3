// Meetings: create, list, get; when they take place; who did what.
#include <algorithm>
#include <utility>

#include "background_task.h"
#include "door.h"
#include "edit.h"
#include "meeting_draft.h"
#include "meeting_json.h"
#include "routes.h"
#include "sluice/timers.h"
#include "text.h"
#include "time_zone.h"

namespace sluice::meetings {

struct ListMeetings {
  static constexpr bool kSnakeCase = true;
  std::optional<std::int64_t> page;
  std::optional<std::int64_t> limit;
  std::optional<std::int64_t> offset;
  std::optional<MeetingStatus> status;
  std::optional<MeetingType> type;
  std::optional<Text<64>> from;
  std::optional<Text<64>> to;
  std::optional<Text<256>> search;
  std::optional<MeetingSort> sort;
  std::optional<Order> order;
  std::optional<bool> mine;  ///< of an administrator: only what he would see without being one
};
BOOST_DESCRIBE_STRUCT(ListMeetings, (), (page, limit, offset, status, type, from, to, search, sort, order, mine))

struct TimeRange {
  static constexpr bool kSnakeCase = true;
  std::optional<Text<64>> from;
  std::optional<Text<64>> to;
};
BOOST_DESCRIBE_STRUCT(TimeRange, (), (from, to))

struct PageQuery {
  static constexpr bool kSnakeCase = true;
  std::optional<std::int64_t> page;
  std::optional<std::int64_t> limit;
  std::optional<std::int64_t> offset;
};
BOOST_DESCRIBE_STRUCT(PageQuery, (), (page, limit, offset))

struct AuditAnswer {
  static constexpr bool kSnakeCase = true;
  std::string at;
  std::string actor_id;
  std::string actor_name;
  std::string action;
  std::string target;
  json::object details;
};
BOOST_DESCRIBE_STRUCT(AuditAnswer, (), (at, actor_id, actor_name, action, target, details))

namespace {

/// Of one answer of `occurrences`.
constexpr std::size_t kMostOccurrencesShown = kMostOccurrences;

json::object array_of(json::object items) { return {{"type", "array"}, {"items", std::move(items)}}; }

std::optional<WallTime> read_bound(std::string_view path, const std::optional<Text<64>>& text) {
  if (!text) return std::nullopt;
  const std::optional<WallTime> time = parse_time(*text, "UTC");
  if (!time) refuse(path, "must be an RFC 3339 time, such as 2025-07-30T10:00:00Z");
  return time;
}

struct Range {
  std::optional<WallTime> from;
  std::optional<WallTime> to;
};
Range read_range(const std::optional<Text<64>>& from, const std::optional<Text<64>>& to) {
  const Range range{.from = read_bound("from", from), .to = read_bound("to", to)};
  if (range.from && range.to && *range.to <= *range.from) refuse("to", "must be after from");
  return range;
}

void demand_creator(const Identity& caller, const Options& options) {
  const auto& types = options.creator_user_types;
  if (types.empty() || is_admin(caller, options) || std::ranges::count(types, caller.user_type) > 0) return;
  throw Error{
      ErrorCode::permission_denied, "your kind of user does not create meetings", {{"userType", caller.user_type}}};
}

std::string_view created_message(MeetingType type) {
  if (type == MeetingType::instant) return "Instant meeting started successfully";
  return type == MeetingType::recurring ? "Recurring meeting created successfully"
                                        : "Scheduled meeting created successfully";
}

void answer_created(Context& context, const Meeting& meeting, std::vector<std::string> names, rest::Reply& reply) {
  reply.header("ETag", entity_tag(meeting));
  reply.header("Location", std::string{kPrefixes.front()} + "/" + meeting.id);
  reply.created(to_json(meeting_answer(meeting, std::move(names), Standing::host, &context.live,
                                       context.host.timers().wall_time())),
                created_message(meeting.type));
}

// An instant meeting that cannot start is none.
void start_at_once(Context& context, Meeting meeting, const Identity& caller, std::vector<std::string> names,
                   rest::Reply reply) {
  const std::string tenant = meeting.tenant;
  const std::string id = meeting.id;
  context.live.start(std::move(meeting), caller,
                     [&context, tenant, id, names = std::move(names),
                      reply = std::move(reply)](Result<Meeting, Error> started) mutable {
                       if (started) return answer_created(context, *started, std::move(names), reply);
                       context.repository.remove(tenant, id, [](const Result<Meeting, Error>&) {});
                       reply.fail(started.error());
                     });
}

std::vector<std::string> names_of(const std::vector<Invited>& people, const Meeting& meeting) {
  std::vector<std::string> names;
  for (const Invited& person : people) {
    if (person.user_id == meeting.creator_id) continue;
    names.push_back(person.user_id.empty() ? person.email : person.user_id);
  }
  return names;
}

void store_new(Context& context, Repository::Draft draft, const Identity& caller, rest::Reply reply) {
  std::vector<std::string> names = names_of(draft.invited, draft.meeting);
  context.repository.create(
      std::move(draft), context.options.meetings_per_user,
      [&context, caller, names = std::move(names), reply = std::move(reply)](Result<Meeting, Error> made) mutable {
        answering(context.host, reply, [&] {
          Meeting& meeting = value_of(made);
          context.audit.record(meeting.tenant, meeting.id, caller, "meeting.create", {}, {{"name", meeting.name}});
          if (meeting.type != MeetingType::instant) return answer_created(context, meeting, std::move(names), reply);
          start_at_once(context, std::move(meeting), caller, std::move(names), std::move(reply));
        });
      });
}

void create(Context& context, const rest::Call<CreateMeeting>& call, rest::Reply reply) {
  const Identity& caller = call.caller();
  demand_no_join_token(caller);
  demand_creator(caller, context.options);
  Edited edited{.meeting = new_meeting(call.body, caller, context.options, context.host)};
  if (call.body.meeting_password) edited.password = *call.body.meeting_password;
  edited.people.emplace();
  if (call.body.participants) {
    edited.people = read_people(*call.body.participants, edited.meeting, context.options, context.host);
  }
  edited.people->insert(edited.people->begin(), row_of_creator(edited.meeting, caller, context.host));
  make_ready(context, std::move(edited),
             [&context, caller, reply = std::move(reply)](Result<Repository::Draft, Error> draft) mutable {
               if (!draft) return reply.fail(draft.error());
               store_new(context, std::move(*draft), caller, std::move(reply));
             });
}

MeetingFilter filter_of(const ListMeetings& query, const Identity& caller, const Options& options) {
  const Range range = read_range(query.from, query.to);
  const Paging paging = paging_of(query.page, query.limit, query.offset, options);
  MeetingFilter filter{.tenant = caller.tenant,
                       .viewer = {},
                       .status = query.status,
                       .type = query.type,
                       .from = range.from,
                       .to = range.to,
                       .search = query.search ? sanitise_text(*query.search) : "",
                       .sort = query.sort.value_or(MeetingSort::start_time),
                       .order = query.order.value_or(Order::asc),
                       .offset = paging.offset,
                       .limit = paging.limit};
  if (!is_admin(caller, options) || query.mine.value_or(false)) filter.viewer = viewer_of(caller);
  return filter;
}

json::value entry_json(const Context& context, MeetingPage::Entry& entry, const Identity& caller, WallTime now) {
  const Standing standing = caller_access(caller, entry.meeting, {}, context.options);
  MeetingAnswer answer = meeting_answer(entry.meeting, std::move(entry.invited), standing, &context.live, now);
  if (!entry.occurrences.empty()) answer.occurrences.emplace();
  for (const TimeSpan& span : entry.occurrences) {
    answer.occurrences->push_back(occurrence_answer({.start = span.start, .end = span.end}, entry.meeting.timezone));
  }
  return to_json(answer);
}

void list(Context& context, const rest::Call<Nothing, ListMeetings>& call, rest::Reply reply) {
  demand_no_join_token(call.caller());
  MeetingFilter filter = filter_of(call.query, call.caller(), context.options);
  const Paging paging{.offset = filter.offset, .limit = filter.limit};
  context.repository.list(std::move(filter), [&context, caller = call.caller(), paging,
                                              reply = std::move(reply)](Result<MeetingPage, Error> page) mutable {
    answering(context.host, reply, [&] {
      MeetingPage& found = value_of(page);
      const WallTime now = context.host.timers().wall_time();
      json::array out;
      for (MeetingPage::Entry& entry : found.entries) out.push_back(entry_json(context, entry, caller, now));
      reply.member("pagination", paging_json(paging, out.size(), found.total));
      reply.ok(std::move(out));
    });
  });
}

void get(Context& context, const rest::Call<>& call, rest::Reply reply) {
  with_meeting(context, call.http, Standing::invited, std::move(reply), [&context](Seen seen, rest::Reply& open) {
    const std::string tenant = seen.view.meeting.tenant;
    const std::string id = seen.view.meeting.id;
    context.repository.invited_names(
        tenant, id,
        [&context, seen = std::move(seen),
         reply = std::move(open)](Result<std::vector<std::string>, Error> names) mutable {
          answering(context.host, reply, [&] {
            reply.header("ETag", entity_tag(seen.view.meeting));
            reply.ok(to_json(meeting_answer(seen.view.meeting, std::move(value_of(names)), seen.standing, &context.live,
                                            context.host.timers().wall_time())));
          });
        });
  });
}

json::object occurrences_json(const Meeting& meeting, const std::vector<Occurrence>& all, const Range& range) {
  json::array out;
  for (const Occurrence& occurrence : all) {
    const bool within = (!range.to || occurrence.start < *range.to) && (!range.from || occurrence.end > *range.from);
    if (within && out.size() < kMostOccurrencesShown) {
      out.push_back(to_json(occurrence_answer(occurrence, meeting.timezone)));
    }
  }
  return {{"timezone", meeting.timezone}, {"occurrences", std::move(out)}};
}

void occurrences(Context& context, const rest::Call<Nothing, TimeRange>& call, rest::Reply reply) {
  const Range range = read_range(call.query.from, call.query.to);
  with_meeting(
      context, call.http, Standing::invited, std::move(reply), [&context, range](Seen seen, rest::Reply& open) {
        in_background<json::object>(
            context.host,
            [meeting = seen.view.meeting, range] { return occurrences_json(meeting, occurrences_of(meeting), range); },
            [&context, reply = std::move(open)](Result<json::object, Error> data) mutable {
              answering(context.host, reply, [&] { reply.ok(std::move(value_of(data))); });
            });
      });
}

json::object entry_json(const AuditEntry& entry) {
  return to_json(AuditAnswer{.at = format_time(entry.at, "UTC"),
                             .actor_id = entry.actor_id,
                             .actor_name = entry.actor_name,
                             .action = entry.action,
                             .target = entry.target,
                             .details = entry.details})
      .as_object();
}

void audit(Context& context, const rest::Call<Nothing, PageQuery>& call, rest::Reply reply) {
  const PageQuery& query = call.query;
  const Paging paging = paging_of(query.page, query.limit, query.offset, context.options);
  with_meeting(context, call.http, Standing::host, std::move(reply),
               [&context, paging](const Seen& seen, rest::Reply& open) {
                 context.audit.list(seen.view.meeting.tenant, seen.view.meeting.id, paging.offset, paging.limit,
                                    [&context, paging, reply = std::move(open)](Result<AuditPage, Error> page) mutable {
                                      answering(context.host, reply, [&] {
                                        const AuditPage& found = value_of(page);
                                        json::array out;
                                        for (const AuditEntry& entry : found.entries) out.push_back(entry_json(entry));
                                        reply.member("pagination", paging_json(paging, out.size(), found.total));
                                        reply.ok(json::object{{"entries", std::move(out)}});
                                      });
                                    });
               });
}

}  // namespace

void serve_meetings(Context& context) {
  const json::object meeting = schema_of<MeetingAnswer>();
  serve<CreateMeeting>(context, "POST", "",
                       {.summary = "Creates a meeting; an instant one starts at once",
                        .tag = "meetings",
                        .data = meeting,
                        .errors = {ErrorCode::permission_denied, ErrorCode::limit_exceeded},
                        .status = 201},
                       [&context](const auto& call, rest::Reply reply) { create(context, call, std::move(reply)); });
  serve<Nothing, ListMeetings>(
      context, "GET", "",
      {.summary = "The meetings that the caller may see, page by page", .tag = "meetings", .data = array_of(meeting)},
      [&context](const auto& call, rest::Reply reply) { list(context, call, std::move(reply)); });
  serve(context, "GET", "/{id}",
        {.summary = "One meeting", .tag = "meetings", .data = meeting, .errors = {ErrorCode::not_found}},
        [&context](const auto& call, rest::Reply reply) { get(context, call, std::move(reply)); });
  serve<Nothing, TimeRange>(
      context, "GET", "/{id}/occurrences",
      {.summary = "When a meeting takes place, and what of it is cancelled",
       .tag = "meetings",
       .errors = {ErrorCode::not_found}},
      [&context](const auto& call, rest::Reply reply) { occurrences(context, call, std::move(reply)); });
  serve<Nothing, PageQuery>(
      context, "GET", "/{id}/audit",
      {.summary = "Who did what to the meeting, the newest first; for its hosts and administrators",
       .tag = "meetings",
       .data = json::object{{"type", "object"},
                            {"properties", json::object{{"entries", array_of(schema_of<AuditAnswer>())}}}},
       .errors = {ErrorCode::not_found, ErrorCode::permission_denied}},
      [&context](const auto& call, rest::Reply reply) { audit(context, call, std::move(reply)); });
}

}  // namespace sluice::meetings
