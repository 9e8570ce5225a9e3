#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "sluice/contracts/rooms.h"
#include "sluice/json.h"
#include "sluice/time.h"

/// How it is for one participant in one second: what the parts of the plugin hand to each other.
namespace sluice::analytics {

/// How good a connection is, in the words that people see. docs/connection-quality.md has the bounds.
enum class Grade : std::uint8_t { poor, fair, good, excellent };
BOOST_DESCRIBE_ENUM(Grade, poor, fair, good, excellent)

/// One participant, one second. What is not known is missing: nothing is published, no report has come yet. `up` is
/// from the participant to us, `down` from us to it.
struct QualitySample {
  std::optional<double> round_trip_ms{};
  std::optional<double> jitter_ms{};  ///< of the sound that it sends, and that it says it receives: the worse one
  std::optional<double> loss_up{};    ///< 0 to 1, before retransmissions
  std::optional<double> loss_down{};
  std::int64_t up_bps = 0;
  std::int64_t down_bps = 0;
  std::optional<int> width{};  ///< of the largest video that it receives, by its own report
  std::optional<int> height{};
  std::optional<double> frames_per_second{};
  std::optional<int> freezes{};       ///< new ones in this second, by its own report
  std::optional<double> frozen_ms{};  ///< of this second
  std::optional<double> mos{};        ///< 1 to 4.5 of what it hears and how it is heard: the worse one (E-model)
  std::optional<Grade> grade{};
};

struct ParticipantSample {
  std::string participant_id;
  QualitySample quality;
};

/// All of a room, one second.
struct RoomSample {
  Room& room;
  WallTime at;
  std::span<const ParticipantSample> participants;
};

}  // namespace sluice::analytics
