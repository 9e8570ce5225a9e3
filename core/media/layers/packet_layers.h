#pragma once

#include <compare>
#include <cstdint>
#include <optional>

namespace sluice {

/// How much of a producer is sent: of a simulcast `spatial` counts its encodings, of SVC the layers of its one stream.
/// Ordered by what people see: resolution first.
struct LayerPosition {
  std::uint8_t spatial = 0;
  std::uint8_t temporal = 0;
  friend constexpr auto operator<=>(LayerPosition, LayerPosition) noexcept = default;
};

/// What is known of the frame that a packet belongs to: read from the dependency descriptor where there is one, else
/// from the payload. Small: it travels with every packet.
struct PacketLayers {
  std::uint8_t spatial = 0;  ///< of SVC; 0 in every encoding of a simulcast
  std::uint8_t temporal = 0;
  bool keyframe = false;      ///< the first packet of a key frame: a decoder can start here
  bool begins_frame = false;  ///< the first packet of the (spatial layer's) frame
  bool ends_frame = false;    ///< the last one
  bool ends_picture = false;  ///< the last one of all spatial layers of its moment: RTP's marker
  /// From this frame on its temporal layer may be taken by who had only lower ones: VP8's Y, VP9's U, "switch" of the
  /// dependency descriptor.
  bool switches_up = false;
  /// Nothing of the same spatial layer before it is needed: the upper layer of a key picture, an intra or purely
  /// inter-layer predicted frame. Who had only lower spatial layers may take it from here.
  bool switches_spatial_up = false;
  bool used_by_upper_spatial = true;  ///< false: of use to who shows just this layer (k-SVC between key pictures)
  std::optional<std::uint16_t> picture_id{};  ///< VP8, VP9: as it stands there, 7 or 15 bits
};

}  // namespace sluice
