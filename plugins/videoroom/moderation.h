#pragma once

#include "requests.h"

/// What those who lead a room decide about others. Each of these throws PERMISSION_DENIED where the caller's role may
/// not, or where the other one stands above the caller; NOT_FOUND where there is no such participant.
namespace sluice::videoroom {

struct Context;
class Member;

/// `participant:mute`, of one or of all but those who moderate.
void mute_participants(const Context& context, Member& caller, const MuteParticipant& request);
/// `participant:ask-unmute`, of the same.
void ask_unmute(const Context& context, Member& caller, const MuteParticipant& request);
/// `role:update`: nobody raises anybody above himself, and the last host stays one until there is another.
void update_role(const Context& context, Member& caller, const UpdateRole& request);
/// `participant:add`: the user may come in without waiting or asking, as what the caller says.
void add_participant(const Context& context, Member& caller, const AddParticipant& request);
/// `room:lock`
void lock_room(const Context& context, Member& caller, const LockRoom& request);

}  // namespace sluice::videoroom
