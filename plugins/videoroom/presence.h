#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "sluice/timers.h"

namespace sluice::videoroom {

struct Context;
class LiveRoom;
class Member;

/// Tells a room who came, left and changed: one event each in a small room, in batches in a large one, where each
/// event by itself would cost every participant a message.
class Presence {
 public:
  Presence(Context& context, LiveRoom& room) noexcept : context_{context}, room_{room} {}

  void joined(const Member& member);
  void left(const Member& member, std::string_view reason);
  void updated(const Member& member);

 private:
  /// Whether this change goes into the batch; if not, what the batch holds has gone out before.
  [[nodiscard]] bool batching();
  void schedule();
  void flush();

  Context& context_;
  LiveRoom& room_;
  std::set<std::string, std::less<>> joined_;
  std::set<std::string, std::less<>> updated_;
  std::map<std::string, std::string, std::less<>> left_;  // id to reason
  Timer timer_;
};

}  // namespace sluice::videoroom
