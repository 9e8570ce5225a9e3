#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "sluice/contracts/room_stats.h"
#include "sluice/speakers.h"
#include "sluice/time.h"

namespace sluice::videoroom {

/// Who has been heard lately, whatever the pace at which the router tells it.
class Voices {
 public:
  static constexpr Duration kInterval = std::chrono::seconds{1};

  /// A microphone of the participant was heard.
  void hear(const std::string& participant_id, const SpeakerLevel& level);
  /// So much more has been listened to.
  void listened(Duration time) noexcept { interval_ += time; }
  void left(const std::string& participant_id) { heard_.erase(participant_id); }

  [[nodiscard]] bool empty() const noexcept { return heard_.empty(); }
  /// Whether kInterval has been listened to, as near as calls every `pace` can say.
  [[nodiscard]] bool due(Duration pace) const noexcept { return interval_ + pace / 2 >= kInterval; }
  /// Begins anew.
  [[nodiscard]] Voices take() noexcept { return std::exchange(*this, {}); }
  [[nodiscard]] Duration interval() const noexcept { return interval_; }
  /// Refers to the ids in here.
  [[nodiscard]] std::vector<Voice> voices() const;

 private:
  struct Heard {
    std::uint8_t minus_dbov = 127;
    bool voice = false;
  };
  std::map<std::string, Heard, std::less<>> heard_;  // by participant id
  Duration interval_{};
};

}  // namespace sluice::videoroom
