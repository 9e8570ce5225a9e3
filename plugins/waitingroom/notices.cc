#include "notices.h"

#include <algorithm>
#include <chrono>
#include <vector>

#include "context.h"
#include "policy.h"
#include "sluice/events.h"
#include "waiting_list.h"

namespace sluice::waitingroom {

void Notices::appended() {
  list_changed_ = true;
  schedule_list();
}

void Notices::shortened() {
  list_changed_ = true;
  schedule_list();
  schedule_positions();
}

void Notices::presence_changed() { schedule_positions(); }

void Notices::decider_came(const Participant& participant) {
  shown_to_.erase(participant.id());  // it may be another client of the same participant
  if (list_.empty()) return;
  schedule_list();
  schedule_positions();
}

void Notices::decider_went(const Participant& participant) {
  shown_to_.erase(participant.id());
  schedule_positions();
}

bool Notices::shows_to(const Participant& participant) const { return shown_to_.contains(participant.id()); }

void Notices::schedule_list() {
  if (list_timer_) return;
  list_timer_ = context_.host.timers().after(context_.options.update_ms, [this] { tell_moderators(); });
}

void Notices::schedule_positions() {
  if (positions_timer_ || list_.empty()) return;
  const std::chrono::milliseconds whole_queue{1'000 * list_.size() /
                                              static_cast<std::size_t>(context_.options.updates_per_second)};
  positions_timer_ =
      context_.host.timers().after(std::max(context_.options.update_ms, whole_queue), [this] { tell_waiters(); });
}

void Notices::tell_waiters() {
  positions_timer_ = {};
  Room* const room = context_.rooms.find(key_.tenant, key_.room_id);
  Waiter::Told now{.position = 0, .host_present = room != nullptr && has_decider(*room)};
  for (const auto& [number, waiter] : list_.in_order()) {
    ++now.position;
    Client* const client = waiter->client();
    if (waiter->told == now || client == nullptr) continue;
    waiter->told = now;
    client->send("waitingroom:waiting", json::object{{"roomId", key_.room_id},
                                                     {"position", now.position},
                                                     {"total", list_.size()},
                                                     {"hostPresent", now.host_present}});
  }
}

void Notices::tell_moderators() {
  list_timer_ = {};
  const bool changed = std::exchange(list_changed_, false);
  Room* const room = context_.rooms.find(key_.tenant, key_.room_id);
  if (room == nullptr) return;
  std::vector<Client*> clients;
  for (Participant* one : room->participants()) {
    Client* const client = one->client();
    if (client == nullptr || !may_decide(*one)) continue;
    const bool is_new = shown_to_.insert(one->id()).second;
    if (changed || is_new) clients.push_back(client);
  }
  if (clients.empty()) return;
  context_.host.events().broadcast(
      clients, "waitingroom:updated",
      json::object{{"waiting", list_.page(0, static_cast<std::size_t>(context_.options.list_page))},
                   {"total", list_.size()}});
}

}  // namespace sluice::waitingroom
