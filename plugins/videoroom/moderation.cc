#include "moderation.h"

#include <algorithm>
#include <string>
#include <vector>

#include "audit.h"
#include "context.h"
#include "live_room.h"
#include "refusal.h"

namespace sluice::videoroom {

namespace {

/// No participant's id: those are long and random.
constexpr std::string_view kAll = "all";

Member& subordinate(Member& caller, const Id& participant_id) {
  Member* target = caller.live_room().find(participant_id);
  if (target == nullptr) refuse_unknown("participant", participant_id);
  demand_role(caller.role(), target->role());
  return *target;
}

std::vector<Member*> subordinates(Member& caller, const Id& who) {
  if (who != kAll) return {&subordinate(caller, who)};
  std::vector<Member*> out = caller.live_room().members();
  std::erase_if(out, [&](const Member* member) { return member == &caller || is_moderator(member->role()); });
  return out;
}

void audit_media(const Context& context, Member& caller, std::string_view action, const MuteParticipant& request,
                 const std::vector<Member*>& targets) {
  json::object details{{"kind", to_json(request.kind)}};
  if (request.participant_id != kAll) {
    return audit(context, caller, action, targets.front()->identity().user_id, details);
  }
  details["all"] = true;
  audit(context, caller, action, {}, details);
}

bool is_present_host(Member* member) { return member->role() == Role::host && !member->away(); }

/// Somebody must be able to close the room and to make another host.
void demand_other_host(Member& caller) {
  const auto others = caller.live_room().members();
  const bool there =
      std::ranges::any_of(others, [&](Member* member) { return member != &caller && is_present_host(member); });
  if (there) return;
  throw Error{ErrorCode::conflict, "make somebody else a host first", {{"reason", "last_host"}}};
}

/// Its clients, wherever they are, so that they can join.
void tell_added(const Context& context, Member& caller, const ExpectedUser& user) {
  const LiveRoom& room = caller.live_room();
  const auto clients = context.host.events().find_clients([&](const Identity& identity) {
    if (identity.tenant != room.tenant()) return false;
    const ExpectedUser* expected = room.expected(identity);
    return expected != nullptr && expected->user_id == user.user_id && expected->email == user.email;
  });
  json::object data{{"roomId", room.id()}, {"role", role_name(user.role)}, {"by", caller.id()}};
  if (!clients.empty()) context.host.events().broadcast(clients, "participant:added", std::move(data));
}

}  // namespace

void mute_participants(const Context& context, Member& caller, const MuteParticipant& request) {
  caller.demand(Permission::mute_others);
  const std::vector<Member*> targets = subordinates(caller, request.participant_id);
  for (Member* target : targets) target->media().state.mute(request.kind, json::value(caller.id()));
  audit_media(context, caller, "participant.mute", request, targets);
}

void ask_unmute(const Context& context, Member& caller, const MuteParticipant& request) {
  caller.demand(Permission::mute_others);
  const std::vector<Member*> targets = subordinates(caller, request.participant_id);
  for (Member* target : targets) target->media().state.unmute(request.kind, json::value(caller.id()));
  audit_media(context, caller, "participant.ask_unmute", request, targets);
}

void update_role(const Context& context, Member& caller, const UpdateRole& request) {
  caller.demand(Permission::change_role);
  Member& target = subordinate(caller, request.participant_id);
  demand_role(caller.role(), request.role);
  const Role before = target.role();
  if (before == request.role) return;
  // Of several hosts the caller is one; so only stepping down can leave a room without.
  if (&target == &caller && before == Role::host) demand_other_host(caller);
  const std::string user_id = target.identity().user_id;
  target.change_role(request.role, json::value(caller.id()));
  audit(context, caller, "participant.role", user_id, {{"from", role_name(before)}, {"to", role_name(request.role)}});
}

void add_participant(const Context& context, Member& caller, const AddParticipant& request) {
  caller.demand(Permission::add_participant);
  ExpectedUser user{.user_id = sanitise_text(request.user_id.value_or("")),
                    .email = sanitise_text(request.email.value_or("")),
                    .role = request.role.value_or(context.options.default_role)};
  demand_role(caller.role(), user.role);
  if (user.user_id.empty() == user.email.empty())
    refuse_field("userId", "name a user id or an e-mail address, one of both");
  LiveRoom& room = caller.live_room();
  if (room.banned(user.user_id)) throw Error{ErrorCode::conflict, "this user is banned from the room"};
  const json::object details{{"role", role_name(user.role)}};
  const std::string target = user.user_id.empty() ? user.email : user.user_id;
  room.expect(user);
  tell_added(context, caller, user);
  audit(context, caller, "participant.add", target, details);
}

void lock_room(const Context& context, Member& caller, const LockRoom& request) {
  caller.demand(Permission::lock_room);
  LiveRoom& room = caller.live_room();
  if (room.policy().locked == request.locked) return;
  room.set_locked(request.locked, json::value(caller.id()));
  audit(context, caller, "room.lock", {}, {{"locked", request.locked}});
}

}  // namespace sluice::videoroom
