#pragma once

#include <compare>
#include <cstdint>
#include <optional>

#include "sluice/json.h"

/// Layers of video: the same picture in several resolutions and frame rates, of which every receiver gets one.
namespace sluice {

/// Counted from 0, the poorest. Of a simulcast `spatial` is the encoding's position among the producer's `encodings`,
/// of SVC (VP9, AV1) the spatial layer of its one stream.
struct MediaLayer {
  std::uint8_t spatial = 0;
  std::uint8_t temporal = 0;
  friend constexpr auto operator<=>(MediaLayer, MediaLayer) noexcept = default;
};
BOOST_DESCRIBE_STRUCT(MediaLayer, (), (spatial, temporal))

/// The most that a receiver wants. More than the producer sends means the best that it sends.
struct PreferredLayers {
  std::uint8_t spatial = 0;
  std::optional<std::uint8_t> temporal{};  ///< missing: the highest frame rate of the spatial layer
  friend constexpr bool operator==(const PreferredLayers&, const PreferredLayers&) noexcept = default;
};
BOOST_DESCRIBE_STRUCT(PreferredLayers, (), (spatial, temporal))

/// What keeps a receiver from a better picture now. A state, not a change: of several changes that come together only
/// the last is told, and it is enough to draw by.
enum class LayersReason : std::uint8_t {
  best,        ///< nothing: it is the best that the producer sends
  preference,  ///< set_preferred_layers() allows no more
  bandwidth,   ///< the receiver's path carries no more; without a current layer: not even the lowest
  source,      ///< the producer sends nothing: it is paused, muted, or has not begun
  paused,      ///< the consumer is paused
  last_n       ///< the room forwards the video of its last speakers only, and this is none of them
};
BOOST_DESCRIBE_ENUM(LayersReason, best, preference, bandwidth, source, paused, last_n)

struct LayersChange {
  std::optional<MediaLayer> current;  ///< what is sent; none: nothing is
  std::optional<MediaLayer> target;   ///< what will be sent from the next key frame or switching point on
  LayersReason reason = LayersReason::source;
  friend constexpr bool operator==(const LayersChange&, const LayersChange&) noexcept = default;
};
BOOST_DESCRIBE_STRUCT(LayersChange, (), (current, target, reason))

}  // namespace sluice
