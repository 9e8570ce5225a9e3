#pragma once

#include <set>
#include <string>
#include <utility>

#include "control/context.h"
#include "control/streams.h"
#include "sluice/contracts/newcomers.h"
#include "sluice/timers.h"

namespace sluice::livestream {

/// Hears what happens in rooms: begins the streams of the configuration, tells who comes later, ends with the room.
class RoomWatch {
 public:
  RoomWatch(Context& context, Streams& streams);

  void listen();

 private:
  using Key = std::pair<std::string, std::string>;  // tenant and room

  void came(Participant& participant);
  void begin_soon(const Room& room);
  void begin_waiting();
  void begin(Room& room, const StreamSettings& settings);
  [[nodiscard]] const StreamSettings* settings_of(const Room& room) const noexcept;

  Context& context_;
  Streams& streams_;
  Newcomers newcomers_;
  std::set<Key> opening_;
  Timer beginning_;
};

}  // namespace sluice::livestream
