#include <algorithm>
#include <utility>

#include "records/engagement.h"
#include "records/session.h"

// What of a session is written down.
namespace sluice::analytics {

std::size_t Session::speaking(Instant now) const {
  const Instant since = now - kSpeaking;
  return static_cast<std::size_t>(
      std::ranges::count_if(people_, [since](const Person& one) { return one.spoke_since(since); }));
}

SessionRow Session::row(Moment now) const {
  SessionRow row = row_;
  row.seen_at = row.ended_at.value_or(unix_ms(now.wall));
  row.people = static_cast<std::int64_t>(people_.size());
  row.attended_ms = milliseconds(attended_ + (now.at - counted_until_) * static_cast<std::int64_t>(seats_.size()));
  row.screen_ms = milliseconds(screen_.total(now.at));
  row.recording_ms = milliseconds(recording_.total(now.at));
  row.streaming_ms = milliseconds(streaming_.total(now.at));
  Duration talk{};
  for (const Person& one : people_) talk += one.talk();
  row.talk_ms = milliseconds(talk);
  return row;
}

std::vector<PersonRow> Session::people(Moment now) const {
  std::vector<PersonRow> rows;
  rows.reserve(people_.size());
  for (const Person& one : people_) {
    rows.push_back(one.row(now));
    rows.back().session = row_.id;
  }
  return rows;
}

void Session::take_changes(SessionChanges& changes, Moment now, bool touch) {
  for (Person& one : people_) {
    if (!std::exchange(one.changed, false)) continue;
    changes.people.push_back(one.row(now));
    changes.people.back().session = row_.id;
    touch = true;
  }
  for (EventRow& event : std::exchange(new_events_, {})) changes.events.push_back(event);
  if (std::exchange(changed_, false) || touch) changes.sessions.push_back(row(now));
}

}  // namespace sluice::analytics
