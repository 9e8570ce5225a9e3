#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "settings.h"
#include "sluice/media/layout.h"
#include "timeline_session.h"

namespace sluice::recording {

/// Who is to be seen, from moment to moment: plays the changes of a session in the order of time.
class Cast {
 public:
  /// Borrows the session.
  Cast(const Session& session, const Settings& settings);

  /// Applies what has changed up to and at `now`, of the session; `now` never goes back. @return whether anything did.
  bool advance(MediaTime now);
  [[nodiscard]] media::LayoutKind layout() const noexcept { return layout_; }
  /// The participants in the order in which they came, each with its cameras, or a tile with its name, and its screens.
  /// @param has_picture  Of each of the session's tracks: whether there is something to show.
  [[nodiscard]] std::vector<media::SceneSource> scene(const std::vector<bool>& has_picture) const;
  /// Whether what a track has to show may be shown: it has not ended and is not paused, its participant is there, and
  /// the settings want it.
  [[nodiscard]] bool is_on(std::size_t track) const;

 private:
  struct Person {
    std::string id;
    std::string name;
  };

  void apply(const JournalEntry& entry);
  void apply_came(const ParticipantCame& entry);
  void apply_began(const TrackBegan& entry);
  [[nodiscard]] std::vector<Person>::iterator find(const std::string& participant);

  const Session& session_;
  bool cameras_;
  bool screens_;
  std::size_t next_ = 0;  // of session_.changes
  MediaTime now_ = MediaTime::min();
  std::vector<Person> people_;
  std::string speaker_;
  media::LayoutKind layout_;
};

[[nodiscard]] media::LayoutKind layout_kind(Layout layout) noexcept;

}  // namespace sluice::recording
