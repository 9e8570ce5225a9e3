#pragma once

#include <memory>
#include <vector>

#include "sluice/contracts/media_taps.h"

namespace sluice::videoroom {

class LiveRoom;
class RoomTable;

/// The service `sluice.media-taps`: what is published in the rooms, for plugins that read it. A room that is being
/// closed has nothing any more.
class RoomTaps final : public MediaTaps {
 public:
  explicit RoomTaps(RoomTable& rooms) noexcept : rooms_{rooms} {}

  [[nodiscard]] std::vector<PublishedTrack> tracks(Room& room) override;
  [[nodiscard]] std::unique_ptr<Tap> tap(Room& room, const TapOptions& options) override;
  [[nodiscard]] Participant* dominant_speaker(Room& room) override;

 private:
  [[nodiscard]] LiveRoom* find(const Room& room) const noexcept;

  RoomTable& rooms_;
};

}  // namespace sluice::videoroom
