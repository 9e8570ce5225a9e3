#pragma once

#include <utility>

#include "core/base/byte_reader.h"
#include "core/media/layers/packet_layers.h"

namespace sluice {

/// Reads AV1's aggregation header. Layers are told by the dependency descriptor alone, which senders of AV1 send.
class Av1Layers {
 public:
  // AV1 RTP payload specification, section 4.4:
  //   0 1 2 3 4 5 6 7
  //  +-+-+-+-+-+-+-+-+
  //  |Z|Y| W |N|-|-|-|
  //  +-+-+-+-+-+-+-+-+
  // N: first packet of a coded video sequence, which begins with a key frame. Z: continues an OBU of the packet before;
  // with N set it must be 0.
  [[nodiscard]] PacketLayers read(Bytes payload, bool marker) noexcept {
    const bool continues = payload.empty() || (payload[0] & 0x80) != 0;
    const bool begins = std::exchange(after_marker_, marker) && !continues;
    const bool keyframe = payload.size() > 1 && (payload[0] & 0x88) == 0x08;
    return {.keyframe = keyframe,
            .begins_frame = begins || keyframe,
            .ends_frame = marker,
            .ends_picture = marker,
            .switches_temporal_to = keyframe ? kTopLayer : std::uint8_t{0},
            .switches_spatial_to = keyframe ? kTopLayer : std::uint8_t{0}};
  }

 private:
  bool after_marker_ = true;
};

}  // namespace sluice
