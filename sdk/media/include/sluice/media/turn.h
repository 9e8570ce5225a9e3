#pragma once

#include <cstdint>
#include <optional>

namespace sluice::media {

class VideoFrame;

/// How far a picture is turned clockwise to be shown upright.
enum class Turn : std::uint8_t { none, quarter, half, three_quarters };

[[nodiscard]] constexpr int degrees_of(Turn turn) noexcept { return 90 * static_cast<int>(turn); }
/// Nothing where that is none of the four.
[[nodiscard]] constexpr std::optional<Turn> turn_by(int degrees) noexcept {
  if (degrees < 0 || degrees > 270 || degrees % 90 != 0) return std::nullopt;
  return static_cast<Turn>(degrees / 90);
}

/// A picture of its own, or the same one where there is nothing to turn. Throws MediaError where there is no memory.
[[nodiscard]] VideoFrame turned(const VideoFrame& picture, Turn turn);

}  // namespace sluice::media
