#include "room_actions.h"

#include <algorithm>

#include "audit.h"
#include "context.h"
#include "live_room.h"
#include "refusal.h"

namespace sluice::videoroom {

namespace {

// The same user may stand above the caller in another window.
void ban_all_windows(const Member& caller, LiveRoom& room, const std::string& user_id) {
  for (const Member* other : room.members()) {
    if (other->identity().user_id == user_id) demand_role(caller.role(), other->role());
  }
  room.ban(user_id);
}

}  // namespace

void close_room(const Context& context, Member& caller, const CloseRoom& request) {
  caller.demand(Permission::close_room);
  std::string reason = sanitise_text(request.reason.value_or(""));
  if (reason.empty()) reason = "closed";
  audit(context, caller, "room.close", {}, {{"reason", reason}});
  caller.live_room().close(reason);
}

json::object list_members(const Context& context, Member& caller, const ListMembers& request) {
  const auto most = static_cast<std::uint32_t>(context.options.members_page);
  const LiveRoom& room = caller.live_room();
  return {{"participants", room.members_page(request.offset.value_or(0), std::min(request.limit.value_or(most), most))},
          {"total", room.size()}};
}

void remove_participant(const Context& context, Member& caller, const RemoveParticipant& request) {
  caller.demand(Permission::remove_participant);
  LiveRoom& room = caller.live_room();
  Member* target = room.find(request.participant_id);
  if (target == nullptr) refuse_unknown("participant", request.participant_id);
  demand_role(caller.role(), target->role());
  std::string reason = sanitise_text(request.reason.value_or(""));
  if (reason.empty()) reason = "removed";
  const bool ban = request.ban.value_or(false);
  const std::string user_id = target->identity().user_id;
  if (ban) ban_all_windows(caller, room, user_id);
  audit(context, caller, "participant.remove", user_id, {{"reason", reason}, {"ban", ban}});
  ban ? take_out_all(room, user_id, reason) : target->remove(reason);
}

void take_out_all(LiveRoom& room, const std::string& user_id, std::string_view reason) {
  for (Member* other : room.members()) {
    if (other->identity().user_id == user_id) other->remove(reason);
  }
}

}  // namespace sluice::videoroom
