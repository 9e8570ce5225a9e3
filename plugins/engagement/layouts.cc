#include "layouts.h"

#include <utility>

#include "context.h"
#include "sluice/bus.h"

namespace sluice::engagement {

namespace {

json::object updated(Layout layout, Scope scope, const std::string& by) {
  return {{"layout", to_json(layout)}, {"scope", to_json(scope)}, {"by", by}};
}

}  // namespace

void Layouts::listen() {
  Bus& bus = context_.host.bus();
  bus.on<ParticipantJoined>([this](const ParticipantJoined& e) { tell_soon(e.participant); });
  bus.on<ParticipantReturned>([this](const ParticipantReturned& e) { tell_soon(e.participant); });
  bus.on<ParticipantLeft>([this](const ParticipantLeft& e) { selves_.erase(e.participant.id()); });
  bus.on<RoomClosed>([this](const RoomClosed& e) { rooms_.erase(&e.room); });
}

void Layouts::update(Participant& caller, const UpdateLayout& request) {
  json::object told = updated(request.layout, request.scope, caller.id());
  if (request.scope == Scope::self) {
    selves_[caller.id()] = request.layout;
    return caller.send("layout:updated", std::move(told));
  }
  caller.demand(Permission::set_layout);
  rooms_[&caller.room()] = Chosen{request.layout, caller.id()};
  caller.room().broadcast("layout:updated", std::move(told));
}

void Layouts::tell_soon(Participant& participant) {
  Room& room = participant.room();
  if (!rooms_.contains(&room) && !selves_.contains(participant.id())) return;
  newcomers_.push_back({room.tenant(), room.id(), participant.id()});
  // Its client has not heard yet that it is in.
  if (!telling_) telling_ = context_.host.timers().after(Duration::zero(), [this] { tell_newcomers(); });
}

void Layouts::tell_newcomers() {
  telling_ = {};
  for (const Newcomer& one : std::exchange(newcomers_, {})) {
    Room* const room = context_.rooms.find(one.tenant, one.room_id);
    Participant* const participant = room == nullptr ? nullptr : room->find(one.participant_id);
    if (participant == nullptr) continue;
    const auto of_room = rooms_.find(room);
    const auto of_self = selves_.find(one.participant_id);
    if (of_room != rooms_.end()) {
      participant->send("layout:updated", updated(of_room->second.layout, Scope::room, of_room->second.by));
    }
    if (of_self != selves_.end()) {
      participant->send("layout:updated", updated(of_self->second, Scope::self, one.participant_id));
    }
  }
}

}  // namespace sluice::engagement
