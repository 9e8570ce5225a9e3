#include "feed/room_changes.h"

#include <type_traits>
#include <utility>

namespace sluice::livestream {
namespace {

template <class Event>
const Room& room_in(const Event& event) {
  if constexpr (requires { event.participant; }) {
    return event.participant.room();
  } else {
    return event.room;
  }
}

}  // namespace

template <class Event>
void RoomChanges::mark_on(Bus& bus) {
  bus.on<Event>([weak = std::weak_ptr{watched_}](const Event& event) {
    const auto watched = weak.lock();
    if (watched == nullptr) return;
    for (const auto& one : *watched) {
      const auto change = one.lock();
      if (change == nullptr || change->closed || change->room != &room_in(event)) continue;
      change->changed = true;
      change->closed = std::is_same_v<Event, RoomClosed>;
    }
  });
}

void RoomChanges::subscribe(Bus& bus) {
  if (std::exchange(bus_, &bus) == &bus) return;
  mark_on<ParticipantJoined>(bus);
  mark_on<ParticipantLeft>(bus);
  mark_on<ParticipantUpdated>(bus);
  mark_on<ParticipantReturned>(bus);
  mark_on<TrackPublished>(bus);
  mark_on<TrackChanged>(bus);
  mark_on<TrackEnded>(bus);
  mark_on<SpeakerChanged>(bus);
  mark_on<RoomClosed>(bus);
}

std::shared_ptr<RoomChange> RoomChanges::watch(const Room& room) {
  std::erase_if(*watched_, [](const auto& one) { return one.expired(); });
  auto change = std::make_shared<RoomChange>(RoomChange{.room = &room});
  watched_->push_back(change);
  return change;
}

}  // namespace sluice::livestream
