#include "moderation.h"

#include <algorithm>

#include "context.h"
#include "doors.h"
#include "policy.h"
#include "sluice/bus.h"
#include "sluice/contracts/audit.h"

namespace sluice::waitingroom {

namespace {

void record(Context& context, Participant& caller, std::string_view action, std::string_view target,
            const json::object& details) {
  const Room& room = caller.room();
  context.host.bus().publish(AuditEvent{.tenant = room.tenant(),
                                        .room_id = room.id(),
                                        .actor = caller.identity(),
                                        .action = action,
                                        .target = target,
                                        .details = details});
}

Waiter& waiter_of(Door* door, const std::string& id) {
  Waiter* const waiter = door == nullptr ? nullptr : door->find(id);
  if (waiter != nullptr) return *waiter;
  throw Error{ErrorCode::not_found, "nobody waits as '" + id + "'"};
}

}  // namespace

json::object list(const Context& context, Doors& doors, Participant& caller, const ListWaiting& request) {
  demand_decision(caller);
  const Door* const door = doors.find(caller.room());
  if (door == nullptr) return {{"waiting", json::array()}, {"total", 0}};
  const auto most = static_cast<std::uint32_t>(context.options.list_page);
  return {{"waiting", door->list().page(request.offset.value_or(0), std::min(request.limit.value_or(most), most))},
          {"total", door->list().size()}};
}

json::object admit(Context& context, Doors& doors, Participant& caller, const AdmitWaiting& request) {
  demand_decision(caller);
  Door* const door = doors.find(caller.room());
  if (request.participant_id == "all") {
    const std::size_t count = door == nullptr ? 0 : door->admit_all();
    if (count != 0) record(context, caller, "waitingroom.admit", "all", {{"count", count}});
    return {{"admitted", count}};
  }
  const Waiter& waiter = waiter_of(door, request.participant_id);
  record(context, caller, "waitingroom.admit", waiter.user_id, {{"name", waiter.name}});
  door->admit(request.participant_id);
  return {{"admitted", 1}};
}

void deny(Context& context, Doors& doors, Participant& caller, const DenyWaiting& request) {
  demand_decision(caller);
  const bool ban = request.ban.value_or(false);
  if (ban) caller.demand(Permission::remove_participant);
  Door* const door = doors.find(caller.room());
  const Waiter& waiter = waiter_of(door, request.participant_id);
  if (ban) caller.room().ban(waiter.user_id);
  const std::string words = sanitise_text(request.reason.value_or(""));
  record(context, caller, "waitingroom.deny", waiter.user_id, {{"name", waiter.name}, {"reason", words}, {"ban", ban}});
  door->deny(request.participant_id, Refusal::by_moderator(words));
}

}  // namespace sluice::waitingroom
