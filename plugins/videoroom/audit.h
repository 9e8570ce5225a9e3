#pragma once

#include <string_view>

#include "sluice/identity.h"
#include "sluice/json.h"

namespace sluice::videoroom {

struct Context;
class LiveRoom;
class Member;

/// Publishes what a participant did to others (contracts/audit.h).
/// @param target  A user id; empty: the room.
void audit(const Context& context, Member& actor, std::string_view action, std::string_view target,
           const json::object& details = {});
/// The same of who is in no room: an operator.
void audit(const Context& context, const LiveRoom& room, const Identity& actor, std::string_view action,
           std::string_view target, const json::object& details = {});

}  // namespace sluice::videoroom
