#pragma once

#include <set>
#include <string>

#include "sluice/timers.h"

namespace sluice {
class Participant;
}

namespace sluice::waitingroom {

struct Context;
struct RoomKey;
class WaitingList;

/// Tells who waits before one room where they stand, and its moderators who waits. Changes gather for a while: of those
/// that follow each other quickly the last one is told.
///
/// When the first of a queue leaves it, all behind it move up. So the longer a queue is, the longer changes gather:
/// what is told grows with time, not with the square of the queue.
class Notices {
 public:
  /// All three must outlive it.
  Notices(Context& context, const RoomKey& key, WaitingList& list) noexcept
      : context_{context}, key_{key}, list_{list} {}

  /// Somebody came to the end of the list: nobody else moves.
  void appended();
  /// Somebody left the list.
  void shortened();
  /// Moderators came or went.
  void presence_changed();

  /// Somebody is in the room, or is there again, who may decide.
  void decider_came(const Participant& participant);
  /// It has gone, or may not any more.
  void decider_went(const Participant& participant);
  /// Whether it is shown the list.
  [[nodiscard]] bool shows_to(const Participant& participant) const;
  /// Something is to be told still.
  [[nodiscard]] bool pending() const noexcept { return list_timer_ || positions_timer_; }

 private:
  void schedule_list();
  void schedule_positions();
  void tell_waiters();
  void tell_moderators();

  Context& context_;
  const RoomKey& key_;
  WaitingList& list_;
  std::set<std::string, std::less<>> shown_to_;  // ids of participants that have seen a list
  bool list_changed_ = false;                    // since they have
  Timer list_timer_;
  Timer positions_timer_;
};

}  // namespace sluice::waitingroom
