#include "room_actions.h"

#include <algorithm>

#include "context.h"
#include "live_room.h"
#include "refusal.h"

namespace sluice::videoroom {

void close_room(const Context& context, Member& caller, const CloseRoom& request) {
  demand_role(caller.role(), context.options.least_role.close_room);
  const std::string reason = sanitise_text(request.reason.value_or(""));
  caller.live_room().close(reason.empty() ? "closed" : reason);
}

json::object list_members(const Context& context, Member& caller, const ListMembers& request) {
  const auto most = static_cast<std::uint32_t>(context.options.members_page);
  const LiveRoom& room = caller.live_room();
  return {{"participants", room.members_page(request.offset.value_or(0), std::min(request.limit.value_or(most), most))},
          {"total", room.size()}};
}

void remove_participant(const Context& context, Member& caller, const RemoveParticipant& request) {
  demand_role(caller.role(), context.options.least_role.remove_participant);
  LiveRoom& room = caller.live_room();
  Member* target = room.find(request.participant_id);
  if (target == nullptr) refuse_unknown("participant", request.participant_id);
  demand_role(caller.role(), target->role());
  if (request.ban.value_or(false)) room.ban(target->identity().user_id);
  const std::string reason = sanitise_text(request.reason.value_or(""));
  target->remove(reason.empty() ? "removed" : reason);
}

}  // namespace sluice::videoroom
