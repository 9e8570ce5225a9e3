#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sluice/contracts/rooms.h"
#include "sluice/json.h"

/// What is kept of a session, as the store has it. Times are milliseconds of Unix time, lengths milliseconds.
namespace sluice::analytics {

/// Of a row that waits to be written: counted from 1 since the process began. Of one that was read: the store's own.
using SessionId = std::int64_t;
/// Of a person within a session, counted from 1; 0 stands for the whole room.
using PersonNumber = std::int64_t;

/// How many are how engaged.
struct EngagementCounts {
  std::int64_t high = 0;
  std::int64_t medium = 0;
  std::int64_t low = 0;
  friend bool operator==(const EngagementCounts&, const EngagementCounts&) = default;
};

/// One run of a room with people in it.
struct SessionRow {
  SessionId id = 0;
  std::string tenant;
  std::string room_id;
  std::string room_name;
  std::string meeting_id;  ///< empty: the room is no meeting's
  std::int64_t started_at = 0;
  std::int64_t seen_at = 0;                ///< until when the numbers are true
  std::optional<std::int64_t> ended_at{};  ///< missing while it lasts
  std::string reason;                      ///< why it ended; `crashed`: the gateway died, and `seen_at` is the end
  std::int64_t joins = 0;
  std::int64_t people = 0;       ///< different ones
  std::int64_t left_out = 0;     ///< joins of those who have no row of their own: there were too many
  std::int64_t peak = 0;         ///< participants at once
  std::int64_t attended_ms = 0;  ///< of all participants together
  std::int64_t talk_ms = 0;      ///< of all together
  std::int64_t screen_ms = 0;    ///< with a screen to be seen
  std::int64_t recording_ms = 0;
  std::int64_t streaming_ms = 0;
  std::int64_t viewers_peak = 0;
  std::int64_t viewers_in_all = 0;
  std::int64_t chat_messages = 0;
  std::int64_t reactions = 0;
  std::int64_t hands = 0;
  std::optional<EngagementCounts> engagement{};  ///< from the end on
  bool erased = false;                           ///< its meeting is deleted: not to be shown, and soon to be gone
};

/// One person in one session: all its connections together.
struct PersonRow {
  SessionId session = 0;
  PersonNumber number = 0;
  std::string user_id;
  std::string name;
  std::string role;  ///< the last one
  bool guest = false;
  std::int64_t first_joined_at = 0;
  std::optional<std::int64_t> last_left_at{};  ///< missing while it is there
  std::int64_t joins = 0;
  std::int64_t aways = 0;    ///< connections that were lost
  std::int64_t devices = 0;  ///< connections at once, at most
  std::int64_t present_ms = 0;
  std::int64_t away_ms = 0;
  std::int64_t talk_ms = 0;
  std::int64_t camera_ms = 0;
  std::int64_t screen_ms = 0;
  std::int64_t chat_messages = 0;
  std::int64_t reactions = 0;
  std::int64_t hands = 0;
  /// What goes on at `counted_at`, so that a row needs to be written only when something begins or ends: see settle().
  std::int64_t counted_at = 0;
  bool is_present = false;
  bool is_away = false;
  bool camera_on = false;
  bool screen_on = false;
};

/// The row as it stands at `at`, which is the session's `seen_at`: what went on at the last writing has gone on.
[[nodiscard]] PersonRow settle(PersonRow row, std::int64_t at);

/// What the timeline shows.
enum class EventKind : std::uint8_t {
  joined,
  left,
  away,
  returned,
  screen_started,
  screen_stopped,
  recording_started,
  recording_stopped,
  stream_started,
  stream_stopped
};
BOOST_DESCRIBE_ENUM(EventKind, joined, left, away, returned, screen_started, screen_stopped, recording_started,
                    recording_stopped, stream_started, stream_stopped)

struct EventRow {
  SessionId session = 0;
  std::int64_t number = 0;  ///< in order
  std::int64_t at = 0;
  EventKind kind{};
  PersonNumber person = 0;        ///< 0: nobody in particular
  std::int64_t participants = 0;  ///< in the room after it
};

/// What a session has to write.
struct SessionChanges {
  std::vector<SessionRow> sessions;
  std::vector<PersonRow> people;
  std::vector<EventRow> events;
};

}  // namespace sluice::analytics
