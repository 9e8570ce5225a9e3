#pragma once

#include "options.h"
#include "sluice/contracts/admission.h"
#include "sluice/contracts/rooms.h"

/// Who waits, and who decides about them.
namespace sluice::waitingroom {

/// Whether a room lets people in only when somebody says so.
[[nodiscard]] bool asks(const RoomPolicy& policy, const Options& options) noexcept;

/// Whether this join is for somebody to decide; if not, it goes on.
/// @param room            The room of the request; nullptr: not there yet.
/// @param admitted_before Somebody has decided about this user, in this room's life.
[[nodiscard]] bool needs_admission(const JoinRequest& request, const Room* room, bool admitted_before,
                                   const Options& options) noexcept;

/// What becomes of a join that needs admission while nobody is there to admit. (A moderator needs it only to wait for a
/// room that is expected.)
[[nodiscard]] HostAbsent without_host(const JoinRequest& request, const Room* room, const Options& options) noexcept;

/// Whether this participant may say yes and no.
[[nodiscard]] bool may_decide(Participant& participant) noexcept;
/// Throws Error{permission_denied} where it may not.
void demand_decision(Participant& participant);
/// Whether anybody is in the room, or about to come back, who may.
[[nodiscard]] bool has_decider(Room& room);

/// Whether the user comes again under the same id: one with a token does, a guest without one is another each time.
[[nodiscard]] bool comes_again(const Identity& identity) noexcept;

}  // namespace sluice::waitingroom
