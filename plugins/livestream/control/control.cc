#include "control/control.h"

#include <algorithm>
#include <utility>

namespace sluice::livestream {

namespace {

Door door_of_participant(Participant& participant) {
  return {.room = participant.room(), .demand = [&participant](Permission permission) {
            participant.demand(permission);
            return actor_of(participant);
          }};
}

}  // namespace

std::string title_of(Context& context, Room& room) {
  const auto meeting = context.meetings == nullptr ? std::nullopt : context.meetings->meeting_of(room);
  return meeting ? meeting->name : room.name();
}

Door Control::door_of(Client& client) { return door_of_participant(context_.rooms.participant_of(client)); }

Door Control::door_of(const Identity& caller, const std::string& room_id) {
  if (caller.guest) throw Error{ErrorCode::unauthorized, "a token is required"};
  Room* const room = context_.rooms.find(caller.tenant, room_id);
  if (room == nullptr) throw Error{ErrorCode::not_found, "there is no such room"};
  Participant* const participant = participant_of(*room, caller);
  if (participant == nullptr) throw Error{ErrorCode::not_in_room, "who streams a room is in it"};
  return door_of_participant(*participant);
}

Door Control::door_of(const Identity& caller, const MeetingInfo& meeting) {
  Room* const room = context_.rooms.find(meeting.tenant, meeting.room_id);
  if (room == nullptr) throw Error{ErrorCode::conflict, "the meeting is not live"};
  return {.room = *room, .demand = [room, &caller, &meeting](Permission permission) {
            return demand_as_manager(*room, meeting, caller, permission);
          }};
}

LiveStream& Control::start(Door door, const StartWish& wish) {
  const RoomActor by = door.demand(Permission::stream);
  if (wish.record.value_or(false)) door.demand(Permission::record);
  return streams_.start(door.room, choose_plan(context_.options, wish, title_of(context_, door.room)), by);
}

LiveStream& Control::stop(Door door) {
  const RoomActor by = door.demand(Permission::stream);
  LiveStream& stream = streams_.demand(door.room);
  streams_.stop(stream, by, "stopped");
  return stream;
}

LiveStream& Control::set_layout(Door door, Layout layout) {
  const RoomActor by = door.demand(Permission::stream);
  LiveStream& stream = streams_.demand(door.room);
  streams_.set_layout(stream, layout, by);
  return stream;
}

TargetView Control::add_target(Door door, const TargetWish& wish) {
  const RoomActor by = door.demand(Permission::stream);
  LiveStream& stream = streams_.demand(door.room);
  if (wish.type == TargetType::hls) {
    throw Error{ErrorCode::conflict, "whether a stream can be watched here is decided when it begins"};
  }
  streams_.add_target(stream, choose_target(context_.options.rtmp, wish), by);
  return stream.targets().views().back();
}

json::value Control::status(Door door) {
  const LiveStream* const stream = streams_.find(door.room);
  if (stream == nullptr) return no_status();
  try {
    door.demand(Permission::stream);
  } catch (const Error&) {
    return to_json(stream->summary());
  }
  return to_json(stream->view());
}

json::value Control::no_status() { return to_json(StreamSummary{}); }

void Control::remove_target(Door door, std::string_view target_id) {
  const RoomActor by = door.demand(Permission::stream);
  streams_.remove_target(streams_.demand(door.room), target_id, by);
}

}  // namespace sluice::livestream
