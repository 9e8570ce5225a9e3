#pragma once

#include <cstdint>

#include "core/base/byte_reader.h"
#include "core/media/layers/packet_layers.h"

namespace sluice {

/// Reads the NAL units of RFC 6184: single, in a STAP-A, or in the first packet of an FU-A.
///
/// A key frame begins with a sequence parameter set or an IDR slice. Temporal layers are known where the encoder writes
/// prefix NAL units (type 14) or slices of type 20 (H.264 annex G; RFC 6190 section 1.1.3); plain H.264 does not say.
/// Nothing there tells switching points: who left layers out takes them again at a key frame.
class H264Layers {
 public:
  [[nodiscard]] PacketLayers read(Bytes payload, bool marker) noexcept;

 private:
  bool after_marker_ = true;   // the packet before ended a frame
  std::uint8_t temporal_ = 0;  // of the frame under way
};

}  // namespace sluice
