#pragma once

#include <span>

#include "quality/quality_desk.h"

namespace sluice::analytics {

/// All of a room in one: means of the figures, and the word of the participant in the middle (of two, the worse one's),
/// so that one bad line does not make a bad room, and many do.
[[nodiscard]] RoomQuality summarise(std::span<const ParticipantSample> participants) noexcept;

}  // namespace sluice::analytics
