#pragma once

#include <set>
#include <string>
#include <vector>

#include "recorder.h"
#include "sluice/timers.h"

namespace sluice::recording {

/// Hears what happens in rooms and meetings, and has the recorder do what follows: begins by itself where that is
/// wanted, tells who comes later, ends with the room.
class RoomWatch {
 public:
  RoomWatch(Context& context, Recorder& recorder) : context_{context}, recorder_{recorder} {}

  void listen();

 private:
  struct Newcomer {
    std::string tenant;
    std::string room_id;
    std::string participant_id;
  };
  void came(Participant& participant);
  void returned(Participant& participant);
  void went(Participant& participant);
  void closed(Room& room);
  void heard(Room& room, std::string_view name, std::string_view text);
  void begin_by_itself(Room& room);
  void tell_soon(Participant& participant);
  void tell_newcomers();

  Context& context_;
  Recorder& recorder_;
  std::set<Room*> begun_;  ///< by themselves, once: somebody may have ended it since
  std::vector<Newcomer> newcomers_;
  Timer telling_;
};

}  // namespace sluice::recording
