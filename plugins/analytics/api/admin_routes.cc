#include "api/admin_routes.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "api/report.h"
#include "api/rest_time.h"

namespace sluice::analytics {

namespace {

/// The query of `GET /admin/v1/analytics/sessions`.
struct ReadSessions {
  static constexpr bool kSnakeCase = true;
  std::optional<Text<256>> tenant;  ///< missing: all
  std::optional<Text<256>> room;
  std::optional<Text<256>> meeting;
  std::optional<bool> live;  ///< only those that last
  std::optional<Text<40>> from;
  std::optional<Text<40>> to;
  std::optional<std::int64_t> before;  ///< the next page: the last one's id
  std::optional<std::uint32_t> limit;
};
BOOST_DESCRIBE_STRUCT(ReadSessions, (), (tenant, room, meeting, live, from, to, before, limit))

SessionFilter filter_of(const ReadSessions& query) {
  SessionFilter filter;
  if (query.tenant) filter.tenant = *query.tenant;
  filter.room_id = query.room.value_or("");
  filter.meeting_id = query.meeting.value_or("");
  filter.open_only = query.live.value_or(false);
  filter.from = read_time(query.from, "from");
  filter.to = read_time(query.to, "to");
  filter.before = query.before;
  filter.limit = std::clamp<std::int64_t>(query.limit.value_or(50), 1, 500);
  return filter;
}

json::object operator_report(const SessionRow& session) {
  json::object out = session_report(session);
  out["tenant"] = session.tenant;
  out["room_name"] = session.room_name;
  return out;
}

void list(Api& api, const ReadSessions& query, rest::Reply reply) {
  SessionFilter filter = filter_of(query);
  const std::int64_t limit = filter.limit++;
  read_fresh(
      api, nullptr, [filter](StoreTransaction& store) { return find_sessions(store, filter); },
      [limit, reply = std::move(reply)](const Result<std::vector<SessionRow>, Error>& found) mutable {
        if (!found) return reply.fail(found.error());
        const bool more = static_cast<std::int64_t>(found->size()) > limit;
        json::array sessions;
        for (const SessionRow& one : *found) {
          if (static_cast<std::int64_t>(sessions.size()) < limit) sessions.push_back(operator_report(one));
        }
        reply.ok(json::object{{"sessions", std::move(sessions)}, {"has_more", more}});
      });
}

void show(Api& api, const std::string& id, rest::Reply reply) {
  SessionId number = 0;
  const auto [end, problem] = std::from_chars(id.data(), id.data() + id.size(), number);
  if (problem != std::errc{} || end != id.data() + id.size()) {
    throw Error{ErrorCode::not_found, "there is no such session"};
  }
  SessionFilter filter;
  filter.id = number;
  read_fresh(
      api, nullptr, [filter](StoreTransaction& store) { return read_meeting(store, filter); },
      [reply = std::move(reply)](const Result<MeetingRecord, Error>& record) mutable {
        if (!record) return reply.fail(record.error());
        if (record->sessions.empty()) return reply.fail(Error{ErrorCode::not_found, "there is no such session"});
        json::object out = operator_report(record->sessions.front());
        out["connection_quality"] = quality_report(record->quality);
        const EngagementScale scale = scale_of(*record);
        constexpr std::size_t kMostShown = 1'000;
        json::array people;
        for (const PersonRecord& one : record->people) {
          if (people.size() < kMostShown) people.push_back(person_report(one, scale));
        }
        out["participants"] = std::move(people);
        reply.ok(std::move(out));
      });
}

}  // namespace

void serve_admin_routes(Api& api, SeriesReader& series) {
  Http& http = api.host.admin();
  rest::route<Nothing, ReadSessions>(http, "GET", "/analytics/sessions",
                                     {.summary = "What rooms came to, newest first", .tag = "analytics"},
                                     [&api](const rest::Call<Nothing, ReadSessions>& call, rest::Reply reply) {
                                       list(api, call.query, std::move(reply));
                                     });
  rest::route(http, "GET", "/analytics/sessions/{id}",
              {.summary = "One session with its people", .tag = "analytics", .errors = {ErrorCode::not_found}},
              [&api](const rest::Call<>& call, rest::Reply reply) { show(api, call.path("id"), std::move(reply)); });
  rest::route<Nothing, ReadSeries>(http, "GET", "/analytics/rooms/{id}/series",
                                   {.summary = "How well media got through in a room, or to one of its people",
                                    .tag = "analytics",
                                    .errors = {ErrorCode::not_found}},
                                   [&api, &series](const rest::Call<Nothing, ReadSeries>& call, rest::Reply reply) {
                                     SessionFilter where;
                                     where.tenant = call.query.tenant.value_or("");
                                     where.room_id = call.path("id");
                                     series.answer(call.query, where, api.rooms.find(*where.tenant, where.room_id),
                                                   std::move(reply));
                                   });
}

}  // namespace sluice::analytics
