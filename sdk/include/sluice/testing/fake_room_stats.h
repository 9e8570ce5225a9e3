#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "sluice/contracts/room_stats.h"

namespace sluice::testing {

/// Statistics that the test writes down, by room id.
class FakeRoomStats final : public RoomStats {
 public:
  void collect(Room& room, Function<void(std::vector<ParticipantMediaStats>)> callback) override {
    ++questions;
    const auto found = stats.find(room.id());
    waiting_.emplace_back(found == stats.end() ? std::vector<ParticipantMediaStats>{} : found->second,
                          std::move(callback));
  }
  /// The workers answer what was asked until now.
  void answer() {
    for (auto& [answer, callback] : std::exchange(waiting_, {})) callback(std::move(answer));
  }

  std::map<std::string, std::vector<ParticipantMediaStats>, std::less<>> stats;
  int questions = 0;

 private:
  std::vector<std::pair<std::vector<ParticipantMediaStats>, Function<void(std::vector<ParticipantMediaStats>)>>>
      waiting_;
};

}  // namespace sluice::testing
