#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "access.h"
#include "live.h"
#include "meeting.h"
#include "recurrence.h"
#include "repository.h"
#include "sluice/json_schema.h"

/// Meetings as the REST API shows them.
namespace sluice::meetings {

struct RecurrenceAnswer {
  static constexpr bool kSnakeCase = true;
  std::string rule;
  std::vector<std::string> exdates;
  std::vector<std::string> cancelled;  ///< recurrence ids
};
BOOST_DESCRIBE_STRUCT(RecurrenceAnswer, (), (rule, exdates, cancelled))

struct OccurrenceAnswer {
  static constexpr bool kSnakeCase = true;
  std::string recurrence_id;
  std::string start_time;
  std::string end_time;
  bool cancelled = false;
  std::optional<std::string> reason;
};
BOOST_DESCRIBE_STRUCT(OccurrenceAnswer, (), (recurrence_id, start_time, end_time, cancelled, reason))

struct LiveFigures {
  static constexpr bool kSnakeCase = true;
  std::int64_t participant_count = 0;
  std::int64_t duration_minutes = 0;
};
BOOST_DESCRIBE_STRUCT(LiveFigures, (), (participant_count, duration_minutes))

struct MeetingAnswer {
  static constexpr bool kSnakeCase = true;
  std::string id;
  std::string campus_id;
  std::string creator_id;
  std::string meeting_name;
  std::string meeting_description;
  std::string meeting_start_time;
  std::string meeting_end_time;
  std::string timezone;
  std::string meeting_location;
  std::vector<std::string> participants;
  json::object meeting_meta_data;
  MeetingType meeting_type = MeetingType::scheduled;
  MeetingStatus meeting_status = MeetingStatus::scheduled;
  MeetingStatus status = MeetingStatus::scheduled;
  std::string meeting_room_id;
  std::int64_t max_participants = 0;
  std::int64_t current_participants = 0;
  bool password_protected = false;
  bool waiting_room_enabled = false;
  bool require_host_approval = false;
  bool allow_guests = false;
  Features features;
  RecordingConfig recording_config;
  std::optional<SecurityPolicy> security;  ///< to those who manage it
  std::optional<RecurrenceAnswer> recurrence;
  std::optional<std::vector<OccurrenceAnswer>> occurrences;
  bool is_active = true;
  bool is_deleted = false;
  std::optional<std::string> started_at;
  std::optional<std::string> ended_at;
  std::optional<std::string> cancel_reason;
  std::optional<LiveFigures> live_stats;
  std::optional<Statistics> final_stats;
  std::string created_at;
  std::string updated_at;
  std::int64_t version = 0;
};
BOOST_DESCRIBE_STRUCT(MeetingAnswer, (),
                      (id, campus_id, creator_id, meeting_name, meeting_description, meeting_start_time,
                       meeting_end_time, timezone, meeting_location, participants, meeting_meta_data, meeting_type,
                       meeting_status, status, meeting_room_id, max_participants, current_participants,
                       password_protected, waiting_room_enabled, require_host_approval, allow_guests, features,
                       recording_config, security, recurrence, occurrences, is_active, is_deleted, started_at, ended_at,
                       cancel_reason, live_stats, final_stats, created_at, updated_at, version))

/// @param live  nullptr: nobody asks who is in it.
[[nodiscard]] MeetingAnswer meeting_answer(const Meeting& meeting, std::vector<std::string> participants,
                                           Standing standing, const Live* live, WallTime now);
[[nodiscard]] OccurrenceAnswer occurrence_answer(const Occurrence& occurrence, const std::string& zone);

struct MediaStatus {
  static constexpr bool kSnakeCase = true;
  bool audio = false;
  bool video = false;
  bool screen_share = false;
};
BOOST_DESCRIBE_STRUCT(MediaStatus, (), (audio, video, screen_share))

struct ParticipantAnswer {
  static constexpr bool kSnakeCase = true;
  std::string id;
  std::optional<std::string> participant_id;  ///< in the room, while it is there
  std::string user_id;
  std::optional<std::string> email;
  std::string name;
  Role role = Role::attendee;
  std::string status;  ///< `connected`, `reconnecting`, or of the record: `invited`, `joined`, `left`
  std::optional<std::string> joined_at;
  std::optional<std::string> left_at;
  std::optional<MediaStatus> media_status;
};
BOOST_DESCRIBE_STRUCT(ParticipantAnswer, (),
                      (id, participant_id, user_id, email, name, role, status, joined_at, left_at, media_status))

/// @param live  whom the room has for this row; nullptr: nobody.
[[nodiscard]] ParticipantAnswer participant_answer(const Invited& invited, const LiveParticipant* live);

}  // namespace sluice::meetings
