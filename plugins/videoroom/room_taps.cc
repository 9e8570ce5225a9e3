#include "room_taps.h"

#include "publications.h"
#include "room_table.h"

namespace sluice::videoroom {

LiveRoom* RoomTaps::find(const Room& room) const noexcept {
  LiveRoom* found = rooms_.find(room.tenant(), room.id());
  return found == &room ? found : nullptr;
}

std::vector<PublishedTrack> RoomTaps::tracks(Room& room) {
  std::vector<PublishedTrack> out;
  const LiveRoom* live = find(room);
  if (live == nullptr) return out;
  for (const auto& [number, publication] : live->publications_by_age()) out.push_back(publication->track());
  return out;
}

std::unique_ptr<Tap> RoomTaps::tap(Room& room, const TapOptions& options) {
  LiveRoom* live = find(room);
  if (live == nullptr || live->find_publication(options.producer_id) == nullptr) {
    throw Error{ErrorCode::not_found, "there is no such producer in this room"};
  }
  return live->router().tap(options);
}

Participant* RoomTaps::dominant_speaker(Room& room) {
  const LiveRoom* live = find(room);
  return live == nullptr ? nullptr : live->dominant_speaker();
}

}  // namespace sluice::videoroom
