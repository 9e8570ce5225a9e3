#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sluice/contracts/rooms.h"
#include "sluice/json.h"
#include "sluice/time.h"

namespace sluice {
template <class T>
class Schema;
}

/// The record of a meeting, and of who is invited to it. Values; the store's form of them is `meeting_rows.h`, the REST
/// API's `meeting_json.h`.
namespace sluice::meetings {

enum class MeetingType : std::uint8_t { scheduled, instant, recurring };
BOOST_DESCRIBE_ENUM(MeetingType, scheduled, instant, recurring)

/// A recurring meeting is `live` while one of its occurrences is, and `scheduled` again afterwards, until the last one.
enum class MeetingStatus : std::uint8_t { scheduled, live, ended, cancelled };
BOOST_DESCRIBE_ENUM(MeetingStatus, scheduled, live, ended, cancelled)

/// What may be used in the meeting; what is off, is refused by the server.
struct Features {
  static constexpr bool kSnakeCase = true;
  bool video_enabled = true;
  bool audio_enabled = true;
  bool screen_sharing_enabled = true;
  bool chat_enabled = true;
  bool recording_enabled = true;
  bool breakout_rooms_enabled = false;
  bool whiteboard_enabled = false;
  bool hand_raise_enabled = true;
  bool reactions_enabled = true;
  friend bool operator==(const Features&, const Features&) = default;
};
BOOST_DESCRIBE_STRUCT(Features, (),
                      (video_enabled, audio_enabled, screen_sharing_enabled, chat_enabled, recording_enabled,
                       breakout_rooms_enabled, whiteboard_enabled, hand_raise_enabled, reactions_enabled))

/// For the plugin that records; kept and handed on as it is.
struct RecordingConfig {
  static constexpr bool kSnakeCase = true;
  bool auto_record = false;
  bool record_video = true;
  bool record_audio = true;
  bool record_chat = false;
  std::string storage_location;
  int retention_days = 30;
};
BOOST_DESCRIBE_STRUCT(RecordingConfig, (),
                      (auto_record, record_video, record_audio, record_chat, storage_location, retention_days))

/// Who may do a thing, as policies name it: a role and all above it, or nobody.
enum class WhoMay : std::uint8_t { host, co_host, presenter, attendee, viewer, nobody };
BOOST_DESCRIBE_ENUM(WhoMay, host, co_host, presenter, attendee, viewer, nobody)

/// Who may come to a meeting and what may be done there; see policy.h. The same shape for one meeting (REST) and for
/// all of a tenant (YAML); where both say something, the stricter holds.
struct SecurityPolicy {
  static constexpr bool kSnakeCase = true;
  static constexpr std::size_t kMaxDomains = 100;
  static constexpr std::size_t kMaxBlocked = 1'000;
  static constexpr std::size_t kMaxDomainBytes = 253;  // RFC 1035 section 2.3.4, without the root's dot
  static constexpr std::array kMayBeMissing{"allowed_domains", "blocked_users", "enable_end_to_end_encrypt"};

  std::optional<bool> require_waiting_room;     ///< missing: the meeting's `waiting_room_enabled`
  std::optional<bool> allow_anonymous_join;     ///< people without an account; missing: the meeting's `allow_guests`
  std::optional<int> max_participants;          ///< missing: the meeting's
  std::vector<std::string> allowed_domains;     ///< of e-mail addresses, `*.example.org` for all below; empty: all
  std::vector<std::string> blocked_users;       ///< user ids or e-mail addresses
  bool enable_end_to_end_encrypt = false;       ///< clients encrypt for each other: no recording, no streaming
  std::optional<WhoMay> recording_permissions;  ///< missing: as the gateway is configured; so are the others
  std::optional<WhoMay> screen_share_permissions;
  std::optional<WhoMay> chat_permissions;

  static Schema<SecurityPolicy> schema();
};
BOOST_DESCRIBE_STRUCT(SecurityPolicy, (),
                      (require_waiting_room, allow_anonymous_join, max_participants, allowed_domains, blocked_users,
                       enable_end_to_end_encrypt, recording_permissions, screen_share_permissions, chat_permissions))

/// An occurrence that does not take place, by its RECURRENCE-ID (RFC 5545 section 3.8.4.4): when it would have begun.
struct CancelledOccurrence {
  static constexpr bool kSnakeCase = true;
  std::int64_t at_ms = 0;  ///< Unix time
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(CancelledOccurrence, (), (at_ms, reason))

/// RFC 5545 section 3.8.5. The first occurrence is the meeting's start.
struct Recurrence {
  static constexpr bool kSnakeCase = true;
  std::string rule;                      ///< the value of an RRULE, checked: `FREQ=WEEKLY;BYDAY=MO`
  std::vector<std::int64_t> exdates_ms;  ///< EXDATE: starts that are left out, in Unix time
  std::vector<CancelledOccurrence> cancelled;
};
BOOST_DESCRIBE_STRUCT(Recurrence, (), (rule, exdates_ms, cancelled))

/// What is left of a meeting when it has ended; of a recurring one, of its last occurrence.
struct Statistics {
  static constexpr bool kSnakeCase = true;
  std::int64_t duration_seconds = 0;
  std::int64_t max_participants = 0;    ///< at once
  std::int64_t total_participants = 0;  ///< different ones
  std::int64_t total_joins = 0;
  double average_participants = 0;  ///< over the whole time
  json::object figures;             ///< of other plugins: `{total_chat_messages: 25}`
};
BOOST_DESCRIBE_STRUCT(Statistics, (),
                      (duration_seconds, max_participants, total_participants, total_joins, average_participants,
                       figures))

struct Meeting {
  std::string id;      ///< of its room, too
  std::string tenant;  ///< `campus_id` on the wire
  std::string creator_id;
  std::string creator_name;

  std::string name;
  std::string description;
  std::string location;
  json::object meta_data;
  MeetingType type = MeetingType::scheduled;
  MeetingStatus status = MeetingStatus::scheduled;

  std::string timezone;  ///< IANA name; in it the times are shown, and recurring ones reckoned
  WallTime start_time{};
  WallTime end_time{};
  WallTime over_at{};  ///< the end of the last occurrence; where it does not recur: `end_time`
  std::optional<Recurrence> recurrence;

  int max_participants = 100;
  std::string password_hash;  ///< see password.h; empty: none
  bool waiting_room_enabled = false;
  bool require_host_approval = false;
  bool allow_guests = false;
  Features features;
  RecordingConfig recording_config;
  SecurityPolicy security;

  std::optional<WallTime> started_at;  ///< of what is or was live last
  std::optional<WallTime> ended_at;
  std::optional<Statistics> statistics;
  std::string cancel_reason;

  WallTime created_at{};
  WallTime updated_at{};
  std::int64_t version = 1;  ///< one more with every change; the ETag
};

enum class InvitedStatus : std::uint8_t { invited, joined, left, removed };
BOOST_DESCRIBE_ENUM(InvitedStatus, invited, joined, left, removed)

/// Somebody who is invited to a meeting, or has taken part in it. The creator is one, too, with the role `host`.
struct Invited {
  std::string id;
  std::string meeting_id;
  std::string user_id;  ///< empty while only the address is known
  std::string email;    ///< lower case
  std::string name;
  Role role = Role::attendee;
  InvitedStatus status = InvitedStatus::invited;
  std::optional<WallTime> joined_at{};
  std::optional<WallTime> left_at{};
  bool walk_in = false;  ///< came without being invited: may see the meeting, and at its door is who he was before
};

}  // namespace sluice::meetings
