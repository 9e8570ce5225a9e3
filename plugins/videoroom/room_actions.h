#pragma once

#include <string>
#include <string_view>

#include "requests.h"
#include "sluice/json.h"

/// What a participant asks of its room.
namespace sluice::videoroom {

struct Context;
class LiveRoom;
class Member;

/// `room:close`
void close_room(const Context& context, Member& caller, const CloseRoom& request);
/// `room:members` -> `{participants, total}`
[[nodiscard]] json::object list_members(const Context& context, Member& caller, const ListMembers& request);
/// The user is out of the room, with every window that it has there.
void take_out_all(LiveRoom& room, const std::string& user_id, std::string_view reason);
/// `participant:remove`: nobody takes out who stands above.
void remove_participant(const Context& context, Member& caller, const RemoveParticipant& request);

}  // namespace sluice::videoroom
