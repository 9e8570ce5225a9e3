#pragma once

#include "requests.h"
#include "sluice/contracts/rooms.h"

/// What moderators in a room ask of its door. All throw Error{permission_denied} for others.
namespace sluice::waitingroom {

struct Context;
class Doors;

/// -> `{waiting, total}`
[[nodiscard]] json::object list(const Context& context, Doors& doors, Participant& caller, const ListWaiting& request);
/// -> `{admitted}`, how many. Throws Error{not_found}.
[[nodiscard]] json::object admit(Context& context, Doors& doors, Participant& caller, const AdmitWaiting& request);
/// Throws Error{not_found}, and Error{limit_exceeded} where the room has no place for one more ban.
void deny(Context& context, Doors& doors, Participant& caller, const DenyWaiting& request);

}  // namespace sluice::waitingroom
