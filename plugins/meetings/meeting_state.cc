#include "meeting_state.h"

#include <string>
#include <utility>

#include "enum_text.h"
#include "sluice/error.h"

namespace sluice::meetings {

void demand_startable(const Meeting& meeting) {
  if (meeting.status != MeetingStatus::ended && meeting.status != MeetingStatus::cancelled) return;
  const std::string status = enum_text(meeting.status);
  throw Error{ErrorCode::conflict, "the meeting is " + status, {{"status", status}}};
}

void mark_ended(Meeting& meeting, WallTime now, const Statistics& statistics) {
  const bool goes_on = meeting.type == MeetingType::recurring && now < meeting.over_at;
  meeting.status = goes_on ? MeetingStatus::scheduled : MeetingStatus::ended;
  meeting.ended_at = now;
  meeting.statistics = statistics;
}

void mark_interrupted(Meeting& meeting, WallTime now, const std::optional<SessionRow>& run) {
  const WallTime seen = run ? run->seen_at : meeting.started_at.value_or(now);
  const SessionNumbers numbers = run ? run->numbers : SessionNumbers{};
  mark_ended(meeting, seen, statistics_of(numbers, run ? run->figures : json::object()));
  if (meeting.type == MeetingType::scheduled && now < meeting.end_time) meeting.status = MeetingStatus::scheduled;
}

Statistics statistics_of(const SessionNumbers& numbers, json::object figures) {
  Statistics out;
  out.duration_seconds = numbers.duration_seconds;
  out.max_participants = numbers.max_participants;
  out.total_participants = numbers.total_participants;
  out.total_joins = numbers.total_joins;
  out.average_participants = numbers.average_participants;
  out.figures = std::move(figures);
  return out;
}

}  // namespace sluice::meetings
