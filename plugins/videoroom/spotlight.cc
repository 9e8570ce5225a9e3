#include "spotlight.h"

#include "audit.h"
#include "context.h"
#include "live_room.h"
#include "refusal.h"

namespace sluice::videoroom {

json::value Spotlight::to_client() const { return current_.empty() ? json::value(nullptr) : json::value(current_); }

void Spotlight::handle(Member& caller, const SpotlightParticipant& request) {
  caller.demand(Permission::spotlight);
  const std::string before = current_;
  const std::string wanted = request.participant_id.value_or("");
  const Member* shown = wanted.empty() ? nullptr : room_.find(wanted);
  if (shown == nullptr && request.participant_id) refuse_unknown("participant", wanted);
  const bool enabled = request.enabled.value_or(true);
  if (enabled || wanted.empty() || wanted == current_) set(enabled ? wanted : "", json::value(caller.id()));
  if (current_ == before) return;
  const std::string_view target = current_.empty() ? std::string_view{} : shown->identity().user_id;
  audit(context_, caller, "participant.spotlight", target, {{"enabled", !current_.empty()}});
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
