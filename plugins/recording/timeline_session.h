#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "journal.h"
#include "sluice/media/session_clock.h"
#include "sluice/media/turn.h"
#include "timeline.h"

namespace sluice::recording {

/// From a frame on.
struct TurnFrom {
  std::int64_t timestamp = 0;  ///< RTP, unwrapped
  media::Turn turn = media::Turn::none;
};

/// A track as the journal has it. Times are the session's.
struct SessionTrack {
  TrackBegan began;
  MediaTime begin{};
  std::optional<MediaTime> end{};  ///< nothing: it lasted as long as the session
  std::vector<Span> pauses{};      ///< the last one may be open: until MediaTime::max()
  std::vector<TurnFrom> turns{};   ///< by timestamp; empty: its pictures are upright throughout
  MediaTime last_packet{};         ///< that is known to have arrived; there may be later ones
  std::size_t sender = 0;          ///< index into Session::senders

  [[nodiscard]] bool is_camera() const noexcept {
    return began.kind == MediaKind::video && began.source != TrackSource::screen;
  }
  [[nodiscard]] bool is_screen() const noexcept {
    return began.kind == MediaKind::video && began.source == TrackSource::screen;
  }
  [[nodiscard]] bool is_paused(MediaTime at) const noexcept;
  /// What the picture of a packet of its file needs.
  [[nodiscard]] media::Turn turn_at(MediaTime pts) const noexcept;
};

/// A journal, understood: who was there and what happened, in the order of time. What contradicts itself (the end of a
/// track that never began) is left out.
struct Session {
  SessionBegan began;
  std::optional<MediaTime> ended{};  ///< nothing: the gateway did not live to say so
  MediaTime last_entry{};
  std::vector<Span> pauses{};  ///< of the session; the last one may be open: until MediaTime::max()
  std::vector<SessionTrack> tracks{};
  std::vector<media::SenderTimeline> senders{};  ///< one for each stay of a participant: the next has other clocks
  /// Those that change the picture, by time: participants, tracks and their pauses, the speaker, the layout.
  std::vector<JournalEntry> changes{};
  std::vector<ChatSaid> chat{};

  /// Where a frame of a track's file belongs in the session. Before any clock was seen: where the journal saw the file
  /// begin.
  [[nodiscard]] MediaTime time_of(const SessionTrack& track, MediaTime pts) const;
  /// The display name of a participant, by the newest entry; empty where there is none.
  [[nodiscard]] std::string name_of(const std::string& participant) const;
  [[nodiscard]] std::size_t count_participants() const;
};

[[nodiscard]] Session read_session(std::span<const JournalEntry> entries);

/// When an entry happened; nothing of those that have no time.
[[nodiscard]] std::optional<MediaTime> time_of(const JournalEntry& entry) noexcept;

}  // namespace sluice::recording
