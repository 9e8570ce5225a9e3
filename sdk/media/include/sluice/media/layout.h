#pragma once

#include <boost/describe/enum.hpp>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "sluice/media/codec.h"

namespace sluice::media {

enum class LayoutKind : std::uint8_t {
  grid,          ///< all alike
  speaker,       ///< the dominant speaker large, others in a strip
  presentation,  ///< the screen large, the speaker's camera in the corner; without a screen as `speaker`
};
BOOST_DESCRIBE_ENUM(LayoutKind, grid, speaker, presentation)

/// One participant's camera or screen in a scene. Cameras that are off stay as a tile with the name.
struct SceneSource {
  std::string id;     ///< of the frames; the participant's for a camera that is off
  std::string label;  ///< shown in the tile; empty: none
  bool screen = false;
  bool has_video = true;
  bool speaking = false;  ///< the dominant speaker, framed
  friend bool operator==(const SceneSource&, const SceneSource&) = default;
};

/// In pixels of the canvas; even, as 4:2:0 needs it.
struct Rect {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;
  friend constexpr bool operator==(const Rect&, const Rect&) noexcept = default;
};

/// Where one source is drawn; the later is drawn over the earlier.
struct Tile {
  std::size_t source = 0;  ///< index into the scene
  Rect place{};
  enum class Fit : std::uint8_t { contain, cover };
  Fit fit = Fit::cover;  ///< a screen is shown whole, a camera fills its tile
  friend constexpr bool operator==(const Tile&, const Tile&) noexcept = default;
};

/// Tiles lie within the canvas and do not overlap, but for the camera in a presentation's corner, which is the last.
/// A grid stands in the order of the scene: who speaks does not move it.
///
/// @param max_tiles  More sources than that are not shown: those that speak, and screens, come first, then the order of
///                   the scene. A strip shows 5, and 4 screens are shown side by side.
[[nodiscard]] std::vector<Tile> arrange(LayoutKind kind, std::span<const SceneSource> scene, Size canvas,
                                        std::size_t max_tiles = 25);

}  // namespace sluice::media
