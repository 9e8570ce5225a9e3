#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sluice/json.h"

namespace sluice::videoroom {

struct Context;
class LiveRoom;
class Member;

/// Who shows a screen in a room: one at a time, or as many as like (option `single_screen_share`).
///
/// A share begins with `screenshare:start`, or with the first screen that is produced. It ends with `screenshare:stop`,
/// when the last producer of the screen closes, and when its owner leaves. The room hears of both.
class ScreenShares {
 public:
  ScreenShares(Context& context, LiveRoom& room) noexcept : context_{context}, room_{room} {}

  /// Throws PERMISSION_DENIED, or CONFLICT `{participantId}` while somebody else shares and only one may.
  void check(const Member& member) const;
  /// `screenshare:start`, checked. Whoever shares already goes on sharing.
  void start(const Member& member);
  /// `screenshare:stop`: closes the producers of the screen, too. Nothing happens to who does not share.
  void stop(Member& member);
  /// The last producer of the member's screen has closed.
  void ended(const Member& member) { end(member, "ended"); }
  /// The member is about to leave the room, whose others are told.
  void left(const Member& member);

  /// `{participantId}` of who shares, of the first one where several do; null: nobody.
  [[nodiscard]] json::value current() const;

 private:
  [[nodiscard]] bool shares(const Member& member) const noexcept;
  void end(const Member& member, std::string_view reason);

  Context& context_;
  LiveRoom& room_;
  std::vector<std::string> sharers_;  // participant ids, in the order in which they began; none twice
};

}  // namespace sluice::videoroom
