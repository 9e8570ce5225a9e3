#include "room_activities.h"

#include "sluice/bus.h"
#include "sluice/contracts/livestream.h"
#include "sluice/contracts/recording.h"

namespace sluice::videoroom {

RoomActivities::RoomActivities(Bus& bus) {
  bus.on<RecordingStarted>([this](const RecordingStarted& e) { add(recordings_, e.room, e.recording_id); });
  bus.on<RecordingStopped>(
      [this](const RecordingStopped& e) { remove(recordings_, e.tenant, e.room_id, e.recording_id); });
  bus.on<StreamStarted>([this](const StreamStarted& e) { add(streams_, e.room, e.stream_id); });
  bus.on<StreamStopped>([this](const StreamStopped& e) { remove(streams_, e.tenant, e.room_id, e.stream_id); });
}

bool RoomActivities::is_in(const ByRoom& rooms, const Room& room) {
  return rooms.contains(RoomKey{room.tenant(), room.id()});
}

void RoomActivities::add(ByRoom& rooms, const Room& room, std::string_view id) {
  rooms[RoomKey{room.tenant(), room.id()}].emplace(id);
}

void RoomActivities::remove(ByRoom& rooms, std::string_view tenant, std::string_view room_id, std::string_view id) {
  const auto found = rooms.find(RoomKey{std::string{tenant}, std::string{room_id}});
  if (found == rooms.end()) return;
  if (const auto one = found->second.find(id); one != found->second.end()) found->second.erase(one);
  if (found->second.empty()) rooms.erase(found);
}

}  // namespace sluice::videoroom
