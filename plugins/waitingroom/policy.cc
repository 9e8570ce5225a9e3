#include "policy.h"

#include <algorithm>

namespace sluice::waitingroom {

bool asks(const RoomPolicy& policy, const Options& options) noexcept {
  return policy.require_host_approval || policy.waiting_room.value_or(options.by_default);
}

bool needs_admission(const JoinRequest& request, const Room* room, bool admitted_before,
                     const Options& options) noexcept {
  // Somebody knows that the room will be there, and will open it: all wait for it, whatever will hold in it.
  if (room == nullptr && request.expected_room) return true;
  if (admitted_before || is_moderator(request.role)) return false;
  if (room == nullptr) return options.by_default;
  return asks(room->policy(), options) && room->expected(request.client.identity()) == nullptr;
}

HostAbsent without_host(const JoinRequest& request, const Room* room, const Options& options) noexcept {
  if (is_moderator(request.role)) return HostAbsent::wait;  // for the room, not for somebody's word
  if (options.host_absent != HostAbsent::admit) return options.host_absent;
  const bool must_be_asked = room != nullptr ? room->policy().require_host_approval : request.expected_room.has_value();
  return must_be_asked ? HostAbsent::wait : HostAbsent::admit;
}

bool may_decide(Participant& participant) noexcept {
  if (!participant.may(Permission::admit)) return false;
  return is_moderator(participant.role()) || !participant.room().policy().require_host_approval;
}

void demand_decision(Participant& participant) {
  participant.demand(Permission::admit);
  if (may_decide(participant)) return;
  throw Error{ErrorCode::permission_denied,
              "a host or co-host decides here",
              {{"requiredRole", to_json(Role::co_host)}, {"currentRole", to_json(participant.role())}}};
}

bool has_decider(Room& room) {
  return std::ranges::any_of(room.participants(), [](Participant* one) { return may_decide(*one); });
}

bool comes_again(const Identity& identity) noexcept { return !identity.guest || !identity.claims.empty(); }

}  // namespace sluice::waitingroom
