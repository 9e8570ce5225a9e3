#pragma once

#include <vector>

#include "sluice/contracts/room_stats.h"

namespace sluice::videoroom {

class LiveRoom;
class RoomTable;

/// The service `sluice.room-stats`. Of a room that is being closed nothing is told any more.
class RoomStatsService final : public RoomStats {
 public:
  explicit RoomStatsService(RoomTable& rooms) noexcept : rooms_{rooms} {}

  void collect(Room& room, Function<void(std::vector<ParticipantMediaStats>)> callback) override;

 private:
  RoomTable& rooms_;
};

/// What a router has told, by participant: eldest first. Who has come since has no statistics, and those of who has
/// gone are dropped.
[[nodiscard]] std::vector<ParticipantMediaStats> by_participant(const LiveRoom& room, RouterStats stats);

}  // namespace sluice::videoroom
