#include "hands.h"

#include <algorithm>
#include <chrono>

#include "context.h"
#include "sluice/bus.h"
#include "sluice/contracts/audit.h"
#include "sluice/contracts/engagement.h"

namespace sluice::engagement {

namespace {

constexpr std::string_view kAttribute = "handRaised";

std::int64_t milliseconds(WallTime time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

void show(Participant& participant, Hand& hand, std::size_t order) {
  hand.told_order = order;
  participant.set_attribute(kAttribute, json::object{{"at", milliseconds(hand.at)}, {"order", order}});
}

}  // namespace

json::object Hand::to_client(std::size_t order) const {
  return {{"participantId", participant_id}, {"at", milliseconds(at)}, {"order", order}};
}

void Hands::listen() {
  Bus& bus = context_.host.bus();
  bus.on<ParticipantLeft>([this](const ParticipantLeft& e) {
    rates_.forget(e.participant.id());
    lower_one(e.participant.room(), e.participant.id(), nullptr);
  });
  bus.on<ParticipantUpdated>([this](const ParticipantUpdated& e) {
    if (!e.participant.may(Permission::raise_hand)) lower_one(e.participant.room(), e.participant.id(), nullptr);
  });
  bus.on<RoomPolicyChanged>([this](const RoomPolicyChanged& e) { lower_the_forbidden(e.room); });
  bus.on<RoomClosed>([this](const RoomClosed& e) { queues_.erase(&e.room); });
}

std::optional<std::size_t> Hands::index_of(const Room& room, std::string_view participant_id) const {
  const auto queue = queues_.find(&room);
  if (queue == queues_.end()) return std::nullopt;
  const auto& hands = queue->second.hands;
  const auto found = std::ranges::find(hands, participant_id, &Hand::participant_id);
  if (found == hands.end()) return std::nullopt;
  return static_cast<std::size_t>(found - hands.begin());
}

json::object Hands::raise(Participant& caller) {
  caller.demand(Permission::raise_hand);
  Room& room = caller.room();
  Queue& queue = queues_[&room];
  if (const auto index = index_of(room, caller.id())) return queue.hands[*index].to_client(*index + 1);
  const int most = context_.options.max_hands;
  if (queue.hands.size() >= static_cast<std::size_t>(most)) {
    throw Error{ErrorCode::limit_exceeded, "too many hands are up", {{"limit", most}}};
  }
  rates_.demand(caller.id(), kRate, context_.host.timers().now());

  const std::size_t order = queue.hands.size() + 1;
  Hand& hand = queue.hands.emplace_back(Hand{caller.id(), context_.host.timers().wall_time(), order});
  json::object told = hand.to_client(order);
  context_.hands.add();
  show(caller, hand, order);
  room.broadcast("hand:raised", told);
  context_.host.bus().publish(HandRaised{caller});
  return told;
}

void Hands::lower(Participant& caller, const LowerHand& request) {
  const std::string id = request.participant_id.value_or(caller.id());
  if (id == caller.id()) return lower_one(caller.room(), id, json::value(id));
  caller.demand(Permission::mute_others);
  if (id == "all") return lower_all(caller);
  Participant* const target = caller.room().find(id);
  if (target == nullptr) throw Error{ErrorCode::not_found, "there is no participant '" + id + "'"};
  if (!index_of(caller.room(), id)) return;
  record(caller, target->identity().user_id);
  lower_one(caller.room(), id, json::value(caller.id()));
}

void Hands::lower_one(Room& room, std::string_view participant_id, const json::value& by) {
  const auto index = index_of(room, participant_id);
  if (!index) return;
  Queue& queue = queues_.at(&room);
  json::object told = queue.hands[*index].to_client(*index + 1);
  told["by"] = by;
  queue.hands.erase(queue.hands.begin() + static_cast<std::ptrdiff_t>(*index));
  renumber_soon(room, queue);
  if (Participant* const owner = room.find(participant_id)) owner->set_attribute(kAttribute, nullptr);
  room.broadcast("hand:lowered", std::move(told));
}

void Hands::lower_all(Participant& caller) {
  Room& room = caller.room();
  const auto queue = queues_.find(&room);
  if (queue == queues_.end() || queue->second.hands.empty()) return;
  const auto hands = std::exchange(queue->second.hands, {});
  record(caller, "all");
  for (const Hand& hand : hands) {
    if (Participant* const owner = room.find(hand.participant_id)) owner->set_attribute(kAttribute, nullptr);
  }
  room.broadcast("hand:lowered", json::object{{"participantId", "all"}, {"by", caller.id()}});
}

void Hands::lower_the_forbidden(Room& room) {
  const auto queue = queues_.find(&room);
  if (queue == queues_.end()) return;
  std::vector<std::string> forbidden;
  for (const Hand& hand : queue->second.hands) {
    const Participant* const owner = room.find(hand.participant_id);
    if (owner != nullptr && !owner->may(Permission::raise_hand)) forbidden.push_back(hand.participant_id);
  }
  for (const std::string& id : forbidden) lower_one(room, id, nullptr);
}

json::object Hands::list(Participant& caller, const ListHands& request) const {
  const auto queue = queues_.find(&caller.room());
  json::array page;
  if (queue == queues_.end()) return {{"hands", page}, {"total", 0}};
  const auto& hands = queue->second.hands;
  const std::size_t limit = std::min<std::size_t>(request.limit.value_or(kPage), kPage);
  for (std::size_t i = request.offset.value_or(0); i < hands.size() && page.size() < limit; ++i) {
    page.emplace_back(hands[i].to_client(i + 1));
  }
  return {{"hands", page}, {"total", hands.size()}};
}

void Hands::renumber_soon(Room& room, Queue& queue) {
  if (queue.renumbering || queue.hands.empty()) return;
  queue.renumbering = context_.host.timers().after(context_.options.renumber_ms, [this, &room] { renumber(room); });
}

void Hands::renumber(Room& room) {
  Queue& queue = queues_.at(&room);  // it goes when the room does, and its timer with it
  queue.renumbering = {};
  for (std::size_t i = 0; i < queue.hands.size(); ++i) {
    Hand& hand = queue.hands[i];
    Participant* const owner = room.find(hand.participant_id);
    if (owner != nullptr && hand.told_order != i + 1) show(*owner, hand, i + 1);
  }
}

void Hands::record(Participant& caller, std::string_view target) const {
  const Room& room = caller.room();
  const json::object details;
  context_.host.bus().publish(AuditEvent{.tenant = room.tenant(),
                                         .room_id = room.id(),
                                         .actor = caller.identity(),
                                         .action = "hand.lower",
                                         .target = target,
                                         .details = details});
}

}  // namespace sluice::engagement
