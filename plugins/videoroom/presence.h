#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "sluice/json.h"
#include "sluice/timers.h"

namespace sluice::videoroom {

struct Context;
class LiveRoom;
class Member;

/// Tells a room who came, left and changed: one event each in a small room, in batches in a large one, where each
/// event by itself would cost every participant a message.
///
/// A batch costs its names times its receivers, which grows with the square of a room that fills. So the larger the
/// room is, the longer a batch gathers and the fewer it names, publishers first; of the others it tells the number.
class Presence {
 public:
  Presence(Context& context, LiveRoom& room) noexcept : context_{context}, room_{room} {}

  void joined(const Member& member);
  void left(const Member& member, std::string_view reason);
  void updated(const Member& member);
  /// The same where several change together: into a batch in a small room, too.
  void updated_in_batch(const Member& member);
  /// Its first track: a large room may not have heard its name yet.
  void published(const Member& member);

 private:
  /// Whether this change goes into the batch; if not, what the batch holds has gone out before.
  [[nodiscard]] bool batching();
  void schedule();
  void flush();
  [[nodiscard]] json::array take_left(std::size_t& room_for) const;
  [[nodiscard]] json::array take_changed(const std::set<std::string, std::less<>>& ids, std::size_t& room_for) const;

  Context& context_;
  LiveRoom& room_;
  std::set<std::string, std::less<>> joined_;
  std::set<std::string, std::less<>> updated_;
  std::map<std::string, std::string, std::less<>> left_;  // id to reason
  Timer timer_;
};

}  // namespace sluice::videoroom
