#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "settings.h"
#include "sluice/contracts/media_taps.h"
#include "sluice/json.h"

/// The journal of a session: `journal.jsonl` in the session's folder, one JSON object a line, only ever appended to.
/// What the tracks' files do not tell: who was there, where the tracks belong in time, who spoke, what was paused.
/// Times are microseconds since the session began, on the gateway's monotonic clock.
namespace sluice::recording {

inline constexpr int kJournalVersion = 1;
inline constexpr std::string_view kJournalFile = "journal.jsonl";
inline constexpr std::size_t kMaxJournalLine = std::size_t{64} << 10;  ///< bytes, with the line's end

/// The first line.
struct SessionBegan {
  int version = kJournalVersion;
  std::string recording_id;
  std::string tenant;
  std::string room_id;
  std::string meeting_id;         ///< empty: of no meeting
  std::int64_t wall_time_ms = 0;  ///< of the calendar, since 1970
  Settings settings;
};
BOOST_DESCRIBE_STRUCT(SessionBegan, (), (version, recording_id, tenant, room_id, meeting_id, wall_time_ms, settings))

struct ParticipantCame {
  std::int64_t at_us = 0;
  std::string participant;
  std::string name;
};
BOOST_DESCRIBE_STRUCT(ParticipantCame, (), (at_us, participant, name))

struct ParticipantWent {
  std::int64_t at_us = 0;
  std::string participant;
};
BOOST_DESCRIBE_STRUCT(ParticipantWent, (), (at_us, participant))

/// A track's file has been begun. Its pts are (timestamp - first_timestamp) / clock_rate.
struct TrackBegan {
  std::int64_t at_us = 0;
  std::string track;  ///< unique in the session
  std::string file;   ///< name in the session's folder
  std::string participant;
  MediaKind kind = MediaKind::audio;
  TrackSource source = TrackSource::mic;
  std::string codec;  ///< `vp8`: media::Codec
  std::uint32_t clock_rate = 0;
  std::int64_t first_timestamp = 0;  ///< RTP, unwrapped
};
BOOST_DESCRIBE_STRUCT(TrackBegan, (),
                      (at_us, track, file, participant, kind, source, codec, clock_rate, first_timestamp))

/// See media::ClockPoint.
struct ClockSeen {
  std::string track;
  std::int64_t timestamp = 0;
  std::int64_t arrival_us = 0;
  std::optional<std::string> ntp{};  ///< decimal: JSON numbers do not hold 64 bits everywhere
};
BOOST_DESCRIBE_STRUCT(ClockSeen, (), (track, timestamp, arrival_us, ntp))

/// Switched off or on by its sender, or muted; a camera that is off is a tile with a name.
struct TrackPaused {
  std::int64_t at_us = 0;
  std::string track;
  bool paused = false;
};
BOOST_DESCRIBE_STRUCT(TrackPaused, (), (at_us, track, paused))

/// From that frame on pictures are to be turned clockwise by so many degrees; before the first entry by none.
struct PictureTurned {
  std::int64_t at_us = 0;
  std::string track;
  std::int64_t timestamp = 0;  ///< RTP, unwrapped
  int degrees = 0;             ///< 0, 90, 180 or 270
};
BOOST_DESCRIBE_STRUCT(PictureTurned, (), (at_us, track, timestamp, degrees))

struct TrackEnd {
  std::int64_t at_us = 0;
  std::string track;
};
BOOST_DESCRIBE_STRUCT(TrackEnd, (), (at_us, track))

/// Leads the conversation; empty: nobody.
struct SpeakerLed {
  std::int64_t at_us = 0;
  std::string participant;
};
BOOST_DESCRIBE_STRUCT(SpeakerLed, (), (at_us, participant))

struct LayoutChanged {
  std::int64_t at_us = 0;
  Layout layout = Layout::grid;
};
BOOST_DESCRIBE_STRUCT(LayoutChanged, (), (at_us, layout))

struct ChatSaid {
  std::int64_t at_us = 0;
  std::string name;
  std::string text;
};
BOOST_DESCRIBE_STRUCT(ChatSaid, (), (at_us, name, text))

/// What lies between a pause and its resume is left out of the product.
struct SessionPaused {
  std::int64_t at_us = 0;
};
BOOST_DESCRIBE_STRUCT(SessionPaused, (), (at_us))
struct SessionResumed {
  std::int64_t at_us = 0;
};
BOOST_DESCRIBE_STRUCT(SessionResumed, (), (at_us))

/// The last line, where the gateway lived to write it.
struct SessionEnded {
  std::int64_t at_us = 0;
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(SessionEnded, (), (at_us, reason))

using JournalEntry =
    std::variant<SessionBegan, ParticipantCame, ParticipantWent, TrackBegan, ClockSeen, TrackPaused, PictureTurned,
                 TrackEnd, SpeakerLed, LayoutChanged, ChatSaid, SessionPaused, SessionResumed, SessionEnded>;

/// `{"type": "trackBegan", ...}` with the line's end. Throws std::length_error beyond kMaxJournalLine.
[[nodiscard]] std::string to_line(const JournalEntry& entry);

/// The entries of a journal, as far as it can be read: a last line that is cut off (the process was killed) is left
/// out. Throws std::runtime_error where the file is missing, does not begin with SessionBegan, is of another version,
/// or is damaged before its end, with the line's number.
[[nodiscard]] std::vector<JournalEntry> read_journal(const std::string& path);

}  // namespace sluice::recording
