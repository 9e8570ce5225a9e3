#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "meeting.h"
#include "sluice/identity.h"
#include "sluice/json.h"
#include "sluice/json_schema.h"

/// Bodies of the REST API. Every text has its bound; what a field means stands in docs/rest-api.md.
namespace sluice::meetings {

struct FeatureFields {
  static constexpr bool kSnakeCase = true;
  std::optional<bool> video_enabled;
  std::optional<bool> audio_enabled;
  std::optional<bool> screen_sharing_enabled;
  std::optional<bool> chat_enabled;
  std::optional<bool> recording_enabled;
  std::optional<bool> breakout_rooms_enabled;
  std::optional<bool> whiteboard_enabled;
  std::optional<bool> hand_raise_enabled;
  std::optional<bool> reactions_enabled;
};
BOOST_DESCRIBE_STRUCT(FeatureFields, (),
                      (video_enabled, audio_enabled, screen_sharing_enabled, chat_enabled, recording_enabled,
                       breakout_rooms_enabled, whiteboard_enabled, hand_raise_enabled, reactions_enabled))

struct RecordingFields {
  static constexpr bool kSnakeCase = true;
  std::optional<bool> auto_record;
  std::optional<bool> record_video;
  std::optional<bool> record_audio;
  std::optional<bool> record_chat;
  std::optional<Text<64>> storage_location;
  std::optional<int> retention_days;
};
BOOST_DESCRIBE_STRUCT(RecordingFields, (),
                      (auto_record, record_video, record_audio, record_chat, storage_location, retention_days))

struct RecurrenceFields {
  static constexpr bool kSnakeCase = true;
  Text<1'100> rule;
  std::optional<Text<64>> until;
  std::optional<int> count;
  std::optional<std::vector<Text<64>>> exdates;
};
BOOST_DESCRIBE_STRUCT(RecurrenceFields, (), (rule, until, count, exdates))

struct PersonFields {
  static constexpr bool kSnakeCase = true;
  std::optional<Text<256>> user_id;
  std::optional<Text<254>> email;
  std::optional<Text<256>> name;
  std::optional<Role> role;
};
BOOST_DESCRIBE_STRUCT(PersonFields, (), (user_id, email, name, role))

/// What create and update have in common; what is missing stays as it is, or is as configured.
struct MeetingFields {
  static constexpr bool kSnakeCase = true;
  std::optional<Text<8'192>> meeting_description;
  std::optional<Text<64>> meeting_start_time;
  std::optional<Text<64>> meeting_end_time;
  std::optional<Text<64>> timezone;
  std::optional<Text<256>> meeting_location;
  std::optional<json::array> participants;  ///< user ids, or `{user_id or email, name, role}`
  std::optional<json::object> meeting_meta_data;
  std::optional<MeetingType> meeting_type;
  std::optional<int> max_participants;
  std::optional<Text<128>> meeting_password;  ///< empty: none any more
  std::optional<bool> waiting_room_enabled;
  std::optional<bool> require_host_approval;
  std::optional<bool> allow_guests;
  std::optional<FeatureFields> features;
  std::optional<RecordingFields> recording_config;
  std::optional<json::object> security;  ///< members of a SecurityPolicy; null takes one back
  std::optional<RecurrenceFields> recurrence;

  static json::object schema_notes();
};
BOOST_DESCRIBE_STRUCT(MeetingFields, (),
                      (meeting_description, meeting_start_time, meeting_end_time, timezone, meeting_location,
                       participants, meeting_meta_data, meeting_type, max_participants, meeting_password,
                       waiting_room_enabled, require_host_approval, allow_guests, features, recording_config, security,
                       recurrence))

/// What the body's types do not say to the API's description.
inline json::object MeetingFields::schema_notes() {
  json::object security = schema_of<SecurityPolicy>();
  security.erase("required");
  const json::object user{{"type", "string"}, {"maxLength", Identity::kMaxBytes}};
  return {
      {"security", std::move(security)},
      {"participants",
       json::object{{"items", json::object{{"anyOf", json::array{json::value(user), schema_of<PersonFields>()}}}}}}};
}

struct CreateMeeting : MeetingFields {
  Text<256> meeting_name;
};
BOOST_DESCRIBE_STRUCT(CreateMeeting, (MeetingFields), (meeting_name))

struct UpdateMeeting : MeetingFields {
  std::optional<Text<256>> meeting_name;
};
BOOST_DESCRIBE_STRUCT(UpdateMeeting, (MeetingFields), (meeting_name))

struct CancelMeeting {
  static constexpr bool kSnakeCase = true;
  std::optional<Text<512>> reason;
  std::optional<Text<64>> recurrence_id;  ///< the start of one occurrence; missing: the whole series
};
BOOST_DESCRIBE_STRUCT(CancelMeeting, (), (reason, recurrence_id))

struct AddParticipants {
  static constexpr bool kSnakeCase = true;
  json::array participants;
  std::optional<bool> send_invitation;
  std::optional<Text<2'048>> invitation_message;
  std::optional<bool> notify_existing_participants;
};
BOOST_DESCRIBE_STRUCT(AddParticipants, (),
                      (participants, send_invitation, invitation_message, notify_existing_participants))

struct RemoveParticipants {
  static constexpr bool kSnakeCase = true;
  std::vector<Text<256>> participant_ids;
  std::optional<Text<512>> reason;
  std::optional<bool> notify_removed_participants;
  std::optional<bool> notify_existing_participants;
};
BOOST_DESCRIBE_STRUCT(RemoveParticipants, (),
                      (participant_ids, reason, notify_removed_participants, notify_existing_participants))

struct ChangeRole {
  static constexpr bool kSnakeCase = true;
  Role new_role = Role::attendee;
  std::optional<bool> notify_participant;
  std::optional<bool> notify_others;
};
BOOST_DESCRIBE_STRUCT(ChangeRole, (), (new_role, notify_participant, notify_others))

struct ChangeRoleOf : ChangeRole {
  Text<256> participant_id;
};
BOOST_DESCRIBE_STRUCT(ChangeRoleOf, (ChangeRole), (participant_id))

struct SearchUsers {
  static constexpr bool kSnakeCase = true;
  Text<256> query;
  std::optional<bool> exclude_current_participants;
  std::optional<int> limit;
  std::optional<std::vector<Text<64>>> user_types;
};
BOOST_DESCRIBE_STRUCT(SearchUsers, (), (query, exclude_current_participants, limit, user_types))

}  // namespace sluice::meetings
