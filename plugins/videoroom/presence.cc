#include "presence.h"

#include "context.h"
#include "live_room.h"

namespace sluice::videoroom {

void Presence::joined(const Member& member) {
  if (batching()) {
    joined_.insert(member.id());
    return schedule();
  }
  room_.broadcast("participant:joined", json::object{{"participant", member.summary()}}, &member);
}

void Presence::left(const Member& member, std::string_view reason) {
  if (batching()) {
    updated_.erase(member.id());
    // Who came and went within one batch was never there.
    if (joined_.erase(member.id()) == 0) left_.emplace(member.id(), reason);
    return schedule();
  }
  room_.broadcast("participant:left", json::object{{"participantId", member.id()}, {"reason", reason}}, &member);
}

void Presence::updated(const Member& member) {
  if (batching()) {
    if (!joined_.contains(member.id())) updated_.insert(member.id());
    return schedule();
  }
  room_.broadcast("participant:updated", json::object{{"participant", member.summary()}});
}

bool Presence::batching() {
  if (room_.size() > static_cast<std::size_t>(context_.options.batch_presence_above)) return true;
  flush();
  return false;
}

void Presence::schedule() {
  const std::size_t entries = joined_.size() + left_.size() + updated_.size();
  if (entries >= static_cast<std::size_t>(context_.options.presence_batch_entries)) return flush();
  if (timer_) return;
  timer_ = context_.host.timers().after(context_.options.presence_batch_ms, [this] { flush(); });
}

void Presence::flush() {
  timer_ = Timer{};
  if (joined_.empty() && left_.empty() && updated_.empty()) return;
  const auto summaries = [this](const std::set<std::string, std::less<>>& ids) {
    json::array out;
    for (const auto& id : ids) {
      if (const Member* member = room_.find(id)) out.push_back(member->summary());
    }
    return out;
  };
  json::array left;
  for (const auto& [id, reason] : left_) left.push_back(json::object{{"participantId", id}, {"reason", reason}});
  json::object changes{{"joined", summaries(joined_)},
                       {"left", std::move(left)},
                       {"updated", summaries(updated_)},
                       {"total", room_.size()}};
  joined_.clear();
  left_.clear();
  updated_.clear();
  room_.broadcast("participants:changed", std::move(changes));
}

}  // namespace sluice::videoroom
