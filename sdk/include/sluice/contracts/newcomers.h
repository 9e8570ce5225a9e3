#pragma once

#include <string>
#include <utility>
#include <vector>

#include "sluice/contracts/rooms.h"
#include "sluice/function.h"
#include "sluice/timers.h"

namespace sluice {

/// Tells participants something when their clients know that they are in: ParticipantJoined is published before the
/// answer to `room:join` is sent. Who has left by then is not told.
/// @note Control thread only.
class Newcomers {
 public:
  Newcomers(Timers& timers, Rooms& rooms, Function<void(Participant&)> tell)
      : timers_{timers}, rooms_{rooms}, tell_{std::move(tell)} {}

  void tell_soon(Participant& participant) {
    const Room& room = participant.room();
    waiting_.push_back({room.tenant(), room.id(), participant.id()});
    if (!soon_) soon_ = timers_.after(Duration::zero(), [this] { tell_all(); });
  }

 private:
  struct Newcomer {
    std::string tenant;
    std::string room_id;
    std::string participant_id;
  };
  void tell_all() {
    soon_ = {};
    for (const Newcomer& one : std::exchange(waiting_, {})) {
      Room* const room = rooms_.find(one.tenant, one.room_id);
      Participant* const participant = room == nullptr ? nullptr : room->find(one.participant_id);
      if (participant != nullptr) tell_(*participant);
    }
  }

  Timers& timers_;
  Rooms& rooms_;
  Function<void(Participant&)> tell_;
  std::vector<Newcomer> waiting_;
  Timer soon_;
};

}  // namespace sluice
