#include "room_lock.h"

#include "room_table.h"

namespace sluice::videoroom {

namespace {

bool keeps_out(const LiveRoom& room, const JoinRequest& request) {
  return room.policy().locked && !is_moderator(request.role) && room.expected(request.client.identity()) == nullptr;
}

}  // namespace

RoomLock::RoomLock(RoomTable& table, Admission& admission)
    : step_{admission.add_step(kOrder, "lock", [&table](const JoinRequest& request, AdmissionTicket ticket) {
        const LiveRoom* room = table.find(request.client.identity().tenant, request.room_id);
        if (room == nullptr || !keeps_out(*room, request)) return ticket.allow();
        ticket.deny(Error{ErrorCode::admission_denied, "the room is locked", {{"reason", "locked"}}});
      })} {}

}  // namespace sluice::videoroom
