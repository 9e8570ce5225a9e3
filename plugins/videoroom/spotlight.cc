#include "spotlight.h"

#include "context.h"
#include "live_room.h"
#include "refusal.h"

namespace sluice::videoroom {

json::value Spotlight::to_client() const { return current_.empty() ? json::value(nullptr) : json::value(current_); }

void Spotlight::handle(const Member& caller, const SpotlightParticipant& request) {
  caller.demand(Permission::spotlight);
  if (!request.participant_id) return set({}, json::value(caller.id()));
  const std::string& wanted = *request.participant_id;
  if (room_.find(wanted) == nullptr) refuse_unknown("participant", wanted);
  if (request.enabled.value_or(true)) return set(wanted, json::value(caller.id()));
  if (wanted == current_) set({}, json::value(caller.id()));
}

void Spotlight::left(const Member& member) {
  if (member.id() == current_) set({}, nullptr);
}

void Spotlight::set(const std::string& participant_id, json::value by) {
  if (participant_id == current_) return;
  if (!current_.empty()) room_.last_n().show_always(current_, false);
  current_ = participant_id;
  if (!current_.empty()) room_.last_n().show_always(current_, true);
  room_.broadcast("participant:spotlighted", json::object{{"participantId", to_client()}, {"by", std::move(by)}});
  room_.weigh_consumers();
}

}  // namespace sluice::videoroom
