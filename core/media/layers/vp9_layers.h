#pragma once

#include <cstdint>

#include "core/base/byte_reader.h"
#include "core/media/layers/packet_layers.h"

namespace sluice {

/// Reads VP9's payload descriptor, RFC 9628 section 4.2, in flexible and in non-flexible mode, and remembers from the
/// scalability structure how many spatial layers there are.
class Vp9Layers {
 public:
  [[nodiscard]] PacketLayers read(Bytes payload, bool marker) noexcept;

 private:
  std::uint8_t spatial_layers_ = 1;
};

}  // namespace sluice
