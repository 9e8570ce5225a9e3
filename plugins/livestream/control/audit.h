#pragma once

#include <string_view>
#include <utility>

#include "control/context.h"
#include "control/live_stream.h"
#include "sluice/bus.h"
#include "sluice/contracts/audit.h"

namespace sluice::livestream {

/// Has it written down that somebody did something to a stream.
inline void audit(Context& context, const LiveStream& stream, const RoomActor& by, std::string_view action,
                  const json::object& details) {
  Identity actor = by.identity;
  if (by.is_gateway()) {
    actor.user_id = "gateway";
    actor.tenant = stream.tenant();
  }
  context.host.bus().publish(AuditEvent{.tenant = stream.tenant(),
                                        .room_id = stream.room_id(),
                                        .actor = actor,
                                        .action = action,
                                        .target = stream.id(),
                                        .details = details});
}

}  // namespace sluice::livestream
