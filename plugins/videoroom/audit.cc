#include "audit.h"

#include "context.h"
#include "live_room.h"
#include "sluice/bus.h"
#include "sluice/contracts/audit.h"

namespace sluice::videoroom {

void audit(const Context& context, Member& actor, std::string_view action, std::string_view target,
           const json::object& details) {
  const LiveRoom& room = actor.live_room();
  context.host.bus().publish(AuditEvent{.tenant = room.tenant(),
                                        .room_id = room.id(),
                                        .actor = actor.identity(),
                                        .action = action,
                                        .target = target,
                                        .details = details});
}

}  // namespace sluice::videoroom
