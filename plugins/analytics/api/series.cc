#include "api/series.h"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "api/report.h"
#include "api/rest_time.h"
#include "history/bucket.h"
#include "records/moment.h"

namespace sluice::analytics {

namespace {

struct Series {
  std::vector<QualityRow> points;
  bool has_more = false;
};

struct Wanted {
  SessionFilter where;
  SeriesFilter series;
  std::string user_id;  ///< empty: the room
};

Series read_series(StoreTransaction& store, const Wanted& wanted) {
  std::vector<SessionRow> sessions = find_sessions(store, wanted.where);
  std::ranges::reverse(sessions);
  Series out;
  SeriesFilter filter = wanted.series;
  const auto most = static_cast<std::size_t>(filter.limit);
  for (const SessionRow& session : sessions) {
    const auto person =
        wanted.user_id.empty() ? std::optional<PersonNumber>{0} : number_of(store, session.id, wanted.user_id);
    if (!person) continue;
    filter.session = session.id;
    filter.person = person;
    filter.limit = static_cast<std::int64_t>(most - out.points.size()) + 1;
    for (QualityRow& row : series_of(store, filter)) out.points.push_back(row);
    if (out.points.size() > most) {
      out.points.pop_back();
      out.has_more = true;
      break;
    }
  }
  return out;
}

// By its id, or its user's.
Participant* find_participant(Room* room, const std::string& name) {
  if (room == nullptr) return nullptr;
  if (Participant* const found = room->find(name)) return found;
  for (Participant* const one : room->participants()) {
    if (one->identity().user_id == name) return one;
  }
  return nullptr;
}

json::object answer_of(const Series& series, Resolution resolution) {
  json::array points;
  for (const QualityRow& row : series.points) {
    json::object point = series_point(row.at, row.figures);
    point["session_id"] = row.session;
    points.push_back(std::move(point));
  }
  return {{"resolution", name_of(resolution)}, {"points", std::move(points)}, {"has_more", series.has_more}};
}

}  // namespace

void SeriesReader::answer(const ReadSeries& query, const SessionFilter& where, Room* room, rest::Reply reply) {
  const Resolution resolution = read_resolution(query.resolution, Resolution::m1);
  const auto from = read_time(query.from, "from");
  const auto to = read_time(query.to, "to");
  if (resolution == Resolution::s1) return answer_from_memory(query, room, std::move(reply));
  Wanted wanted{.where = where, .series = {}, .user_id = query.participant.value_or("")};
  if (const Participant* const here = find_participant(room, wanted.user_id)) wanted.user_id = here->identity().user_id;
  wanted.where.id = query.session;
  wanted.where.from = from;
  wanted.where.to = to;
  wanted.series.resolution = resolution;
  wanted.series.from = from.value_or(0);
  wanted.series.to = to.value_or(std::numeric_limits<std::int64_t>::max());
  wanted.series.limit = std::clamp<std::int64_t>(query.limit.value_or(1'000), 1, kMostPoints);
  read_fresh(
      api_, room, [wanted](StoreTransaction& store) { return read_series(store, wanted); },
      [resolution, reply = std::move(reply)](const Result<Series, Error>& series) mutable {
        if (!series) return reply.fail(series.error());
        reply.ok(answer_of(*series, resolution));
      });
}

void SeriesReader::answer_from_memory(const ReadSeries& query, Room* room, rest::Reply reply) {
  if (!query.participant) {
    throw Error{ErrorCode::invalid_payload, "participant: is missing for 1s", {{"path", "participant"}}};
  }
  const Participant* const participant = find_participant(room, *query.participant);
  if (participant == nullptr) throw Error{ErrorCode::not_found, "nobody of that id is there now"};
  json::array points;
  for (const TimedSample& sample : api_.quality.series_of(*room, participant->id())) {
    Bucket second;
    second.add(sample.quality);
    points.push_back(series_point(unix_ms(sample.at), second.figures()));
  }
  reply.ok(json::object{{"resolution", name_of(Resolution::s1)}, {"points", std::move(points)}, {"has_more", false}});
}

}  // namespace sluice::analytics
