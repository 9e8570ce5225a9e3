#pragma once

#include <string>

#include "sluice/contracts/meetings.h"
#include "sluice/contracts/rooms.h"
#include "sluice/error.h"
#include "sluice/identity.h"

/// Who acts on a room as a whole (records it, streams it), from inside of it or by REST, and whether it may.
/// @note Control thread only.
namespace sluice {

struct RoomActor {
  Identity identity{};           ///< empty user id: the gateway itself
  std::string name{};            ///< as people know it
  std::string participant_id{};  ///< empty: it is not in the room
  [[nodiscard]] bool is_gateway() const noexcept { return identity.user_id.empty(); }
};

[[nodiscard]] inline RoomActor actor_of(const Participant& participant) {
  return {.identity = participant.identity(), .name = participant.name(), .participant_id = participant.id()};
}

/// The participant that the user is in the room; nullptr: none. A guest without a token is nobody.
[[nodiscard]] inline Participant* participant_of(Room& room, const Identity& user) {
  if (user.guest) return nullptr;
  for (Participant* one : room.participants()) {
    if (one->identity().user_id == user.user_id) return one;
  }
  return nullptr;
}

/// No role may: the feature is switched off, or the participants encrypt for each other.
[[nodiscard]] inline bool is_forbidden(const Room& room, Permission permission) {
  const auto found = room.policy().least_role.find(permission);
  return found != room.policy().least_role.end() && !found->second;
}

/// Who manages a meeting, as the participant that it is in its room. From outside it needs what the room's policy
/// demands of those inside: what nobody may, it may not, and what is the host's alone is the host's.
/// Throws Error{permission_denied}.
[[nodiscard]] inline RoomActor demand_as_manager(Room& room, const MeetingInfo& meeting, const Identity& caller,
                                                 Permission permission) {
  if (const Participant* const participant = participant_of(room, caller)) {
    participant->demand(permission);
    return actor_of(*participant);
  }
  if (is_forbidden(room, permission)) {
    throw Error{
        ErrorCode::permission_denied, "this meeting's policy does not allow it", {{"feature", to_json(permission)}}};
  }
  const auto found = room.policy().least_role.find(permission);
  if (found != room.policy().least_role.end() && *found->second == Role::host &&
      caller.user_id != meeting.host_user_id) {
    throw Error{ErrorCode::permission_denied, "in this meeting that is the host's alone", {{"requiredRole", "host"}}};
  }
  return {.identity = caller, .name = caller.name.empty() ? caller.user_id : caller.name, .participant_id = {}};
}

}  // namespace sluice
