#include "meeting_report.h"

#include <algorithm>
#include <cmath>

#include "enum_text.h"
#include "room_setup.h"
#include "time_zone.h"

namespace sluice::meetings {

namespace {

std::int64_t minutes(std::int64_t seconds) { return (seconds + 30) / 60; }

double rounded(double value) { return std::round(value * 100) / 100; }

json::object features_enabled(const Features& features) {
  return {{"video", features.video_enabled},
          {"audio", features.audio_enabled},
          {"screen_share", features.screen_sharing_enabled},
          {"chat", features.chat_enabled},
          {"recording", features.recording_enabled},
          {"breakout_rooms", features.breakout_rooms_enabled},
          {"whiteboard", features.whiteboard_enabled},
          {"hand_raise", features.hand_raise_enabled},
          {"reactions", features.reactions_enabled}};
}

}  // namespace

json::object live_stats(const LiveMeetings& live, Figures& figures, const Meeting& meeting) {
  const LiveSession* session = live.find(meeting.tenant, meeting.id);
  if (session == nullptr) {
    return {{"live", false}, {"participant_count", 0}, {"current_participants", 0}, {"duration_minutes", 0}};
  }
  const auto people = live.in_room(meeting.tenant, meeting.id);
  const SessionNumbers numbers = live.numbers(*session);
  json::object out{{"live", true},
                   {"start_time", format_time(session->started_at, meeting.timezone)},
                   {"participant_count", people.size()},
                   {"current_participants", people.size()},
                   {"away_participants", std::ranges::count_if(people, &LiveParticipant::away)},
                   {"max_participants", numbers.max_participants},
                   {"average_participants", rounded(numbers.average_participants)},
                   {"total_joins", numbers.total_joins},
                   {"duration_minutes", minutes(numbers.duration_seconds)},
                   {"screen_sharing", std::ranges::any_of(people, &LiveParticipant::screen_share)}};
  const MeetingInfo info = info_of(session->meeting);
  if (json::value messages = figures.one("total_chat_messages", info); !messages.is_null()) {
    out["chat_messages"] = std::move(messages);
  }
  if (json::value recording = figures.one("recording_active", info); !recording.is_null()) {
    out["recording_active"] = std::move(recording);
  }
  for (const char* const name : {"stream_active", "stream_viewers"}) {
    if (json::value figure = figures.one(name, info); !figure.is_null()) out[name] = std::move(figure);
  }
  json::object more = figures.collect_live(info);
  for (auto& figure : more) out[figure.key()] = std::move(figure.value());
  return out;
}

json::object final_stats(const Statistics& statistics) {
  json::object out = statistics.figures;
  out["duration_minutes"] = minutes(statistics.duration_seconds);
  out["duration_seconds"] = statistics.duration_seconds;
  out["max_participants"] = statistics.max_participants;
  out["average_participants"] = rounded(statistics.average_participants);
  out["total_participants"] = statistics.total_participants;
  out["total_joins"] = statistics.total_joins;
  return out;
}

json::object meeting_info(const Meeting& meeting, const JoinVerdict& verdict, bool live, const Options& options) {
  return {{"id", meeting.id},
          {"name", meeting.name},
          {"host", meeting.creator_id},
          {"host_name", meeting.creator_name},
          {"status", live ? "live" : enum_text(meeting.status)},
          {"start_time", format_time(meeting.start_time, meeting.timezone)},
          {"role", enum_text(verdict.role)},
          {"features_enabled", features_enabled(meeting.features)},
          {"waiting_room_enabled", verdict.waiting_room},
          {"require_host_approval", verdict.approval},
          {"end_to_end_encryption", end_to_end(meeting, options)},
          {"max_participants", participant_limit(meeting, options)}};
}

}  // namespace sluice::meetings
