#include "capture_events.h"

#include <algorithm>
#include <utility>

namespace sluice::recording {
namespace {

template <class Event>
const Room& room_of(const Event& event) {
  if constexpr (requires { event.room; }) {
    return event.room;
  } else {
    return event.participant.room();
  }
}

}  // namespace

template <class Event, class Handle>
void CaptureEvents::on(Bus& bus, Handle handle) {
  bus.on<Event>([weak = std::weak_ptr{entries_}, handle](const Event& event) {
    const auto entries = weak.lock();
    if (entries == nullptr) return;
    const Room& room = room_of(event);
    const Entries now = *entries;  // a listener may come or go meanwhile
    for (const Entry& entry : now) {
      if (entry.room != &room) continue;
      const bool there = std::ranges::find(*entries, entry.listener, &Entry::listener) != entries->end();
      if (there) handle(*entry.listener, event);
    }
  });
}

void CaptureEvents::subscribe(Bus& bus) {
  if (std::exchange(bus_, &bus) == &bus) return;
  on<TrackPublished>(bus, [](Listener& one, const TrackPublished& event) { one.on_published(event.track); });
  on<TrackChanged>(bus, [](Listener& one, const TrackChanged& event) { one.on_changed(event.track); });
  on<TrackEnded>(bus, [](Listener& one, const TrackEnded& event) { one.on_ended(event.track); });
  on<SpeakerChanged>(bus, [](Listener& one, const SpeakerChanged& event) { one.on_speaker(event.participant_id); });
  on<ParticipantJoined>(bus, [](Listener& one, const ParticipantJoined& event) { one.on_joined(event.participant); });
  on<ParticipantLeft>(bus, [](Listener& one, const ParticipantLeft& event) { one.on_left(event.participant); });
  on<RoomClosed>(bus, [](Listener& one, const RoomClosed&) { one.on_room_closed(); });
}

void CaptureEvents::add(const Room& room, Listener& listener) { entries_->push_back({&room, &listener}); }

void CaptureEvents::remove(const Listener& listener) noexcept {
  std::erase_if(*entries_, [&](const Entry& entry) { return entry.listener == &listener; });
}

}  // namespace sluice::recording
