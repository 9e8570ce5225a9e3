#pragma once

#include <set>
#include <string>

#include "sluice/timers.h"

namespace sluice::videoroom {

struct Context;
class LiveRoom;
class Member;

/// Tells a room that what somebody sends, or is kept from sending, has changed (`participant:updated`). Looked at once
/// for all that one turn of the control thread has changed: who publishes two tracks by one offer is told of once, and
/// a room whose moderator has muted everybody hears of it in one batch.
class MediaNotice {
 public:
  MediaNotice(Context& context, LiveRoom& room) noexcept : context_{context}, room_{room} {}

  /// Something was published, paused, resumed, closed, muted or may be unmuted.
  void changed(const Member& member);

 private:
  void tell();

  Context& context_;
  LiveRoom& room_;
  std::set<std::string, std::less<>> changed_;  // participant ids
  Timer timer_;
};

}  // namespace sluice::videoroom
