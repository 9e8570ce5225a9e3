#pragma once

#include <map>
#include <set>
#include <string>

#include "requests.h"
#include "sluice/contracts/rooms.h"
#include "sluice/json.h"

namespace sluice::videoroom {

class Member;
class Publications;

[[nodiscard]] constexpr MuteKind mute_kind(MediaKind kind) noexcept {
  return kind == MediaKind::audio ? MuteKind::audio : MuteKind::video;
}

/// What one participant sends, as others see it, and what moderators hold of it.
///
/// What is held is paused in the router, and stays so whatever the client does: resuming is refused, and what is
/// published meanwhile starts paused.
class MediaState {
 public:
  MediaState(Member& member, Publications& publications) noexcept : member_{member}, publications_{publications} {}

  /// What is held of it. `by`: the moderator's participant id, or null where it is a plugin's decision.
  [[nodiscard]] const std::set<MuteKind>& muted() const noexcept { return muted_; }
  [[nodiscard]] bool muted(MuteKind kind) const noexcept { return muted_.contains(kind); }
  /// `mute:remote` to its client. Nothing where it is held already.
  void mute(MuteKind kind, const json::value& by);
  /// `unmute:requested` to its client; what was held stays paused until its client resumes it.
  void unmute(MuteKind kind, const json::value& by);
  /// Takes over what was held of the same user when it was here before.
  void restore(const std::set<MuteKind>& muted) { muted_ = muted; }

  /// Which mute holds a track of these, if one does.
  [[nodiscard]] std::optional<MuteKind> holds(MediaKind kind, MediaSource source) const noexcept;
  /// Before the participant resumes such a track. Who may mute others lifts its own mute by it; others get
  /// PERMISSION_DENIED `{muted}`.
  void demand_resumable(MediaKind kind, MediaSource source);

  [[nodiscard]] Participant::Sending sending() const noexcept;
  /// `{media: {audio, video, screen}, muted: [kinds]}`, into a summary.
  void describe(json::object& summary) const;

  /// What others were told last of all this, to be compared.
  struct Told {
    bool audio = false;
    bool video = false;
    bool screen = false;
    std::set<MuteKind> muted;
    friend bool operator==(const Told&, const Told&) = default;
  };
  /// Whether it differs from what was told; from now on it does not.
  [[nodiscard]] bool take_change();

 private:
  void changed();

  Member& member_;
  Publications& publications_;
  std::set<MuteKind> muted_;
  Told told_;
};

}  // namespace sluice::videoroom
