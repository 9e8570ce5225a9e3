#include "audit.h"

#include "context.h"
#include "live_room.h"
#include "sluice/bus.h"
#include "sluice/contracts/audit.h"

namespace sluice::videoroom {

void audit(const Context& context, Member& actor, std::string_view action, std::string_view target,
           const json::object& details) {
  audit(context, actor.live_room(), actor.identity(), action, target, details);
}

void audit(const Context& context, const LiveRoom& room, const Identity& actor, std::string_view action,
           std::string_view target, const json::object& details) {
  context.host.bus().publish(AuditEvent{.tenant = room.tenant(),
                                        .room_id = room.id(),
                                        .actor = actor,
                                        .action = action,
                                        .target = target,
                                        .details = details});
}

}  // namespace sluice::videoroom
