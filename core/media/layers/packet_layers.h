#pragma once

#include <compare>
#include <cstdint>

namespace sluice {

/// How much of a producer is sent: of a simulcast `spatial` counts its encodings, of SVC the layers of its one stream.
/// Ordered by what people see: resolution first.
struct LayerPosition {
  std::uint8_t spatial = 0;
  std::uint8_t temporal = 0;
  friend constexpr auto operator<=>(LayerPosition, LayerPosition) noexcept = default;
};

/// As much as there is.
inline constexpr LayerPosition kEveryLayer{0xff, 0xff};
/// Of an SVC stream, and of temporal layers: what three bits of a payload descriptor can tell apart.
inline constexpr std::uint8_t kMaxLayers = 8;
inline constexpr std::uint8_t kTopLayer = kMaxLayers - 1;

/// The numbers by which a payload descriptor (VP8, VP9) names pictures, and where they stand in the payload: whoever
/// leaves pictures out or changes between encodings has to write others.
struct PictureNumbers {
  std::uint16_t id = 0;        ///< 7 or 15 bits
  std::uint8_t tl0_index = 0;  ///< counts pictures of the lowest temporal layer
  std::uint8_t id_at = 0;      ///< offset of `id` in the payload; 0: there is none
  std::uint8_t tl0_at = 0;     ///< as `id_at`
  bool long_id = false;        ///< 15 bits
  /// VP8: a picture that is left out must leave no gap. VP9 refers to pictures by their distance: there gaps stay.
  bool consecutive = false;
};

/// What is known of the frame that a packet belongs to: read from the dependency descriptor where there is one, else
/// from the payload. Small: it travels with every packet.
struct PacketLayers {
  std::uint8_t spatial = 0;  ///< of SVC; 0 in every encoding of a simulcast
  std::uint8_t temporal = 0;
  std::uint8_t spatial_layers = 1;  ///< of the stream, as far as it has told
  bool keyframe = false;            ///< the first packet of a key frame: a decoder can start here
  bool begins_frame = false;        ///< the first packet of the (spatial layer's) frame
  bool ends_frame = false;          ///< the last one
  bool ends_picture = false;        ///< the last one of all spatial layers of its moment: RTP's marker
  /// It needs nothing but the lowest temporal layer, VP8's Y: whoever has that may take it, and its layer from then on.
  bool needs_base_only = false;
  /// Whoever takes this frame may, from it on, take the temporal layers of its spatial layer up to this one: VP9's U,
  /// "switch" of the dependency descriptor. kTopLayer in key frames.
  std::uint8_t switches_temporal_to = 0;
  /// The same for spatial layers: kTopLayer in key pictures.
  std::uint8_t switches_spatial_to = 0;
  bool used_by_upper_spatial = true;  ///< false: of use to who shows just this layer (k-SVC between key pictures)
  bool described = false;             ///< by a dependency descriptor; the payload may be encrypted end to end
  PictureNumbers pictures{};          ///< always from the payload: of no use where that is encrypted
};

}  // namespace sluice
