#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "room_id.h"

namespace sluice {
class Bus;
class Room;
}  // namespace sluice

namespace sluice::videoroom {

/// Which rooms are recorded or streamed, as those who do it say on the bus.
class RoomActivities {
 public:
  /// Listens as long as the plugin runs.
  explicit RoomActivities(Bus& bus);

  [[nodiscard]] bool is_recorded(const Room& room) const { return is_in(recordings_, room); }
  [[nodiscard]] bool is_streamed(const Room& room) const { return is_in(streams_, room); }

 private:
  /// Ids of what goes on, by room: as many as those who do it allow.
  using ByRoom = std::map<RoomKey, std::set<std::string, std::less<>>>;

  [[nodiscard]] static bool is_in(const ByRoom& rooms, const Room& room);
  static void add(ByRoom& rooms, const Room& room, std::string_view id);
  static void remove(ByRoom& rooms, std::string_view tenant, std::string_view room_id, std::string_view id);

  ByRoom recordings_;
  ByRoom streams_;
};

}  // namespace sluice::videoroom
