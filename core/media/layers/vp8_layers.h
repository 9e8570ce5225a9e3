#pragma once

#include "core/base/byte_reader.h"
#include "core/media/layers/packet_layers.h"

namespace sluice {

/// Reads VP8's payload descriptor, RFC 7741 section 4.2. What cannot be read is the middle of a frame of no layers.
class Vp8Layers {
 public:
  [[nodiscard]] PacketLayers read(Bytes payload, bool marker) const noexcept;
};

}  // namespace sluice
