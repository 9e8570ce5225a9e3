#include "api/meeting_record.h"

#include <algorithm>
#include <utility>

namespace sluice::analytics {

namespace {

void merge_mean(std::optional<double>& into, std::int64_t weight, const std::optional<double>& more,
                std::int64_t more_weight) {
  if (!more || more_weight == 0) return;
  if (!into || weight == 0) {
    into = more;
    return;
  }
  const auto a = static_cast<double>(weight), b = static_cast<double>(more_weight);
  into = (*into * a + *more * b) / (a + b);
}

void merge_most(std::optional<double>& into, const std::optional<double>& more) {
  if (more) into = into ? std::max(*into, *more) : *more;
}

void merge_least(std::optional<double>& into, const std::optional<double>& more) {
  if (more) into = into ? std::min(*into, *more) : *more;
}

// The session's newest come first: what was said of somebody last is there already.
void merge_person(PersonRow& into, const PersonRow& earlier) {
  into.first_joined_at = std::min(into.first_joined_at, earlier.first_joined_at);
  into.devices = std::max(into.devices, earlier.devices);
  for (const auto member : {&PersonRow::joins, &PersonRow::aways, &PersonRow::present_ms, &PersonRow::away_ms,
                            &PersonRow::talk_ms, &PersonRow::camera_ms, &PersonRow::screen_ms,
                            &PersonRow::chat_messages, &PersonRow::reactions, &PersonRow::hands}) {
    into.*member += earlier.*member;
  }
}

class Collector {
 public:
  explicit Collector(MeetingRecord& record) noexcept : record_{record} {}

  void add(PersonRow person, const SessionRow& session, const QualityFigures* quality) {
    // Of a session that a crash has ended nobody has said when they left.
    if (!person.last_left_at) person.last_left_at = session.ended_at;
    const auto [found, is_new] = known_.try_emplace(person.user_id, record_.people.size());
    if (is_new) {
      if (record_.people.size() >= MeetingRecord::kMostPeople) {
        known_.erase(found);
        record_.truncated = true;
        return;
      }
      record_.people.push_back({.row = std::move(person), .sessions = 0, .quality = {}});
    } else {
      merge_person(record_.people[found->second].row, person);
    }
    PersonRecord& one = record_.people[found->second];
    ++one.sessions;
    if (quality != nullptr) merge(one.quality, *quality);
  }

 private:
  MeetingRecord& record_;
  std::map<std::string, std::size_t> known_;
};

}  // namespace

std::int64_t duration_of(const SessionRow& session) noexcept {
  return std::max<std::int64_t>(session.ended_at.value_or(session.seen_at) - session.started_at, 0);
}

std::int64_t MeetingRecord::duration_ms() const {
  std::int64_t total = 0;
  for (const SessionRow& one : sessions) total += duration_of(one);
  return total;
}

void merge(QualityFigures& into, const QualityFigures& more) {
  const std::int64_t a = into.samples, b = more.samples;
  for (const auto mean : {&QualityFigures::round_trip_ms, &QualityFigures::jitter_ms, &QualityFigures::loss_up,
                          &QualityFigures::loss_down, &QualityFigures::height, &QualityFigures::frames_per_second,
                          &QualityFigures::mos}) {
    merge_mean(into.*mean, a, more.*mean, b);
  }
  for (const auto most : {&QualityFigures::round_trip_max_ms, &QualityFigures::jitter_max_ms,
                          &QualityFigures::loss_up_max, &QualityFigures::loss_down_max}) {
    merge_most(into.*most, more.*most);
  }
  merge_least(into.mos_min, more.mos_min);
  if (a + b > 0) {
    into.up_bps = (into.up_bps * a + more.up_bps * b) / (a + b);
    into.down_bps = (into.down_bps * a + more.down_bps * b) / (a + b);
  }
  for (const auto sum :
       {&QualityFigures::samples, &QualityFigures::freezes, &QualityFigures::frozen_ms, &QualityFigures::poor,
        &QualityFigures::fair, &QualityFigures::good, &QualityFigures::excellent}) {
    into.*sum += more.*sum;
  }
}

MeetingRecord read_meeting(StoreTransaction& store, const SessionFilter& filter) {
  MeetingRecord record;
  SessionFilter wanted = filter;
  wanted.limit = MeetingRecord::kMostSessions + 1;
  record.sessions = find_sessions(store, wanted);
  if (static_cast<std::int64_t>(record.sessions.size()) > MeetingRecord::kMostSessions) {
    record.sessions.pop_back();
    record.truncated = true;
  }
  Collector collector{record};
  for (const SessionRow& session : record.sessions) {
    std::map<PersonNumber, QualityFigures> quality;
    for (QualitySummary& one : quality_of(store, session.id)) quality.emplace(one.person, one.figures);
    if (const auto room = quality.find(0); room != quality.end()) merge(record.quality, room->second);
    for (PersonRow& person : people_of(store, session.id, session.seen_at)) {
      const auto known = quality.find(person.number);
      collector.add(std::move(person), session, known == quality.end() ? nullptr : &known->second);
    }
  }
  std::ranges::stable_sort(record.people, {}, [](const PersonRecord& one) { return one.row.first_joined_at; });
  return record;
}

}  // namespace sluice::analytics
