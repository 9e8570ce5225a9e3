#pragma once

#include <string_view>

#include "context.h"
#include "live_recording.h"
#include "record.h"
#include "sluice/bus.h"
#include "sluice/contracts/audit.h"

namespace sluice::recording {

/// Has it written down that `actor` did something to a recording.
inline void audit(Context& context, const Record& record, const Identity& actor, std::string_view action,
                  json::object details = {}) {
  if (!record.meeting_id.empty()) details["meetingId"] = record.meeting_id;
  context.host.bus().publish(AuditEvent{.tenant = record.tenant,
                                        .room_id = record.room_id,
                                        .actor = actor,
                                        .action = action,
                                        .target = record.id,
                                        .details = details});
}

inline void audit(Context& context, const Record& record, const Starter& actor, std::string_view action,
                  json::object details = {}) {
  if (!actor.is_gateway()) return audit(context, record, actor.identity, action, std::move(details));
  Identity gateway;
  gateway.user_id = "gateway";
  gateway.tenant = record.tenant;
  audit(context, record, gateway, action, std::move(details));
}

}  // namespace sluice::recording
