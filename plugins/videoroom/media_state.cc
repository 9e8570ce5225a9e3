#include "media_state.h"

#include <utility>

#include "live_room.h"
#include "publications.h"

namespace sluice::videoroom {

void MediaState::mute(MuteKind kind, const json::value& by) {
  if (!muted_.insert(kind).second) return;
  publications_.pause_held();
  member_.send("mute:remote", json::object{{"kind", to_json(kind)}, {"by", by}});
  changed();
}

void MediaState::unmute(MuteKind kind, const json::value& by) {
  if (muted_.erase(kind) > 0) changed();
  member_.send("unmute:requested", json::object{{"kind", to_json(kind)}, {"by", by}});
}

// A client can put any track into a sender at any time without the gateway's knowing (replaceTrack). So who is muted is
// not heard by what it calls its screen's sound either, and who may not be seen may not by a screen.
std::optional<MuteKind> MediaState::holds(MediaKind kind, MediaSource source) const noexcept {
  if (muted(mute_kind(kind))) return mute_kind(kind);
  if (source == MediaSource::screen && muted(MuteKind::screen)) return MuteKind::screen;
  return std::nullopt;
}

void MediaState::demand_resumable(MediaKind kind, MediaSource source) {
  while (const auto held = holds(kind, source)) {
    if (!member_.may(Permission::mute_others)) {
      throw Error{ErrorCode::permission_denied, "a moderator has muted you", {{"muted", to_json(*held)}}};
    }
    muted_.erase(*held);
    changed();
  }
}

Participant::Sending MediaState::sending() const noexcept {
  Participant::Sending out;
  for (const auto& [id, publication] : publications_.entries()) {
    if (publication.producer->paused()) continue;
    if (publication.source == MediaSource::mic) out.audio = true;
    if (publication.source == MediaSource::webcam) out.video = true;
    if (publication.source == MediaSource::screen) out.screen = true;
  }
  return out;
}

void MediaState::describe(json::object& summary) const {
  const Participant::Sending now = sending();
  json::array muted;
  for (const MuteKind kind : muted_) muted.push_back(to_json(kind));
  summary["media"] = json::object{{"audio", now.audio}, {"video", now.video}, {"screen", now.screen}};
  summary["muted"] = std::move(muted);
}

bool MediaState::take_change() {
  const Participant::Sending now = sending();
  Told next{.audio = now.audio, .video = now.video, .screen = now.screen, .muted = muted_};
  if (next == told_) return false;
  told_ = std::move(next);
  return true;
}

void MediaState::changed() { member_.live_room().media_notice().changed(member_); }

}  // namespace sluice::videoroom
