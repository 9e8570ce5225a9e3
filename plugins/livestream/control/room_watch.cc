#include "control/room_watch.h"

#include <algorithm>
#include <utility>

#include "control/control.h"
#include "control/stream_plan.h"
#include "sluice/bus.h"
#include "sluice/contracts/room_actor.h"
#include "sluice/log.h"

namespace sluice::livestream {

RoomWatch::RoomWatch(Context& context, Streams& streams)
    : context_{context},
      streams_{streams},
      newcomers_{context.host.timers(), context.rooms, [this](Participant& one) {
                   if (const LiveStream* const stream = streams_.find(one.room())) {
                     one.send("stream:started", StreamNews::started(*stream));
                   }
                 }} {}

void RoomWatch::listen() {
  Bus& bus = context_.host.bus();
  bus.on<RoomCreated>([this](const RoomCreated& e) { begin_soon(e.room); });
  bus.on<ParticipantJoined>([this](const ParticipantJoined& e) { came(e.participant); });
  bus.on<ParticipantReturned>([this](const ParticipantReturned& e) {
    if (streams_.find(e.participant.room()) != nullptr) newcomers_.tell_soon(e.participant);
  });
  bus.on<RoomClosed>([this](const RoomClosed& e) {
    if (LiveStream* const stream = streams_.find(e.room)) streams_.stop(*stream, {}, "room_closed");
  });
  // The participants have begun to encrypt for each other, or the feature was switched off.
  bus.on<RoomPolicyChanged>([this](const RoomPolicyChanged& e) {
    if (!is_forbidden(e.room, Permission::stream)) return;
    if (LiveStream* const stream = streams_.find(e.room)) streams_.stop(*stream, {}, "forbidden");
  });
  for (const Room* room : context_.rooms.all()) begin_soon(*room);
}

void RoomWatch::came(Participant& participant) {
  Room& room = participant.room();
  if (room.size() == 1) begin_soon(room);  // it has stopped when all had left
  if (streams_.find(room) != nullptr) newcomers_.tell_soon(participant);
}

const StreamSettings* RoomWatch::settings_of(const Room& room) const noexcept {
  const auto& all = context_.options.streams;
  const auto found = std::ranges::find_if(
      all, [&room](const auto& one) { return one.room == room.id() && one.tenant == room.tenant(); });
  return found == all.end() ? nullptr : &*found;
}

// Who opens the room has not said yet all that holds in it.
void RoomWatch::begin_soon(const Room& room) {
  if (settings_of(room) == nullptr) return;
  opening_.emplace(room.tenant(), room.id());
  if (!beginning_) beginning_ = context_.host.timers().after(Duration::zero(), [this] { begin_waiting(); });
}

void RoomWatch::begin_waiting() {
  beginning_ = {};
  for (const auto& [tenant, id] : std::exchange(opening_, {})) {
    Room* const room = context_.rooms.find(tenant, id);
    const StreamSettings* const settings = room == nullptr ? nullptr : settings_of(*room);
    if (settings == nullptr || streams_.find(*room) != nullptr) continue;
    if (!is_forbidden(*room, Permission::stream)) begin(*room, *settings);
  }
}

void RoomWatch::begin(Room& room, const StreamSettings& settings) {
  try {
    streams_.start(room, choose_plan(context_.options, settings, title_of(context_, room)), {});
  } catch (const Error& error) {
    context_.host.log().warning("a stream of the configuration does not begin",
                                {{"room", room.id()}, {"error", error.what()}});
  }
}

}  // namespace sluice::livestream
