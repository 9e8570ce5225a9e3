#pragma once

#include <set>
#include <string>

#include "recorder.h"
#include "sluice/contracts/newcomers.h"

namespace sluice::recording {

/// Hears what happens in rooms and meetings, and has the recorder do what follows: begins by itself where that is
/// wanted, tells who comes later, ends with the room.
class RoomWatch {
 public:
  RoomWatch(Context& context, Recorder& recorder)
      : context_{context},
        recorder_{recorder},
        newcomers_{context.host.timers(), context.rooms, [this](Participant& one) { tell(one); }} {}

  void listen();

 private:
  void came(Participant& participant);
  void returned(Participant& participant);
  void went(Participant& participant);
  void closed(Room& room);
  void heard(Room& room, std::string_view name, std::string_view text);
  void begin_by_itself(Room& room);
  void tell(Participant& participant);

  Context& context_;
  Recorder& recorder_;
  std::set<Room*> begun_;  ///< by themselves, once: somebody may have ended it since
  Newcomers newcomers_;
};

}  // namespace sluice::recording
