#include "doors.h"

#include <chrono>

#include "policy.h"
#include "sluice/bus.h"
#include "sluice/contracts/meetings.h"

namespace sluice::waitingroom {

namespace {
/// How long a door that nobody uses may stay.
constexpr std::chrono::seconds kSweepInterval{10};
}  // namespace

void Doors::listen() {
  Bus& bus = context_.host.bus();
  bus.on<RoomCreated>([this](const RoomCreated& e) {
    if (Door* door = find(e.room)) door->review_soon();
  });
  bus.on<RoomPolicyChanged>([this](const RoomPolicyChanged& e) { policy_changed(e.room); });
  bus.on<UserExpected>([this](const UserExpected& e) {
    if (Door* door = find(e.room)) door->review_soon();
  });
  bus.on<ParticipantJoined>([this](const ParticipantJoined& e) { joined(e.participant); });
  bus.on<ParticipantReturned>([this](const ParticipantReturned& e) { joined(e.participant); });
  bus.on<ParticipantUpdated>([this](const ParticipantUpdated& e) { updated(e.participant); });
  bus.on<ParticipantLeft>([this](const ParticipantLeft& e) { left(e.participant, e.reason); });
  bus.on<RoomClosed>([this](const RoomClosed& e) { room_is_over(e.room.tenant(), e.room.id()); });
  bus.on<MeetingEnded>([this](const MeetingEnded& e) { room_is_over(e.meeting.tenant, e.meeting.room_id); });
  bus.on<MeetingDeleted>([this](const MeetingDeleted& e) { room_is_over(e.meeting.tenant, e.meeting.room_id); });
}

void Doors::knock(JoinRequest& request, AdmissionTicket ticket) {
  const std::string& tenant = request.client.identity().tenant;
  if (find(tenant, request.room_id) == nullptr) {
    const Room* const room = context_.rooms.find(tenant, request.room_id);
    if (!needs_admission(request, room, /*admitted_before=*/false, context_.options)) return ticket.allow();
  }
  make(tenant, request.room_id).knock(request, std::move(ticket));
}

void Doors::deny_everybody(Outcome outcome) {
  for (const auto& [key, door] : doors_) door->deny_all(Refusal::of(outcome));
}

void Doors::review_all() {
  for (const auto& [key, door] : doors_) door->review_soon();
}

Door* Doors::find(std::string_view tenant, std::string_view room_id) noexcept {
  const auto found = doors_.find(RoomKey{std::string{tenant}, std::string{room_id}});
  return found == doors_.end() ? nullptr : found->second.get();
}

Door& Doors::make(const std::string& tenant, const std::string& room_id) {
  auto& door = doors_[RoomKey{tenant, room_id}];
  if (door == nullptr) door = std::make_unique<Door>(context_, RoomKey{tenant, room_id});
  if (!sweep_) sweep_ = context_.host.timers().after(kSweepInterval, [this] { sweep(); });
  return *door;
}

void Doors::policy_changed(Room& room) {
  if (asks(room.policy(), context_.options)) {
    // Who is in the room when its door is closed need not knock when they come again.
    AdmittedUsers& admitted = make(room.tenant(), room.id()).admitted();
    for (const Participant* one : room.participants()) {
      if (comes_again(one->identity())) admitted.remember(one->identity().user_id);
    }
  }
  if (Door* door = find(room)) door->review_soon();
}

void Doors::joined(Participant& participant) {
  Room& room = participant.room();
  const Identity& identity = participant.identity();
  if (comes_again(identity) && asks(room.policy(), context_.options)) {
    make(room.tenant(), room.id()).admitted().remember(identity.user_id);
  }
  Door* const door = find(room);
  if (door != nullptr && may_decide(participant)) door->notices().decider_came(participant);
}

void Doors::updated(Participant& participant) {
  Door* const door = find(participant.room());
  if (door == nullptr) return;
  const bool decides = may_decide(participant);
  if (decides == door->notices().shows_to(participant)) return;
  if (decides) return door->notices().decider_came(participant);
  door->notices().decider_went(participant);
  door->review_soon();
}

void Doors::left(Participant& participant, std::string_view reason) {
  Door* const door = find(participant.room());
  if (door == nullptr) return;
  if (reason == "removed") door->admitted().forget(participant.identity().user_id);
  if (!may_decide(participant)) return;
  door->notices().decider_went(participant);
  door->review_soon();
}

void Doors::room_is_over(std::string_view tenant, std::string_view room_id) {
  Door* const door = find(tenant, room_id);
  if (door == nullptr) return;
  door->admitted().clear();
  door->deny_all(Refusal::of(Outcome::room_closed));
}

void Doors::sweep() {
  std::erase_if(doors_, [](const auto& entry) { return entry.second->idle(); });
  if (doors_.empty()) return sweep_.cancel();
  sweep_ = context_.host.timers().after(kSweepInterval, [this] { sweep(); });
}

}  // namespace sluice::waitingroom
