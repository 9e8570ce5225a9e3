#include "screen_shares.h"

#include <algorithm>

#include "context.h"
#include "live_room.h"
#include "refusal.h"

namespace sluice::videoroom {

void ScreenShares::check(const Member& member) const {
  member.demand(Permission::share_screen);
  if (!context_.options.single_screen_share || sharers_.empty() || shares(member)) return;
  throw Error{ErrorCode::conflict, "somebody shares a screen already", {{"participantId", sharers_.front()}}};
}

void ScreenShares::start(const Member& member) {
  check(member);
  if (shares(member)) return;
  sharers_.push_back(member.id());
  room_.broadcast("screenshare:started", json::object{{"participantId", member.id()}});
}

void ScreenShares::stop(Member& member) {
  end(member, "stopped");
  member.media().publications.close_all_of(MediaSource::screen);
}

void ScreenShares::left(const Member& member) {
  if (std::erase(sharers_, member.id()) == 0) return;
  room_.broadcast("screenshare:stopped", json::object{{"participantId", member.id()}, {"reason", "left"}}, &member);
}

json::value ScreenShares::current() const {
  if (sharers_.empty()) return nullptr;
  return json::object{{"participantId", sharers_.front()}};
}

bool ScreenShares::shares(const Member& member) const noexcept {
  return std::ranges::find(sharers_, member.id()) != sharers_.end();
}

void ScreenShares::end(const Member& member, std::string_view reason) {
  if (std::erase(sharers_, member.id()) == 0) return;
  room_.broadcast("screenshare:stopped", json::object{{"participantId", member.id()}, {"reason", reason}});
}

}  // namespace sluice::videoroom
