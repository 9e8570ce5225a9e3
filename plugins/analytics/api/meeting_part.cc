#include "api/meeting_part.h"

#include <algorithm>
#include <utility>

#include "api/report.h"
#include "api/rest_time.h"
#include "api/summary.h"
#include "records/moment.h"

namespace sluice::analytics {

namespace {

/// The query of `GET /api/meeting/{id}/analytics`.
struct ReadAnalytics {
  static constexpr bool kSnakeCase = true;
  std::optional<std::int64_t> session;  ///< missing: all of them together
  std::optional<std::uint32_t> offset;
  std::optional<std::uint32_t> limit;
};
BOOST_DESCRIBE_STRUCT(ReadAnalytics, (), (session, offset, limit))

/// The query of `GET /api/meeting/analytics/summary`.
struct ReadSummary {
  static constexpr bool kSnakeCase = true;
  std::optional<Text<40>> from;
  std::optional<Text<40>> to;
};
BOOST_DESCRIBE_STRUCT(ReadSummary, (), (from, to))

constexpr std::chrono::days kUsualSummary{30};
constexpr std::chrono::days kLongestSummary{366};

constexpr std::size_t kMostPerPage = 1'000;
constexpr std::size_t kUsualPage = 100;
constexpr std::int64_t kMostEvents = 1'000;

struct Answer {
  MeetingRecord record;
  std::vector<EventRow> timeline;  ///< of the newest session
};

Answer read_answer(StoreTransaction& store, const SessionFilter& filter) {
  Answer out{.record = read_meeting(store, filter), .timeline = {}};
  if (!out.record.sessions.empty()) out.timeline = events_of(store, out.record.sessions.front().id, 0, kMostEvents);
  return out;
}

json::array timeline_of(const Answer& answer) {
  json::array out;
  for (const EventRow& event : answer.timeline) {
    out.push_back(json::object{{"at", format_time(event.at)},
                               {"event", to_json(event.kind)},
                               {"person", event.person},
                               {"participants", event.participants}});
  }
  return out;
}

// Who manages the meeting sees everybody, others themselves.
void add_people(json::object& data, const MeetingRecord& record, const Identity& caller, bool manages,
                const ReadAnalytics& query, rest::Reply& reply) {
  std::vector<const PersonRecord*> shown;
  for (const PersonRecord& one : record.people) {
    if (manages || one.row.user_id == caller.user_id) shown.push_back(&one);
  }
  const std::size_t offset = std::min<std::size_t>(query.offset.value_or(0), shown.size());
  const std::size_t limit = std::clamp<std::size_t>(query.limit.value_or(kUsualPage), 1, kMostPerPage);
  const std::size_t end = std::min(offset + limit, shown.size());
  const EngagementScale scale = scale_of(record);
  json::array people;
  for (std::size_t i = offset; i < end; ++i) people.push_back(person_report(*shown[i], scale));
  data["participants"] = std::move(people);
  reply.member(
      "pagination",
      json::object{{"offset", offset}, {"limit", limit}, {"total", shown.size()}, {"has_more", end < shown.size()}});
}

SessionFilter sessions_of(const MeetingInfo& meeting) {
  SessionFilter filter;
  filter.tenant = meeting.tenant;
  filter.meeting_id = meeting.id;
  return filter;
}

SummaryFilter read_range(const ReadSummary& query, const std::string& tenant, WallTime now) {
  constexpr auto ms = [](std::chrono::days length) { return std::chrono::milliseconds{length}.count(); };
  SummaryFilter filter{.tenant = tenant, .from = 0, .to = read_time(query.to, "to").value_or(unix_ms(now))};
  filter.from = read_time(query.from, "from").value_or(filter.to - ms(kUsualSummary));
  if (filter.from > filter.to) throw Error{ErrorCode::invalid_payload, "from: is behind to", {{"path", "from"}}};
  if (filter.to - filter.from > ms(kLongestSummary)) {
    throw Error{ErrorCode::invalid_payload, "from: at most 366 days before to", {{"path", "from"}}};
  }
  return filter;
}

}  // namespace

MeetingPart::MeetingPart(Api& api, SeriesReader& series) : api_{api}, series_{series} {
  if (api_.meetings == nullptr) return;
  using Part = void (MeetingPart::*)(const HttpRequest&, const MeetingInfo&, rest::Reply);
  const auto provide = [this](const char* name, Part part) {
    registrations_.push_back(api_.meetings->provide_part(
        name, [this, part](const HttpRequest& request, const MeetingInfo& meeting, rest::Reply reply) {
          (this->*part)(request, meeting, std::move(reply));
        }));
  };
  provide("analytics", &MeetingPart::answer);
  provide("analytics/summary", &MeetingPart::summarise);
}

// Below `analytics` are things for who manages the meeting: its route has seen to that.
void MeetingPart::answer(const HttpRequest& request, const MeetingInfo& meeting, rest::Reply reply) {
  Room* const room = room_of(api_, meeting);
  if (request.path.ends_with("/series")) {
    return series_.answer(read_query<ReadSeries>(request), sessions_of(meeting), room, std::move(reply));
  }
  if (request.path.ends_with("/export")) {
    return exporter_.answer(read_query<ReadExport>(request), sessions_of(meeting), room, std::move(reply));
  }
  static_cast<void>(read_query<ReadAnalytics>(request));  // what does not fit is said before anything is asked
  api_.meetings->find(
      request.identity, meeting.id, MeetingAccess::moderator,
      api_.lifeline.guard([this, request, meeting, reply = std::move(reply)](Result<MeetingInfo, Error> found) mutable {
        report(request, meeting, found.has_value(), std::move(reply));
      }));
}

void MeetingPart::summarise(const HttpRequest& request, const MeetingInfo& tenant, rest::Reply reply) {
  const SummaryFilter filter =
      read_range(read_query<ReadSummary>(request), tenant.tenant, api_.host.timers().wall_time());
  read_fresh(
      api_, nullptr, [filter](StoreTransaction& store) { return read_summary(store, filter); },
      [reply = std::move(reply)](Result<json::object, Error> summary) mutable {
        if (!summary) return reply.fail(summary.error());
        reply.ok(json::object{{"analytics_summary", std::move(*summary)}});
      });
}

void MeetingPart::report(const HttpRequest& request, const MeetingInfo& meeting, bool manages, rest::Reply reply) {
  const auto query = read_query<ReadAnalytics>(request);
  SessionFilter filter = sessions_of(meeting);
  filter.id = query.session;
  read_fresh(
      api_, room_of(api_, meeting), [filter](StoreTransaction& store) { return read_answer(store, filter); },
      [meeting, manages, query, caller = request.identity,
       reply = std::move(reply)](const Result<Answer, Error>& answer) mutable {
        if (!answer) return reply.fail(answer.error());
        if (query.session && answer->record.sessions.empty()) {
          return reply.fail(Error{ErrorCode::not_found, "this meeting has no such session"});
        }
        json::object report = meeting_report(answer->record);
        report["meeting_id"] = meeting.id;
        json::object data{{"meeting_analytics", std::move(report)}};
        add_people(data, answer->record, caller, manages, query, reply);
        if (manages) data["timeline"] = timeline_of(*answer);
        reply.ok(std::move(data));
      });
}

}  // namespace sluice::analytics
