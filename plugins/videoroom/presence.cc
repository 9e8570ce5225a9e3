#include "presence.h"

#include <algorithm>
#include <vector>

#include "context.h"
#include "live_room.h"

namespace sluice::videoroom {

namespace {

/// A batch gathers as many times longer as the room has times this many participants, so that the messages which the
/// gateway sends stay as many a second...
constexpr std::size_t kBatchReceivers = 1'000;
/// ... up to so many times.
constexpr std::size_t kLongestGathering = 10;
/// Where a batch has no room for so many, not all names may have been told.
constexpr std::size_t kMinNames = 500;

}  // namespace

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

void Presence::updated_in_batch(const Member& member) {
  if (!joined_.contains(member.id())) updated_.insert(member.id());
  schedule();
}

void Presence::published(const Member& member) {
  if (room_.size() * kMinNames > static_cast<std::size_t>(context_.options.presence_names)) updated(member);
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
  const auto times = static_cast<int>(std::clamp(room_.size() / kBatchReceivers, std::size_t{1}, kLongestGathering));
  timer_ = context_.host.timers().after(times * context_.options.presence_batch_ms, [this] { flush(); });
}

void Presence::flush() {
  timer_ = Timer{};
  if (joined_.empty() && left_.empty() && updated_.empty()) return;
  std::size_t room_for =
      static_cast<std::size_t>(context_.options.presence_names) / std::max(room_.size(), std::size_t{1});
  const std::size_t named = joined_.size() + left_.size() + updated_.size();
  const bool partial = named > room_for;
  json::array left = take_left(room_for);
  json::array updated = take_changed(updated_, room_for);
  json::array joined = take_changed(joined_, room_for);
  json::object changes{{"joined", std::move(joined)},
                       {"left", std::move(left)},
                       {"updated", std::move(updated)},
                       {"total", room_.size()}};
  if (partial) changes["partial"] = true;
  joined_.clear();
  left_.clear();
  updated_.clear();
  room_.broadcast("participants:changed", std::move(changes));
}

json::array Presence::take_left(std::size_t& room_for) const {
  json::array out;
  for (const auto& [id, reason] : left_) {
    if (room_for == 0) break;
    --room_for;
    out.push_back(json::object{{"participantId", id}, {"reason", reason}});
  }
  return out;
}

// Publishers first: others hear and see them.
json::array Presence::take_changed(const std::set<std::string, std::less<>>& ids, std::size_t& room_for) const {
  std::vector<Member*> members;
  for (const auto& id : ids) {
    if (Member* member = room_.find(id)) members.push_back(member);
  }
  std::ranges::stable_partition(members,
                                [](Member* member) { return !member->media().publications.entries().empty(); });
  members.resize(std::min(members.size(), room_for));
  room_for -= members.size();
  json::array out;
  for (const Member* member : members) out.push_back(member->summary());
  return out;
}

}  // namespace sluice::videoroom
