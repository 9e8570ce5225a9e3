#pragma once

#include <string_view>

#include "sluice/identity.h"
#include "sluice/json.h"

/// Who did what to whom in which room: published on the bus by every plugin that lets people decide about others, kept
/// by the one that keeps the records (meetings).
/// @note Control thread only.
namespace sluice {

/// Something that an operator or a host may later be asked about. References are valid during the call.
struct AuditEvent {
  static constexpr std::string_view kTopic = "sluice.audit/1:event";
  std::string_view tenant;
  std::string_view room_id;     ///< empty: no room
  const Identity& actor;        ///< who did it
  std::string_view action;      ///< `participant.mute`, `chat.delete`: the thing and the verb, lower case
  std::string_view target;      ///< the user id, message id, ... it was done to; empty: the room
  const json::object& details;  ///< small; no message texts, no secrets
};

}  // namespace sluice
